"""One run of an operation: what its functions share, and where its errors were.

Source: the GraphQL specification, "Handling Execution Errors" and "Errors and Non-Null Types".

A path is a chain from the inside out: ``(outer, step)``, where a step is a field or the index of
an item, and ``None`` is the answer itself. Most are never looked at.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import strawberry
from graphql import GraphQLError, located_error
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path as GraphQLPath
from graphql.pyutils import gather_with_cancel
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.types.arguments import convert_arguments

from pinmark.execution.awaiting import is_awaitable
from pinmark.execution.fields import Field, Shape
from pinmark.execution.resolving import Method

if TYPE_CHECKING:
    from pinmark.execution.compilation import Compiled

Path: TypeAlias = "tuple[Path, Field | int] | None"


class Run:
    """One execution of a compiled operation, for one client."""

    __slots__ = (
        "_abandoned",
        "_arguments",
        "_converted",
        "_nulled",
        "compiled",
        "context",
        "errors",
        "root",
        "variables",
    )

    def __init__(
        self, compiled: "Compiled", root: Any, context: Any, variables: VariableValues
    ) -> None:
        self.compiled = compiled
        self.root = root
        self.context = context
        self.variables = variables
        self.errors: list[GraphQLError] = []
        self._nulled: set[Path] = set()
        self._arguments: dict[Field, dict[str, Any]] = {}
        self._converted: dict[Field, dict[str, Any]] = {}
        self._abandoned: set[asyncio.Future[Any]] = set()

    def failed(self, field: Field, shape: Shape, error: Exception, path: Path) -> None:
        """Handling Execution Errors: null in place of a value that could not be had.

        Errors and Non-Null Types: where null may not stand, the error goes on to the parent.
        """
        located = located_error(error, field.nodes, keys_of(path))
        if shape.required:
            raise located
        self.note(located, path)

    def note(self, error: GraphQLError, path: Path) -> None:
        """Add the error to the answer, unless null has taken the place that it is about."""
        place = path
        while place is not None:
            if place in self._nulled:
                return
            place = place[0]
        if None in self._nulled:
            return
        self._nulled.add(path)
        self.errors.append(error)

    def field_failed(self, field: Field, error: Exception, parent: Path) -> None:
        self.failed(field, field.shape, error, (parent, field))

    def arguments(self, field: Field) -> dict[str, Any]:
        """CoerceArgumentValues: once a run, however many objects the field is resolved for."""
        known = self._arguments.get(field)
        if known is None:
            known = get_argument_values(field.definition, field.nodes[0], self.variables)
            self._arguments[field] = known
        return known

    def converted(self, field: Field, parent: Path) -> dict[str, Any]:
        """The same, as the objects of Python that a resolver of Strawberry takes."""
        known = self._converted.get(field)
        if known is None:
            assert isinstance(field.way, Method)
            strawberry = self.compiled.strawberry
            known = self._converted[field] = convert_arguments(
                self.arguments(field),
                field.way.field.arguments,
                scalar_registry=strawberry.schema_converter.scalar_registry,
                config=strawberry.config,
                info=self.info(field, parent),
            )
        return known

    def info(self, field: Field, parent: Path) -> Any:
        """What Strawberry gives a resolver."""
        return self.compiled.make_info(self, field, parent)

    def abandon(self, awaitables: Iterable[Any]) -> None:
        """Let what nobody waits for any more come to its end, and take its errors."""
        left = [each for each in awaitables if is_awaitable(each)]
        if left:
            settled = asyncio.gather(*left, return_exceptions=True)
            self._abandoned.add(settled)
            settled.add_done_callback(self._abandoned.discard)

    def abandon_rest(self, awaitables: Iterable[Any], iterator: Iterable[Any]) -> None:
        """The same, with what an iterator still holds."""
        left = list(awaitables)
        with suppress(Exception):  # it may be what failed
            left.extend(iterator)
        self.abandon(left)


def keys_of(path: Path) -> list[str | int]:
    """The path as it stands in an error."""
    keys: list[str | int] = []
    while path is not None:
        path, step = path
        keys.append(step if isinstance(step, int) else step.response_name)
    keys.reverse()
    return keys


def graphql_path(path: Path) -> GraphQLPath | None:
    """The path as graphql-core keeps it."""
    if path is None:
        return None
    outer, step = path
    before = graphql_path(outer)
    if isinstance(step, int):
        return GraphQLPath(before, step, None)
    return GraphQLPath(before, step.response_name, step.parent_type.name)


async def _gather(values: Sequence[Awaitable[Any]]) -> list[Any]:
    return await gather_with_cancel(*values)


class ResolveInfo:
    """What graphql-core tells a resolver, put together only when it is asked for."""

    __slots__ = ("_field", "_parent", "_run")

    abort_signal = None
    operation_extensions = None
    is_awaitable: Callable[[Any], bool] = staticmethod(is_awaitable)

    def __init__(self, run: Run, field: Field, parent: Path) -> None:
        self._run = run
        self._field = field
        self._parent = parent

    @property
    def context(self) -> Any:
        return self._run.context

    @property
    def field_name(self) -> str:
        return self._field.name

    @property
    def field_nodes(self) -> Any:
        return self._field.nodes

    @property
    def return_type(self) -> Any:
        return self._field.type

    @property
    def parent_type(self) -> Any:
        return self._field.parent_type

    @property
    def path(self) -> Any:
        return graphql_path((self._parent, self._field))

    @property
    def schema(self) -> Any:
        return self._run.compiled.schema

    @property
    def fragments(self) -> Any:
        return self._run.compiled.fragments

    @property
    def root_value(self) -> Any:
        return self._run.root

    @property
    def operation(self) -> Any:
        return self._run.compiled.operation

    @property
    def variable_values(self) -> dict[str, Any]:
        return self._run.variables.coerced

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        return GraphQLResolveInfoHelpers(gather=_gather, track=self._run.abandon)


class LazyInfo(strawberry.Info[Any, Any]):
    """What Strawberry gives a resolver, put together only as far as it is asked for."""

    def __init__(self, run: Run, field: Field, parent: Path) -> None:
        self._run = run
        self._of = field
        self._parent = parent

    @property
    def _raw_info(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        return ResolveInfo(self._run, self._of, self._parent)

    @property
    def _field(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        assert isinstance(self._of.way, Method)
        return self._of.way.field

    @property
    def context(self) -> Any:
        return self._run.context


def info_made_by(info_class: type[Any]) -> Callable[[Run, Field, Path], Any]:
    """Makes what resolvers are given, of the class that the schema says."""
    if info_class is strawberry.Info:
        return LazyInfo

    def make(run: Run, field: Field, parent: Path) -> Any:
        assert isinstance(field.way, Method)
        return info_class(_raw_info=ResolveInfo(run, field, parent), _field=field.way.field)

    return make
