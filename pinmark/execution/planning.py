"""Which fields an operation can answer, worked out once.

Source: the GraphQL specification, "Field Collection" (CollectFields) and "Merging Selection Sets"
(CollectSubfields). Both are graphql-core's own, asked with the values of the variables that
``@skip`` and ``@include`` depend on; other values get another plan.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import inspect
from strawberry.types.base import StrawberryObjectDefinition

from pinmark.execution.awaiting import are_values
from pinmark.execution.fields import Chosen, Field, Items, Leaf, OneOf, Selection, Shape
from pinmark.execution.resolving import DEFINITION, way_of

MAXIMUM_FIELDS = 5_000
"""In all selection sets; a document may make more of them than it has fields itself."""
INTROSPECTION = frozenset({"__schema", "__type"})


class NotCovered(Exception):
    """graphql-core is to execute this operation."""


class Planner:
    """Makes the plan of one operation; every selection set is planned once a type."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {
            name: FragmentDetails(fragment, None) for name, fragment in fragments.items()
        }
        self._variables = variables
        self._known: dict[tuple[str, tuple[int, ...]], Selection] = {}
        self._leaves: dict[GraphQLLeafType, Any] = {}
        self._planned = 0
        self.selections: list[Selection] = []
        """Innermost first."""
        self.fields: list[Field] = []

    def root(self, root_type: GraphQLObjectType) -> Selection:
        """The selection set of the operation itself."""
        try:
            collected = collect_fields(
                self._schema, self._fragments, self._variables, root_type, self._operation
            )
        except GraphQLError as error:  # a switch that is neither true nor false
            raise NotCovered(str(error)) from None
        return self._select(root_type, collected.grouped_field_set)

    def _subselection(self, type: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        key = (type.name, tuple(id(detail.node) for detail in details))
        known = self._known.get(key)
        if known is None:
            try:
                collected = collect_subfields(
                    self._schema, self._fragments, self._variables, self._operation, type, details
                )
            except GraphQLError as error:
                raise NotCovered(str(error)) from None
            known = self._known[key] = self._select(type, collected.grouped_field_set)
        return known

    def _select(
        self, type: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]]
    ) -> Selection:
        self._planned += 1
        selection = Selection(f"answer_{type.name}_{self._planned}", type)
        for response_name, details in grouped.items():
            nodes = [detail.node for detail in details]
            name = nodes[0].name.value
            definition = self._schema.get_field(type, name)
            if name in INTROSPECTION or len(self.fields) >= MAXIMUM_FIELDS:
                raise NotCovered(name)
            if definition is None:  # validation refused it, or was not asked
                continue
            self.fields.append(
                field := Field(
                    number=len(self.fields),
                    response_name=response_name,
                    nodes=nodes,
                    definition=definition,
                    parent_type=type,
                    shape=Shape(required=False),
                    way=way_of(self._schema, definition, name),
                )
            )
            field.shape = self._shape(definition.type, details)
            selection.fields.append(field)
        self.selections.append(selection)
        return selection

    def _shape(self, type: GraphQLOutputType, details: list[FieldDetails]) -> Shape:
        required = isinstance(type, GraphQLNonNull)
        inner: Any = type.of_type if required else type  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnknownVariableType]
        if isinstance(inner, GraphQLList):
            return Items(required, self._shape(cast(GraphQLOutputType, inner.of_type), details))
        if is_leaf_type(inner):
            return Leaf(required, inner, self._writer(inner))
        if is_abstract_type(inner):
            return OneOf(required, inner, self._choices(inner, details))
        return Chosen(required, inner, self._subselection(inner, details), certain(inner))

    def _choices(self, type: GraphQLAbstractType, details: list[FieldDetails]) -> dict[str, Chosen]:
        possible: Sequence[GraphQLObjectType] = self._schema.get_possible_types(type)
        return {
            each.name: Chosen(False, each, self._subselection(each, details), certain(each))
            for each in possible
        }

    def _writer(self, type: GraphQLLeafType) -> Any:
        known = self._leaves.get(type)
        if known is None:
            known = self._leaves[type] = writer_of(type)
        return known


def writer_of(type: GraphQLLeafType) -> Any:
    """CompleteValue of a leaf: what the type makes of a value, which has to be something."""
    coerce = type.coerce_output_value

    def write(value: Any) -> Any:
        written = coerce(value)
        if written is None or written is Undefined:
            raise TypeError(
                f"Expected `{inspect(type)}.coerce_output_value({inspect(value)})` "
                f"to return non-nullable value, returned: {inspect(written)}"
            )
        return written

    return write


def names_of(type: GraphQLEnumType) -> tuple[type, dict[Any, str]] | None:
    """The Python enum that Strawberry publishes as this type, and what each member is called."""
    members = getattr(type, "wrapped_cls", None)
    if members is None:
        return None
    names: dict[Any, str] = {}
    for member in members:
        try:
            names[member] = type.coerce_output_value(member)
        except (GraphQLError, ValueError):  # not published
            return None
    return members, names


def certain(type: GraphQLObjectType) -> type[Any] | None:
    """The class whose very objects need not be asked whether they are of the type.

    Strawberry asks whether an object is of the class or was cast to another; a type may also have
    a question of its own, and then there is no such class.
    """
    definition = type.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
        return None
    return definition.origin if are_values(definition.origin) else None
