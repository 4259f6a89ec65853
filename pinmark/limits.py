"""What a document may ask for, told before anything works on it."""

from collections.abc import Generator
from functools import cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

from schema.context import Context

MAXIMUM_SELECTIONS = 10_000
MAXIMUM_FRAGMENTS = 100


class SelectionLimiter(SchemaExtension):
    """Refuses a document whose fragments, spread out, hold too many selections.

    A few fragments that each spread the next twice are a kilobyte to send and a million fields
    to validate, so this must come before every other look at the document.
    """

    def on_validate(self) -> Generator[None]:
        document = self.execution_context.graphql_document
        if document is not None:
            check_selections(document)
        yield


class IntrospectionSwitch(SchemaExtension):
    """Hides the schema's own description where the server does not publish it."""

    def on_validate(self) -> Generator[None]:
        context = self.execution_context.context
        if isinstance(context, Context) and not context.introspection:
            rules = self.execution_context.validation_rules
            self.execution_context.validation_rules = (*rules, NoSchemaIntrospectionCustomRule)
        yield


def check_selections(document: DocumentNode) -> None:
    fragments = sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions)
    if fragments > MAXIMUM_FRAGMENTS:  # they may be one chain, which is walked in depth
        raise GraphQLError(f"The document has more than {MAXIMUM_FRAGMENTS} fragments.")
    if count_selections(document) > MAXIMUM_SELECTIONS:
        raise GraphQLError(
            f"The document asks for more than {MAXIMUM_SELECTIONS} fields, its fragments spread out."
        )


def count_selections(document: DocumentNode) -> int:
    """How many fields the document's operations select, every fragment counted where it is spread.

    A fragment is counted once and its number used again, so this costs what the document's text
    costs. One that spreads itself is counted as nothing: validation refuses it.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    open_fragments: set[str] = set()

    @cache
    def in_fragment(name: str) -> int:
        fragment = fragments.get(name)
        if fragment is None or name in open_fragments:
            return 0
        open_fragments.add(name)
        count = in_set(fragment.selection_set)
        open_fragments.discard(name)
        return count

    def in_set(selections: SelectionSetNode | None) -> int:
        count = 0
        for selection in selections.selections if selections is not None else ():
            match selection:
                case FragmentSpreadNode():
                    count += in_fragment(selection.name.value)
                case FieldNode():
                    count += 1 + in_set(selection.selection_set)
                case InlineFragmentNode():
                    count += in_set(selection.selection_set)
                case _:
                    pass
        return count

    operations = (
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    return sum(in_set(operation.selection_set) for operation in operations)
