"""What the value of a field becomes in the answer.

Source: the GraphQL specification, "Value Completion" (CompleteValue). Whatever can be had at once
is completed at once; only what has to be awaited is. These are the general ways; the generated
functions go past them where a value is the leaf that was to be expected.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, Undefined
from graphql.pyutils import gather_with_cancel, inspect, is_async_iterable, is_iterable
from graphql.type import is_object_type

from pinmark.execution.awaiting import is_awaitable
from pinmark.execution.fields import Chosen, Field, Items, Leaf, OneOf, Shape
from pinmark.execution.running import Path, ResolveInfo, Run

CAST = "__as_strawberry_type__"
"""What Strawberry writes on an object that is to count as one of another type."""

Resolve = Callable[[], Awaitable[Any]]


def complete_field(run: Run, field: Field, value: Any, parent: Path, waiting: list[str]) -> Any:
    """ExecuteField, after its value is resolved: completed, or to be awaited and noted as such.

    What it raises is located by whoever calls, because that knows what null would do there.
    """
    path = (parent, field)
    if is_awaitable(value):
        waiting.append(field.response_name)
        return awaited(run, field, field.shape, value, path)
    completed = complete(run, field, field.shape, value, path)
    if not is_awaitable(completed):
        return completed
    waiting.append(field.response_name)
    return guarded(run, field, field.shape, completed, path)


async def awaited_field(run: Run, field: Field, resolve: Resolve, parent: Path) -> Any:
    """ExecuteField, where the resolver is asynchronous; it begins when the answer waits for it."""
    path = (parent, field)
    try:
        completed = complete(run, field, field.shape, await resolve(), path)
        if is_awaitable(completed):
            completed = await completed
    except Exception as error:
        return run.failed(field, field.shape, error, path)
    return completed


async def awaited(run: Run, field: Field, shape: Shape, value: Any, path: Path) -> Any:
    """Complete a value that has to be awaited first; its failure is the field's own."""
    try:
        completed = complete(run, field, shape, await value, path)
        if is_awaitable(completed):
            completed = await completed
    except Exception as error:
        return run.failed(field, shape, error, path)
    return completed


async def guarded(run: Run, field: Field, shape: Shape, completing: Any, path: Path) -> Any:
    """What is being completed; its failure is the field's own."""
    try:
        return await completing
    except Exception as error:
        return run.failed(field, shape, error, path)


def complete(run: Run, field: Field, shape: Shape, value: Any, path: Path) -> Any:
    """CompleteValue: null, or what the shape makes of the value; awaitable if that has to wait."""
    if isinstance(value, Exception):
        raise value
    if value is None or value is Undefined:
        if shape.required:
            raise TypeError(
                f"Cannot return null for non-nullable field {field.parent_type}.{field.name}."
            )
        return None
    match shape:
        case Leaf():
            return shape.write(value)
        case Chosen():
            return _complete_object(run, field, shape, value, path)
        case Items():
            return _complete_items(run, field, shape.item, value, path)
        case OneOf():
            return _complete_abstract(run, field, shape, value, path)
        case _:
            raise AssertionError(shape)


def _info(run: Run, field: Field, path: Path) -> Any:
    """What type resolvers are told: the field's own, wherever in its lists the value stands."""
    while path is not None and path[1] is not field:
        path = path[0]
    return ResolveInfo(run, field, None if path is None else path[0])


def _complete_object(run: Run, field: Field, shape: Chosen, value: Any, path: Path) -> Any:
    """CompleteValue of an object: ExecuteSelectionSet, if the value is of the type at all."""
    is_type_of = shape.type.is_type_of
    if is_type_of is not None:
        matches: Any = is_type_of(value, _info(run, field, path))
        if is_awaitable(matches):
            return _object_if(run, field, shape, value, path, matches)
        if not matches:
            raise _not_of(shape.type, field, value)
    return shape.selection.answer(run, value, path)


async def _object_if(
    run: Run, field: Field, shape: Chosen, value: Any, path: Path, matches: Any
) -> Any:
    if not await matches:
        raise _not_of(shape.type, field, value)
    answered = shape.selection.answer(run, value, path)
    return await answered if is_awaitable(answered) else answered


def _not_of(type: GraphQLObjectType, field: Field, value: Any) -> GraphQLError:
    return GraphQLError(
        f"Expected value of type '{type}' but got: {inspect(value)}.", list(field.nodes)
    )


def _complete_abstract(run: Run, field: Field, shape: OneOf, value: Any, path: Path) -> Any:
    """ResolveAbstractType: the object type of a value of an interface or union."""
    resolve_type = shape.type.resolve_type or run.compiled.default_type_resolver
    name: Any = resolve_type(value, _info(run, field, path), shape.type)
    if is_awaitable(name):
        return _abstract_of(run, field, shape, value, path, name)
    return _complete_object(run, field, _choice(run, field, shape, value, name), value, path)


async def _abstract_of(
    run: Run, field: Field, shape: OneOf, value: Any, path: Path, name: Any
) -> Any:
    choice = _choice(run, field, shape, value, await name)
    answered = _complete_object(run, field, choice, value, path)
    return await answered if is_awaitable(answered) else answered


def _choice(run: Run, field: Field, shape: OneOf, value: Any, name: Any) -> Chosen:
    choice = shape.choices.get(name) if isinstance(name, str) else None
    if choice is None:
        raise GraphQLError(_no_choice(run, field, shape, value, name), list(field.nodes))
    return choice


def _no_choice(run: Run, field: Field, shape: OneOf, value: Any, name: Any) -> str:
    must = f"Abstract type '{shape.type}' must resolve to an Object type at runtime"
    at = f"for field '{field.parent_type}.{field.name}'"
    if name is None:
        return (
            f"{must} {at}. Either the '{shape.type}' type should provide a 'resolve_type' "
            "function or each possible type should provide an 'is_type_of' function."
        )
    if not isinstance(name, str):
        return (
            f"{must} {at} with value {inspect(value)}, received '{inspect(name)}', "
            "which is not a valid Object type name."
        )
    found = run.compiled.schema.get_type(name)
    resolved = f"Abstract type '{shape.type}' was resolved to a"
    if found is None:
        return f"{resolved} type '{name}' that does not exist inside the schema."
    if not is_object_type(found):
        return f"{resolved} non-object type '{name}'."
    return f"Runtime Object type '{found}' is not a possible type for '{shape.type}'."


def _complete_items(run: Run, field: Field, shape: Shape, values: Any, path: Path) -> Any:
    """CompleteValue of a list: each item by itself, in its place."""
    if values.__class__ is not list:
        if is_async_iterable(values):
            return _complete_stream(run, field, shape, values, path)
        if not is_iterable(values):
            raise GraphQLError(
                "Expected Iterable, but did not find one for field "
                f"'{field.parent_type}.{field.name}'."
            )
    items: list[Any] = []
    waiting: list[int] = []
    iterator = iter(values)
    known = shape.certain if isinstance(shape, Chosen) else None
    try:
        for index, value in enumerate(iterator):
            if value.__class__ is known and not hasattr(value, CAST):
                item = _answer_item(run, field, shape, value, (path, index), waiting)
            else:
                item = _complete_item(run, field, shape, value, (path, index), waiting)
            items.append(item)
    except Exception:
        run.abandon_rest((items[index] for index in waiting), iterator)
        raise
    return gather_items(items, waiting) if waiting else items


def _complete_item(
    run: Run, field: Field, shape: Shape, value: Any, path: tuple[Path, int], waiting: list[int]
) -> Any:
    if is_awaitable(value):
        waiting.append(path[1])
        return awaited(run, field, shape, value, path)
    try:
        completed = complete(run, field, shape, value, path)
    except Exception as error:
        return run.failed(field, shape, error, path)
    if not is_awaitable(completed):
        return completed
    waiting.append(path[1])
    return guarded(run, field, shape, completed, path)


def _answer_item(
    run: Run, field: Field, shape: Any, value: Any, path: tuple[Path, int], waiting: list[int]
) -> Any:
    """The same of an object that is of its type without any doubt."""
    try:
        completed = shape.selection.answer(run, value, path)
    except Exception as error:
        return run.failed(field, shape, error, path)
    if completed.__class__ is dict:
        return completed
    waiting.append(path[1])
    return guarded(run, field, shape, completed, path)


async def _complete_stream(run: Run, field: Field, shape: Shape, values: Any, path: Path) -> Any:
    """A list whose items come one after the other; an error between two is the whole list's."""
    items: list[Any] = []
    waiting: list[int] = []
    iterator: AsyncIterator[Any] = values.__aiter__()
    try:
        while True:
            try:
                value = await anext(iterator)
            except StopAsyncIteration:
                break
            items.append(_complete_item(run, field, shape, value, (path, len(items)), waiting))
    except Exception:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            with suppress(Exception):  # what went wrong first is told
                await close()
        run.abandon(items[index] for index in waiting)
        raise
    return await gather_items(items, waiting) if waiting else items


async def gather_items(items: list[Any], waiting: list[int]) -> list[Any]:
    """The list, when all that it waits for has come; the first failure ends the waiting."""
    if len(waiting) == 1:
        items[waiting[0]] = await items[waiting[0]]
        return items
    for index, item in zip(
        waiting, await gather_with_cancel(*(items[index] for index in waiting)), strict=True
    ):
        items[index] = item
    return items


async def gather_fields(answer: dict[str, Any], waiting: list[str]) -> dict[str, Any]:
    """The object, when all that it waits for has come; the first failure ends the waiting."""
    if len(waiting) == 1:
        answer[waiting[0]] = await answer[waiting[0]]
        return answer
    values = await gather_with_cancel(*(answer[name] for name in waiting))
    answer.update(zip(waiting, values, strict=True))
    return answer
