"""An operation compiled: planned, written out, and ready to be run any number of times."""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Mapping
from typing import Any, cast

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    default_type_resolver,
)
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.types.base import StrawberryObjectDefinition

from pinmark.execution import completion
from pinmark.execution.awaiting import is_awaitable, never_awaited
from pinmark.execution.fields import Selection
from pinmark.execution.planning import NotCovered, Planner
from pinmark.execution.resolving import DEFINITION
from pinmark.execution.running import ResolveInfo, Run, info_made_by
from pinmark.execution.source_text import SourceText

__all__ = ["Compiled", "NotCovered", "compile_operation"]


class Compiled:
    """One operation of a document, for one choice of what ``@skip`` and ``@include`` leave."""

    default_type_resolver = staticmethod(default_type_resolver)

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        root: Selection,
        source: str,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self.source = source
        self.strawberry = cast(Any, schema)._strawberry_schema
        self.make_info = info_made_by(self.strawberry.config.info_class)
        self._root = root

    async def run(self, root: Any, context: Any, variables: VariableValues) -> ExecutionResult:
        """ExecuteQuery, ExecuteMutation, and ExecuteSubscriptionEvent with its event as the root.

        What goes wrong in a field is in the answer; an error that no null could take the place
        of leaves no data at all.
        """
        run = Run(self, root, context, variables)
        try:
            answer = self._root.answer(run, root, None)
            if is_awaitable(answer):
                answer = await answer
        except GraphQLError as error:
            run.note(error, None)
            answer = None
        return ExecutionResult(answer, run.errors or None)


def compile_operation(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    variables: VariableValues,
) -> Compiled:
    """The function for a validated operation; ``NotCovered`` for what graphql-core is to do."""
    owner: Schema | None = getattr(schema, "_strawberry_schema", None)
    if owner is None or owner.directives:  # they are asked about each value
        raise NotCovered("directives of the schema's own")
    root_type = schema.get_root_type(operation.operation)
    if root_type is None:
        raise NotCovered(operation.operation.value)
    if any(fragment.variable_definitions for fragment in fragments.values()):
        raise NotCovered("fragments with variables")
    planner = Planner(schema, operation, fragments, variables)
    try:
        root = planner.root(root_type)
    except RecursionError:
        raise NotCovered("nested too deeply") from None
    _trust_types(schema)
    text = write(planner, root, serial=operation.operation is OperationType.MUTATION)
    _define(planner, text)
    return Compiled(schema, operation, fragments, root, str(text))


def write(planner: Planner, root: Selection, *, serial: bool) -> SourceText:
    text = SourceText()
    for selection in planner.selections:
        text.add(selection, serial=serial and selection is root)
    return text


def _define(planner: Planner, text: SourceText) -> None:
    names: dict[str, Any] = {
        "ResolveInfo": ResolveInfo,
        "awaited_field": completion.awaited_field,
        "complete_field": completion.complete_field,
        "gather_fields": completion.gather_fields,
        "guarded": completion.guarded,
        **text.names,
    }
    exec(compile(str(text), "<compiled operation>", "exec"), names)
    for selection in planner.selections:
        selection.answer = names[selection.name]


def _trust_types(schema: GraphQLSchema) -> None:
    """Once a schema: its own objects are values, and never have to be awaited."""
    if schema.extensions.get("trusted"):
        return
    types: Mapping[str, Any] = schema.type_map
    for type in types.values():
        definition = type.extensions.get(DEFINITION)
        if isinstance(definition, StrawberryObjectDefinition):
            never_awaited(definition.origin)
    schema.extensions = {**schema.extensions, "trusted": True}
