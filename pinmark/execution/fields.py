"""The parts of a plan: a field to be answered, and the shapes that its value can have."""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
)

from pinmark.execution.resolving import Way

Class = type[Any]


@dataclass(eq=False, slots=True)
class Shape:
    """What a value is completed into; a ``required`` one is Non-Null."""

    required: bool


@dataclass(eq=False, slots=True)
class Leaf(Shape):
    """A scalar or enum."""

    type: GraphQLLeafType
    write: Callable[[Any], Any]
    """Result coercion, "Scalars" and "Enums"; it raises rather than answer nothing."""


@dataclass(eq=False, slots=True)
class Items(Shape):
    """A list of one shape."""

    item: Shape


@dataclass(eq=False, slots=True)
class Chosen(Shape):
    """An object, of which a selection set is answered."""

    type: GraphQLObjectType
    selection: "Selection"
    certain: Class | None = None
    """The class whose objects are of the type without any doubt, unless they were cast."""


@dataclass(eq=False, slots=True)
class OneOf(Shape):
    """An interface or union; each value says which object it is."""

    type: GraphQLAbstractType
    choices: Mapping[str, Chosen]


@dataclass(eq=False, slots=True)
class Field:
    """A field of an answer, merged from all places of the document that ask for it."""

    number: int
    response_name: str
    nodes: list[FieldNode]
    definition: GraphQLField
    parent_type: GraphQLObjectType
    shape: Shape
    way: Way

    @property
    def name(self) -> str:
        return self.nodes[0].name.value

    @property
    def type(self) -> GraphQLOutputType:
        return self.definition.type


@dataclass(eq=False, slots=True)
class Selection:
    """The fields that are answered of one object type, in the order of the answer.

    ``answer`` is the function generated for it.
    """

    name: str
    type: GraphQLObjectType
    fields: list[Field] = field(default_factory=list[Field])
    answer: Callable[..., Any] = field(init=False)
