"""Running GraphQL operations, whatever carried them here, and answering their errors.

A refusal of the domain that reaches the top has a code of its own; what the client wrote wrongly
is told to the client; anything else is a bug: it is logged with the request's id and the client
learns the id alone.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import structlog
from graphql import ExecutionResult as GraphQLExecutionResult
from graphql import GraphQLError, GraphQLSyntaxError, get_operation_ast
from graphql import OperationType as GraphQLOperation
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from pinmark.deadlines import TooLate, in_time
from pinmark.documents import document_text
from pinmark.graphql import document_of, schema
from pinmark.known_documents import KnownDocuments, Meant
from pinmark.left_out import without_suggestions, without_values
from pinmark.limits import cost_told
from pinmark.rate_limits import TooManyRequests
from pinmark.reach import apps_of
from pinmark.trouble import BUSY, INTERNAL
from schema.context import Context
from services.database_revisions import Revision
from services.errors import DomainError, InvalidCursor, InvalidInput, NotFound, PermissionDenied
from services.refusals import record_refusal

log = structlog.get_logger()
documents = KnownDocuments()

MAXIMUM_MESSAGE = 1000
ANY_KIND = frozenset(OperationType)
READING = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})

_UNRUNNABLE = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)

Answer = dict[str, Any]
Result = ExecutionResult | GraphQLExecutionResult
_CODES: dict[type[DomainError], str] = {
    InvalidCursor: "INVALID_CURSOR",
    NotFound: "NOT_FOUND",
    PermissionDenied: "PERMISSION_DENIED",
}


@dataclass(frozen=True)
class Operation:
    """What a client asks to run."""

    query: str
    variables: dict[str, Any] | None = None
    name: str | None = None


@dataclass(frozen=True)
class Proof:
    """Tells whether all that was read since ``revision`` is of one moment: nothing has changed."""

    revision: Revision
    read: Callable[[], Awaitable[Revision | None]]

    async def holds(self, apps: Collection[UUID] | None) -> bool:
        """Whether it is, of what was read of these apps alone, or of whatever there is."""
        now = await self.read()
        return now is not None and self.revision.is_still(now, apps)


class BadOperation(Exception):
    """The request is no operation; the message says what is wrong with its shape."""

    code = "BAD_REQUEST"


class UnknownDocument(BadOperation):
    """The page that sent it is of another version than this server."""

    code = "DOCUMENT_UNKNOWN"


def read_operation(payload: object) -> Operation:
    """The operation in a decoded JSON payload, or ``BadOperation``."""
    if isinstance(payload, list):
        raise BadOperation("Batches are not served: send one operation a request.")
    if not isinstance(payload, dict):
        raise BadOperation("The request must be a JSON object.")
    fields: dict[str, Any] = payload  # pyright: ignore[reportUnknownVariableType]  # decoded JSON
    query, variables = _text(fields), fields.get("variables")
    name = fields.get("operationName")
    if variables is not None and not isinstance(variables, dict):
        raise BadOperation("variables must be an object.")
    extensions = fields.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadOperation("extensions must be an object.")
    if name is not None and not isinstance(name, str):
        raise BadOperation("operationName must be a string.")
    return Operation(query, cast(dict[str, Any] | None, variables), name)


def is_subscription(operation: Operation) -> bool:
    """Whether this runs as a stream; no for what cannot run at all."""
    return _kind(operation) is GraphQLOperation.SUBSCRIPTION


def is_mutation(operation: Operation) -> bool:
    """Whether this changes something; no for what cannot run at all."""
    return _kind(operation) is GraphQLOperation.MUTATION


def _kind(operation: Operation) -> GraphQLOperation | None:
    document = document_of(operation.query)
    found = None if document is None else get_operation_ast(document, operation.name)
    return None if found is None else found.operation


def _text(fields: dict[str, Any]) -> str:
    query, identity = fields.get("query"), fields.get("documentId")
    if isinstance(query, str) and query:
        return query
    if isinstance(identity, str):
        text = document_text(identity)
        if text is None:
            raise UnknownDocument("This server does not know the document. Reload the page.")
        return text
    if isinstance(query, str):
        return query
    raise BadOperation("query must be a string.")


async def execute(
    context: Context, operation: Operation, *, request_id: str, proof: Proof | None = None
) -> Answer:
    """Run a query or mutation; ``data`` is absent when it never began to run.

    With a ``proof`` a query that is known is read without holding a moment.
    """
    try:
        async with in_time(context):
            result = await _result(context, operation, proof)
    except TooLate as late:
        return request_error(str(late), "TIMEOUT")
    except _UNRUNNABLE as error:
        result = _refused(GraphQLError(str(error), original_error=error))
    finally:
        await context.close()
    await _write_down(context, result)
    return answer(result, context, request_id)


async def _result(context: Context, operation: Operation, proof: Proof | None) -> Result:
    """A document that was good before is executed at once, any other goes through the schema."""
    meant = Meant(operation.query, operation.name, context.introspection)
    known = documents.find(meant)
    if known is not None and known.is_of_statements and proof is not None:
        await context.renew(held=False)
        result = await known.execute(context, operation.variables, operation.name)
        # An error may be of what was written in between, or of there being no transaction.
        if not result.errors and await proof.holds(apps_of(operation.query, context)):
            return result
        await context.renew()
    if known is not None:
        return await known.execute(context, operation.variables, operation.name)
    result = await schema.execute(
        operation.query,
        variable_values=operation.variables,
        context_value=context,
        operation_name=operation.name,
        allowed_operation_types=[OperationType.QUERY, OperationType.MUTATION],
    )
    if context.good_document is not None:
        documents.learn(meant, context.good_document)
    return result


async def stream(
    context: Context,
    operation: Operation,
    *,
    request_id: str,
    allowed: Collection[OperationType] = ANY_KIND,
) -> AsyncGenerator[Answer]:
    """Run any operation as a stream: a subscription's answers, or the one of another kind.

    An operation that never began gives one answer without ``data``.
    """
    try:
        results = await schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=context,
            operation_name=operation.name,
            allowed_operation_types=allowed,
        )
        async with aclosing(results):
            while True:
                async with in_time(context):
                    result = await anext(results, None)
                if result is None:
                    break
                # The moment ends before the answer is sent: a slow reader holds no connection.
                await context.renew()
                await _write_down(context, cast(ExecutionResult, result))
                yield answer(cast(ExecutionResult, result), context, request_id)
    except TooLate as late:
        yield request_error(str(late), "TIMEOUT")
    except GraphQLError as error:  # a syntax error escapes through the parser's cache
        yield answer(_refused(error), context, request_id)
    finally:
        await context.close()


async def _write_down(context: Context, result: Result) -> None:
    """Write each permission that reading was denied for into the audit, once an answer."""
    denied: dict[str, tuple[PermissionDenied, GraphQLError]] = {}
    for error in result.errors or []:
        origin = _origin(error)
        if isinstance(origin, PermissionDenied):
            denied.setdefault(origin.permission, (origin, error))
    for permission, (origin, error) in denied.items():
        for principal in context.audience.principals(context.principal):
            await record_refusal(
                context.installation.database,
                principal=principal,
                action=permission,
                error=origin,
                at=".".join(part for part in error.path or () if isinstance(part, str)),
            )


def _origin(error: GraphQLError) -> Exception | None:
    origin = error.original_error
    while isinstance(origin, GraphQLError):
        origin = origin.original_error
    return origin


def _refused(error: GraphQLError) -> ExecutionResult:
    return ExecutionResult(data=None, errors=[error])


def _explain(error: Exception) -> str:
    match error:
        case CannotGetOperationTypeError():
            return error.as_http_error_reason()
        case InvalidOperationTypeError():
            return _explain_kind(error.operation_type)
        case _:
            return "There is no operation to run."


def _explain_kind(kind: OperationType) -> str:
    if kind is OperationType.SUBSCRIPTION:
        return "A subscription answers as a stream: accept text/event-stream, or use a websocket."
    return "A mutation is sent with POST."


def answer(result: Result, context: Context, request_id: str) -> Answer:
    errors = result.errors or []
    told: Answer = {}
    if errors:
        told["errors"] = [
            format_error(error, request_id, suggesting=context.introspection) for error in errors
        ]
    if context.cost is not None:
        told["extensions"] = {"cost": cost_told(context.cost)}
    if result.data is None and errors and all(error.path is None for error in errors):
        return told
    return {"data": result.data, **told}


def format_error(error: GraphQLError, request_id: str, *, suggesting: bool = True) -> Answer:
    origin = _origin(error)
    if isinstance(origin, DomainError):
        return _format(error, str(origin), {"code": _code(origin)})
    if isinstance(origin, _UNRUNNABLE):
        return _format(error, _explain(origin), {"code": "BAD_USER_INPUT"})
    if isinstance(origin, PoolTimeoutError):
        return _format(error, BUSY, {"code": "UNAVAILABLE"})
    if origin is not None and not _is_in_document(error):
        log.error("operation failed", request_id=request_id, path=error.path, exc_info=origin)
        extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id}
        return _format(error, INTERNAL, extensions)
    code = "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "BAD_USER_INPUT"
    message = without_values(error.message)
    return _format(
        error,
        (message if suggesting else without_suggestions(message))[:MAXIMUM_MESSAGE],
        {"code": code, **(error.extensions or {})},
    )


def _is_in_document(error: GraphQLError) -> bool:
    """Whether the client wrote it: it has a place in the document, and none in an answer."""
    return error.path is None and bool(error.locations)


def _code(error: DomainError) -> str:
    if isinstance(error, InvalidInput):
        return "INVALID_INPUT"
    return _CODES.get(type(error), "REFUSED")


def _format(error: GraphQLError, message: str, extensions: dict[str, Any]) -> Answer:
    formatted: Answer = {"message": message, "extensions": extensions}
    if error.locations:
        formatted["locations"] = [
            {"line": location.line, "column": location.column} for location in error.locations
        ]
    if error.path is not None:
        formatted["path"] = error.path
    return formatted


def too_many(many: TooManyRequests) -> Answer:
    """The answer to a request that came too soon."""
    answer = request_error(many.message, "RATE_LIMITED")
    answer["errors"][0]["extensions"]["retryAfter"] = many.retry_after
    return answer


def internal_error(request_id: str) -> Answer:
    """The answer to a request that met trouble of ours before its operation could be run."""
    answer = request_error(INTERNAL, "INTERNAL_SERVER_ERROR")
    answer["errors"][0]["extensions"]["requestId"] = request_id
    return answer


def request_error(message: str, code: str, **extensions: str) -> Answer:
    """The answer where no operation has one: to a bad request, or at the end of a stream."""
    return {"errors": [{"message": message, "extensions": {"code": code, **extensions}}]}
