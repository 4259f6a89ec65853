"""One operation executed by graphql-core and by a compiled function, to be compared."""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import AsyncIterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    parse,
    subscribe,
)
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from pinmark.execution import Compiled, Executor, NotCovered, compile_operation
from pinmark.execution.executor import Fragments


class Interpreting(StrawberryGraphQLCoreExecutionContext):
    """graphql-core as Strawberry uses it."""


class Compiling(Executor):
    """Compiles everything, also what is asked once; what cannot be is no answer."""

    def _compiled(self) -> Compiled:
        return compile_operation(
            self.schema, self.operation, self.fragment_definitions, self.variable_values
        )


@dataclass
class Told:
    """All that a client could tell two answers apart by, and the exceptions behind its errors."""

    data: str
    errors: list[Any]

    @classmethod
    def of(cls, result: ExecutionResult) -> "Told":
        errors = [
            (error.formatted, type(error.original_error).__name__) for error in result.errors or ()
        ]
        return cls(repr(result.data), errors)


async def answer(
    schema: GraphQLSchema,
    executor: type[Executor] | type[Interpreting],
    text: str,
    variables: dict[str, Any],
    context: Any,
) -> Told:
    result: Any = execute(
        schema,
        parse(text),
        context_value=context,
        variable_values=variables,
        executor_class=executor,
        is_awaitable=cast(Any, optimized_is_awaitable),
    )
    return Told.of(await result if isawaitable(result) else result)


async def events(
    schema: GraphQLSchema,
    executor: type[Executor] | type[Interpreting],
    text: str,
    variables: dict[str, Any],
    context: Any,
) -> list[Told]:
    stream: Any = subscribe(
        schema,
        parse(text),
        context_value=context,
        variable_values=variables,
        executor_class=cast(Any, executor),
    )
    if isawaitable(stream):
        stream = await stream
    if isinstance(stream, ExecutionResult):
        return [Told.of(stream)]
    return [Told.of(each) async for each in cast(AsyncIterator[ExecutionResult], stream)]


def compiled(schema: GraphQLSchema, text: str, **variables: Any) -> Compiled:
    """The function of a document's one operation."""
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    values = get_variable_values(schema, operation.variable_definitions or (), variables)
    assert isinstance(values, VariableValues)
    fragments: Fragments = {}
    return compile_operation(schema, operation, fragments, values)


__all__ = ["Compiling", "Interpreting", "NotCovered", "Told", "answer", "compiled", "events"]
