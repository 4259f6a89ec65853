"""Every edge of the published schema, and a way to it from something that can be asked for."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    is_composite_type,
)

from pinmark.graphql import schema
from tests.support.access.declarations import is_an_edge
from tests.support.access.rules import FIELDS, NODES

PUBLISHED = build_schema(schema.as_str())
ROOTS = {"Query", "Mutation", "Subscription"}
PAGES = ("Connection", "Edge", "PageInfo")

PROMPT, DATASET = "agentmark/triage.prompt.mdx", "agentmark/tickets.jsonl"
VARIANTS: dict[str, dict[str, tuple[str, str]]] = {
    "App.environment": {"": ('(name: "staging")', "environment.read?")},
    "Environment.file": {
        "prompt": (f'(path: "{PROMPT}")', "template.read@environment!"),
        "dataset": (f'(path: "{DATASET}")', "dataset.read@environment!"),
    },
    "Environment.versionAt": {"": ("(time: $moment)", "parent")},
    "Comparison.fileDiff": {
        "prompt": (f'(path: "{PROMPT}")', "template.read@pair!"),
        "dataset": (f'(path: "{DATASET}")', "dataset.read@pair!"),
    },
}
"""The arguments of fields that need some, and what each takes then."""


@dataclass(frozen=True)
class Step:
    """One field on the way, with its arguments."""

    type: str
    field: str
    arguments: str
    rule: str
    leads_on: bool
    label: str = ""

    @property
    def text(self) -> str:
        return f"{self.field}{self.arguments}"

    @property
    def name(self) -> str:
        return f"{self.type}.{self.field}" + (f" of a {self.label}" if self.label else "")


Path = tuple[Step, ...]


def payloads() -> set[str]:
    """The types that only acts answer with."""
    unions = (kind for kind in PUBLISHED.type_map.values() if isinstance(kind, GraphQLUnionType))
    return {member.name for union in unions for member in union.types}


def objects() -> dict[str, GraphQLObjectType]:
    """The types of things, each of whose edges is asked for."""
    left_out = payloads() | ROOTS
    return {
        name: kind
        for name, kind in PUBLISHED.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(PAGES)
        and name not in left_out
    }


def target_of(field: GraphQLField) -> GraphQLNamedType:
    """The type that a field leads to, of a list the type of its items."""
    kind: Any = getattr(field, "type")  # noqa: B009  # its union refers to itself
    return PUBLISHED.type_map[str(kind).strip("[]!")]


def steps_of(kind: GraphQLObjectType) -> Iterator[Step]:
    """The edges of a type, one for each way of asking."""
    for name, field in kind.fields.items():
        composite = is_composite_type(target_of(field))
        if not (composite or is_an_edge(schema, kind.name, name)):
            continue
        dotted = f"{kind.name}.{name}"
        plain = ("(first: 1)" if "first" in field.args else "", FIELDS.get(dotted, "parent"))
        for label, (arguments, rule) in VARIANTS.get(dotted, {"": plain}).items():
            yield Step(kind.name, name, arguments, rule, composite, label)


def entered(field: GraphQLField, rule: str) -> tuple[str, Path]:
    """The type that a field leads to; through the nodes of a page, if it is one.

    What is not there to be seen is left out of the nodes.
    """
    target = target_of(field)
    if not isinstance(target, GraphQLObjectType) or not target.name.endswith("Connection"):
        return target.name, ()
    inner = target_of(target.fields["nodes"])
    return inner.name, (Step(target.name, "nodes", "", rule, leads_on=True),)


def ways(starts: dict[str, Path]) -> dict[str, Path]:
    """The shortest way to each type from those that are there at the start."""
    known, kinds = dict(starts), objects()
    waiting = deque(starts)
    while waiting:
        kind = kinds[name := waiting.popleft()]
        for step in steps_of(kind):
            target, inside = entered(kind.fields[step.field], step.rule)
            if step.leads_on and target in kinds and target not in known:
                known[target] = (*known[name], step, *inside)
                waiting.append(target)
    return known


def edges_from(*starts: str) -> dict[str, list[Path]]:
    """Every edge that is reached first from one of these types, by that type.

    Every edge of everything is reached from one of them, or is an event's.
    """
    found = ways({start: () for start in starts})
    kinds = objects()
    edges: dict[str, list[Path]] = {start: [] for start in starts}
    for name, way in found.items():
        origin = way[0].type if way else name
        edges[origin] += [(*way, *_to_the_end(kinds[name], step)) for step in steps_of(kinds[name])]
    return edges


def _to_the_end(kind: GraphQLObjectType, step: Step) -> Path:
    """The step; and on to what is left in a list, where that tells whether it was seen."""
    return (step, *entered(kind.fields[step.field], step.rule)[1]) if "?" in step.rule else (step,)


EVENTS = {"AppEvent", "DeploymentEvent", "BuildLogChunk", "RuntimeLogChunk"}
STARTS = (*NODES, "Comparison", "Viewer")
EDGES = edges_from(*STARTS)
