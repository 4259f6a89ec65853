"""Random valid documents over a schema, with variables for them, by a seed."""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportUnknownLambdaType=false

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_leaf_type,
    is_required_argument,
    parse,
    validate,
)

DEEPEST = 5

Words = Mapping[str, Sequence[str]]
"""What to say where a scalar of a name is asked for."""
NO_WORDS: Words = MappingProxyType({})


@dataclass
class RandomDocument:
    """A document and what to run it with."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])


class Writer:
    """Writes one document; what it says is drawn from ``random``."""

    def __init__(self, schema: GraphQLSchema, chance: random.Random, words: Words) -> None:
        self._schema = schema
        self._words = words
        self._chance = chance
        self._variables: dict[str, tuple[str, Any]] = {}
        self._fragments: dict[str, str] = {}
        self._aliases = 0
        self._room = chance.choice((4, 10, 25))

    def write(self, kind: str) -> RandomDocument:
        roots = {
            "query": self._schema.query_type,
            "mutation": self._schema.mutation_type,
            "subscription": self._schema.subscription_type,
        }
        root = roots[kind]
        assert root is not None
        alone = kind == "subscription"  # which has one field
        body = f"{{ {self._field(root, 0)} }}" if alone else self._set(root, 0)
        declared = ", ".join(f"${name}: {type}" for name, (type, _) in self._variables.items())
        head = f"{kind} Random{f'({declared})' if declared else ''}"
        text = "\n".join([f"{head} {body}", *self._fragments.values()])
        values = {
            name: value for name, (_, value) in self._variables.items() if value is not LEFT_OUT
        }
        return RandomDocument(text, values)

    def _set(self, type: Any, depth: int) -> str:
        count = self._chance.randint(1, 4)
        parts = [self._selection(type, depth) for _ in range(count)]
        return "{ " + " ".join(parts) + " }"

    def _selection(self, type: Any, depth: int) -> str:
        draw = self._chance.random()
        if depth < DEEPEST and draw < 0.15:
            return self._inline(type, depth)
        if depth < DEEPEST and draw < 0.3:
            return f"...{self._fragment(type, depth)}{self._switch()}"
        if draw < 0.37 or not hasattr(type, "fields"):
            return f"{self._alias()}__typename{self._switch()}"
        return self._field(type, depth)

    def _inline(self, type: Any, depth: int) -> str:
        if self._chance.random() < 0.3:
            return f"...{self._switch()} {self._set(type, depth + 1)}"
        narrowed = self._overlapping(type)
        return f"... on {narrowed.name}{self._switch()} {self._set(narrowed, depth + 1)}"

    def _fragment(self, type: Any, depth: int) -> str:
        known = [name for name in self._fragments if name.startswith(f"Of{type.name}_")]
        if known and self._chance.random() < 0.4:
            return self._chance.choice(known)
        narrowed = self._overlapping(type)
        body = self._set(narrowed, depth + 1)
        name = f"Of{type.name}_{len(self._fragments)}"
        self._fragments[name] = f"fragment {name} on {narrowed.name} {body}"
        return name

    def _overlapping(self, type: Any) -> Any:
        choices: list[Any] = [type]
        if is_abstract_type(type):
            choices.extend(self._schema.get_possible_types(type))
        choices.extend(
            each
            for each in self._schema.type_map.values()
            if is_interface_type(each) and type in self._schema.get_possible_types(each)
        )
        return self._chance.choice(choices)

    def _field(self, type: Any, depth: int) -> str:
        fields = [
            (name, each)
            for name, each in type.fields.items()
            if (depth < DEEPEST and self._room > 0) or is_leaf_type(_named(each.type))
        ]
        if not fields:
            return "__typename"
        self._room -= 1
        name, definition = self._chance.choice(fields)
        inner = _named(definition.type)
        body = f" {self._set(inner, depth + 1)}" if is_composite_type(inner) else ""
        arguments = self._arguments(definition.args)
        return f"{self._alias(always=bool(arguments))}{name}{arguments}{self._switch()}{body}"

    def _alias(self, *, always: bool = False) -> str:
        """Mostly none, so that fields are merged; other arguments need another name."""
        if not always and self._chance.random() > 0.15:
            return ""
        self._aliases += 1
        return f"a{self._aliases}: "

    def _switch(self) -> str:
        if self._chance.random() > 0.15:
            return ""
        name = self._chance.choice(("skip", "include"))
        if self._chance.random() < 0.3:
            return f" @{name}(if: {self._chance.choice(('true', 'false'))})"
        variable = self._chance.choice(("on", "off", "either"))
        value = {"on": True, "off": False}.get(variable, self._chance.random() < 0.5)
        self._variables.setdefault(variable, ("Boolean!", value))
        return f" @{name}(if: ${variable})"

    def _arguments(self, arguments: dict[str, GraphQLArgument]) -> str:
        given = [
            f"{name}: {self._value(each.type)}"
            for name, each in arguments.items()
            if is_required_argument(each) or self._chance.random() < 0.4
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, type: Any) -> str:
        if self._chance.random() < 0.4:
            return self._variable(type)
        return self._literal(type)

    def _variable(self, type: Any) -> str:
        name = f"v{len(self._variables)}"
        declared = str(type)
        value: Any = self._json(type)
        if not isinstance(type, GraphQLNonNull) and self._chance.random() < 0.3:
            value = LEFT_OUT
        elif self._chance.random() < 0.04:
            value = self._chance.choice((2**40, "junk", [], {"no": 1}, None))
        if not isinstance(type, GraphQLNonNull) and self._chance.random() < 0.3:
            declared = f"{declared} = {self._literal(type, constant=True)}"
        self._variables[name] = (declared, value)
        return f"${name}"

    def _literal(
        self, type: Any, *, constant: bool = False, depth: int = 0, null: bool = True
    ) -> str:
        chance = self._chance
        if isinstance(type, GraphQLNonNull):
            return self._literal(type.of_type, constant=constant, depth=depth, null=False)
        if null and chance.random() < 0.1:
            return "null"
        if isinstance(type, GraphQLList):
            items = [
                self._literal(type.of_type, constant=constant, depth=depth)
                for _ in range(chance.randint(0, 2))
            ]
            return f"[{', '.join(items)}]"
        if isinstance(type, GraphQLEnumType):
            return chance.choice(list(type.values))
        if isinstance(type, GraphQLInputObjectType):
            parts = [
                f"{name}: {self._literal(each.type, constant=constant, depth=depth + 1)}"
                for name, each in type.fields.items()
                if (isinstance(each.type, GraphQLNonNull) and each.default is None)
                or (depth < 2 and chance.random() < 0.4)
            ]
            return "{" + ", ".join(parts) + "}"
        if type.name in self._words:
            return json.dumps(chance.choice(self._words[type.name]))
        return LITERALS.get(type.name, lambda _: '"x"')(chance)

    def _json(self, type: Any, depth: int = 0) -> Any:
        chance = self._chance
        if isinstance(type, GraphQLNonNull):
            return self._json(type.of_type, depth)
        if chance.random() < 0.1:
            return None if depth == 0 else "x"
        if isinstance(type, GraphQLList):
            return [self._json(type.of_type, depth) for _ in range(chance.randint(0, 2))]
        if isinstance(type, GraphQLEnumType):
            return chance.choice(list(type.values))
        if isinstance(type, GraphQLInputObjectType):
            return {
                name: self._json(each.type, depth + 1)
                for name, each in type.fields.items()
                if (isinstance(each.type, GraphQLNonNull) and each.default is None)
                or (depth < 2 and chance.random() < 0.4)
            }
        if type.name in self._words:
            return chance.choice(self._words[type.name])
        return VALUES.get(type.name, lambda _: "x")(chance)


LEFT_OUT: Any = object()
LITERALS: dict[str, Any] = {
    "Int": lambda chance: str(chance.randint(-2, 5)),
    "Float": lambda chance: str(chance.random()),
    "Boolean": lambda chance: chance.choice(("true", "false")),
    "BigInt": lambda chance: str(chance.choice((1, 2**60))),
    "DateTime": lambda chance: '"2026-01-01T00:00:00Z"',
}
VALUES: dict[str, Any] = {
    "Int": lambda chance: chance.randint(-2, 5),
    "Float": lambda chance: chance.random(),
    "Boolean": lambda chance: chance.random() < 0.5,
    "BigInt": lambda chance: chance.choice((1, 2**60)),
    "DateTime": lambda chance: "2026-01-01T00:00:00Z",
}


def _named(type: Any) -> Any:
    while isinstance(type, GraphQLNonNull | GraphQLList):
        type = type.of_type  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return type  # pyright: ignore[reportUnknownVariableType]


def random_document(
    schema: GraphQLSchema, seed: str, kind: str = "query", words: Words = NO_WORDS
) -> RandomDocument:
    """A document that is valid; what was drawn and is not is drawn again."""
    chance = random.Random(seed)
    while True:
        document = Writer(schema, chance, words).write(kind)
        if not validate(schema, parse(document.text)):
            return document
