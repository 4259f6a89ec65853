"""What a document may ask for, weighed before anything works on it."""

from collections.abc import Generator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from pinmark.document_shape import check_fragments, check_shape, fragments_of
from schema.context import Context
from services.comparing.diff import MAXIMUM_SHOWN
from services.paging import DEFAULT_PAGE, MAXIMUM_PAGE

MAXIMUM_COST = 50_000
LARGEST_NUMBER = 2**53 - 1  # that every JSON reader can tell from the next
LISTS = frozenset(
    {
        "accessTokens",
        "apiKeys",
        "appAccess",
        "apps",
        "auditLog",
        "commits",
        "customRoles",
        "deletedEnvironments",
        "deployments",
        "environments",
        "files",
        "invitations",
        "members",
        "serviceTokens",
        "sessions",
        "timeline",
        "variables",
    }
)
"""The fields that answer a page; a test keeps this equal to the schema."""
PAGE_SIZES = frozenset({"first", "last"})
"""The arguments that say how large a page is."""
DIFFERENCE = "hunks"
"""The field that answers a file's difference: as many items as that may have lines."""
WEIGHTS = {"content": 1_000, "rowCount": 100}
"""Leaves that are read from files, and what each counts as; a test keeps them in the schema."""

DESCRIBED = {
    "types": 50,
    "fields": 5,
    "args": 2,
    "inputFields": 3,
    "enumValues": 3,
    "possibleTypes": 3,
    "interfaces": 1,
}
"""The lists of the schema's description of itself, and how many items each counts as; a test keeps
their names from being those of other fields.
"""

Variables = Mapping[str, Any]


class CostLimiter(SchemaExtension):
    """Refuses a document that could answer too many fields, before anything else looks at it.

    A few fragments that each spread the next twice, or a few lists inside each other, are a
    hundred bytes to send and a million fields to validate or to answer.
    """

    def on_validate(self) -> Generator[None]:
        document = self.execution_context.graphql_document
        if document is not None:
            self._check(document)
        yield

    def _check(self, document: DocumentNode) -> None:
        check_fragments(document)
        cost = min(cost_of(document, self.execution_context.variables or {}), LARGEST_NUMBER)
        context = self.execution_context.context
        if isinstance(context, Context):
            context.cost = cost
        if cost > MAXIMUM_COST:
            raise too_costly(cost)
        check_shape(document)


class KindOfOperation(SchemaExtension):
    """Notes what is asked for, as soon as that can be told; it is measured and drained by kind.

    A document that is being executed has passed everything that stands before that.
    """

    def on_validate(self) -> Generator[None]:
        context = self.execution_context.context
        if isinstance(context, Context):
            with suppress(RuntimeError):  # none of the document's operations is meant
                context.kind = self.execution_context.operation_type.value
            if context.kind == "subscription":
                context.without_end()
        yield

    def on_execute(self) -> Generator[None]:
        context = self.execution_context.context
        if isinstance(context, Context):
            context.good_document = self.execution_context.graphql_document
        yield


class IntrospectionSwitch(SchemaExtension):
    """Hides the schema's own description where the server does not publish it."""

    def on_validate(self) -> Generator[None]:
        context = self.execution_context.context
        if isinstance(context, Context) and not context.introspection:
            rules = self.execution_context.validation_rules
            self.execution_context.validation_rules = (*rules, NoSchemaIntrospectionCustomRule)
        yield


def too_costly(cost: int) -> GraphQLError:
    return GraphQLError(
        f"The document could answer {cost} fields; at most {MAXIMUM_COST} are allowed. "
        "Ask for smaller pages, or for less inside each item.",
        extensions={"code": "COST_EXCEEDED", "cost": cost_told(cost)},
    )


def cost_told(cost: int) -> dict[str, int]:
    """What was asked for and what there is, as clients are told it."""
    return {"requested": cost, "budget": MAXIMUM_COST}


def cost_of(document: DocumentNode, variables: Variables) -> int:
    """How many fields the document could answer, fragments spread out and pages filled.

    A fragment is weighed once and its weight used again, so this costs what the document's text
    costs. One that spreads itself weighs nothing: validation refuses it.
    """
    fragments = fragments_of(document)
    open_fragments: set[str] = set()

    @cache
    def of_fragment(name: str) -> int:
        fragment = fragments.get(name)
        if fragment is None or name in open_fragments:
            return 0
        open_fragments.add(name)
        cost = of_set(fragment.selection_set)
        open_fragments.discard(name)
        return cost

    def of_set(selections: SelectionSetNode | None) -> int:
        cost = 0
        for selection in selections.selections if selections is not None else ():
            match selection:
                case FragmentSpreadNode():
                    cost += of_fragment(selection.name.value)
                case FieldNode():
                    cost += weight(selection)
                    cost += page_size(selection, variables) * of_set(selection.selection_set)
                case InlineFragmentNode():
                    cost += of_set(selection.selection_set)
                case _:
                    pass
        return cost

    operations = (
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    return sum(of_set(operation.selection_set) for operation in operations)


def weight(field: FieldNode) -> int:
    """What the field itself counts as; one with fields inside it is no leaf."""
    return 1 if field.selection_set is not None else WEIGHTS.get(field.name.value, 1)


def page_size(field: FieldNode, variables: Variables) -> int:
    """How many items the field may answer: 1 unless it is a list, which answers a page."""
    if field.name.value == DIFFERENCE:
        return MAXIMUM_SHOWN
    if field.name.value not in LISTS:
        return DESCRIBED.get(field.name.value, 1)
    sizes = (
        argument.value for argument in field.arguments or () if argument.name.value in PAGE_SIZES
    )
    given = [_integer(value, variables) for value in sizes]
    known = [size for size in given if size is not None]
    return min(max(known, default=DEFAULT_PAGE), MAXIMUM_PAGE)


def _integer(value: object, variables: Variables) -> int | None:
    match value:
        case IntValueNode():
            return max(int(value.value[:20]), 0)
        case VariableNode():
            given = variables.get(value.name.value)
            return max(given, 0) if isinstance(given, int) else None
        case _:
            return None
