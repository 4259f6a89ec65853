"""How a field's value is come by.

Source: the GraphQL specification, "Resolving Field Values" (ResolveFieldValue). Strawberry wraps
each resolver into a function that graphql-core can call; where that function adds nothing to it,
the resolver is called itself.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, cast

from graphql import GraphQLField, GraphQLSchema
from graphql import default_field_resolver as default_resolve
from strawberry import Schema
from strawberry.types.field import StrawberryField

WRAPPED_BY = "strawberry.schema.schema_converter"
DEFINITION = "strawberry-definition"
READS = "reads"
"""What a resolver that only reads an attribute says of itself: which one, as ``row.name``."""


@dataclass(frozen=True, eq=False, slots=True)
class Attribute:
    """An attribute of the object that was resolved before, or one of its attributes'."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Method:
    """A resolver of ours, which is called as it was written."""

    function: Callable[..., Any]
    field: StrawberryField
    is_async: bool
    takes_source: bool
    source_names: tuple[str, ...]
    """The parameters that get the object by name."""
    info_name: str | None


@dataclass(frozen=True, eq=False, slots=True)
class TypeName:
    """The name of the type: ``__typename``."""


@dataclass(frozen=True, eq=False, slots=True)
class Wrapped:
    """Any other resolver, called as graphql-core calls it."""

    resolve: Callable[..., Any]


Way = Attribute | Method | TypeName | Wrapped


def way_of(schema: GraphQLSchema, definition: GraphQLField, name: str) -> Way:
    """How the field that ``definition`` describes is resolved."""
    if name == "__typename":
        return TypeName()
    resolve = definition.resolve
    field = definition.extensions.get(DEFINITION)
    if resolve is None:
        return Wrapped(default_resolve)
    if not isinstance(field, StrawberryField) or not _adds_nothing(schema, field, resolve):
        return Wrapped(resolve)
    if field.base_resolver is None:
        readable = field.python_name.isidentifier() and not iskeyword(field.python_name)
        return Attribute(field.python_name) if readable else Wrapped(resolve)
    reads = getattr(field.base_resolver.wrapped_func, READS, None)
    return _method(field) if reads is None else Attribute(reads)


def _adds_nothing(
    schema: GraphQLSchema, field: StrawberryField, resolve: Callable[..., Any]
) -> bool:
    """Whether Strawberry's function does no more than to call the resolver or the attribute."""
    owner = cast(Schema, schema._strawberry_schema)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # set by Strawberry
    return (
        resolve.__module__ == WRAPPED_BY
        and type(field).get_result is StrawberryField.get_result
        and not field.extensions
        and not field.is_subscription
        and not owner.exception_handlers
        and (field.base_resolver is not None or field.default_resolver is getattr)
        and not _is_generator(field)
    )


def _is_generator(field: StrawberryField) -> bool:
    return field.base_resolver is not None and inspect.isasyncgenfunction(
        field.base_resolver.wrapped_func
    )


def _method(field: StrawberryField) -> Method:
    resolver = field.base_resolver
    assert resolver is not None
    named = (resolver.parent_parameter, resolver.root_parameter)
    return Method(
        function=cast(Callable[..., Any], resolver.wrapped_func),
        field=field,
        is_async=field.is_async,
        takes_source=resolver.self_parameter is not None,
        source_names=tuple(parameter.name for parameter in named if parameter is not None),
        info_name=None if resolver.info_parameter is None else resolver.info_parameter.name,
    )
