"""``POST /v1/execute``: run the handler of what an environment serves.

Until a key names its environment by itself, the caller names it by id in a header.
"""

from collections.abc import AsyncGenerator
from typing import Any, cast
from uuid import UUID

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pinmark.rest.answers import (
    Refusal,
    answer_refusal,
    authenticated,
    internal_error,
    read_json,
)
from pinmark.server_state import new_request_id, server_of
from services.errors import DomainError
from services.executions import Call, Execution, execute

ENVIRONMENT_HEADER = "X-Pinmark-Environment-Id"

log = structlog.get_logger()


async def execute_endpoint(request: Request) -> Response:
    request_id = new_request_id()
    try:
        return await _execute(request, request_id)
    except Refusal as refusal:
        return refusal.response(request_id)
    except DomainError as error:
        return await answer_refusal(request, error, request_id=request_id)
    except Exception:
        log.exception("request failed", request_id=request_id, path="/v1/execute")
        return internal_error(request_id)


async def _execute(request: Request, request_id: str) -> Response:
    principal = await authenticated(request, request_id=request_id)
    environment_id = _environment_id(request)
    call = _read_call(await read_json(request), environment_id)
    server = server_of(request)
    execution = await execute(
        server.installation, server.wakeups.hub, principal=principal, call=call
    )
    return _respond(execution, request_id)


def _environment_id(request: Request) -> UUID:
    given = request.headers.get(ENVIRONMENT_HEADER)
    if given is None:
        message = f"Name the environment: `{ENVIRONMENT_HEADER}: <uuid>`."
        raise Refusal(400, "missing_environment_id", message)
    try:
        return UUID(given)
    except ValueError:
        raise Refusal(404, "not_found", "No such environment.") from None


def _read_call(payload: object, environment_id: UUID) -> Call:
    if not isinstance(payload, dict):
        raise Refusal(400, "invalid_request_body", "The body must be an object.")
    fields = cast(dict[str, Any], payload)
    kind = fields.get("type")
    if not isinstance(kind, str):
        message = "type must be a string."
        raise Refusal(400, "invalid_request_body", message, details={"type": message})
    return Call.of(environment_id, type=kind, data=fields.get("data"))


def _respond(execution: Execution, request_id: str) -> Response:
    headers = {
        "Pinmark-Environment": execution.environment,
        "Pinmark-Version": str(execution.version),
        "Pinmark-Commit": execution.commit_sha,
        "X-Request-Id": request_id,
        "Cache-Control": "no-store",
    }
    if not isinstance(execution.body, bytes):
        headers["AgentMark-Streaming"] = "true"
        return StreamingResponse(
            _streamed(execution, execution.body),
            media_type=execution.media_type,
            headers=headers,
        )
    if execution.status >= 400:
        refusal = _refusal(execution.status, execution.body)
        refusal.headers |= headers
        return refusal.response(request_id)
    return Response(execution.body, media_type=execution.media_type, headers=headers)


async def _streamed(execution: Execution, body: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        async for piece in body:
            yield piece
    finally:
        await execution.close()


def _refusal(status: int, body: bytes) -> Refusal:
    """What the handler refused in its own words, or that it failed."""
    try:
        message = str(orjson.loads(body)["message"])
    except (ValueError, LookupError, TypeError):
        message = "The handler answered without a message."
    match status:
        case 503:
            return Refusal(503, "runtime_busy", message, headers={"Retry-After": "1"})
        case 504:
            return Refusal(504, "handler_timeout", message)
        case _ if status < 500:
            return Refusal(status, "handler_refused", message)
        case _:
            return Refusal(502 if status != 500 else 500, "handler_failed", message)
