"""``POST /v1/execute``: run the handler of what an environment serves."""

from collections.abc import AsyncGenerator
from typing import Any, cast
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pinmark.rest.answers import authenticated, read_json, stamp
from pinmark.rest.environments import environment_of
from pinmark.rest.operations import JSON, NDJSON, Answer, Operation, Tag
from pinmark.rest.reading import STAMP
from pinmark.rest.refusals import Refusal
from pinmark.rest.shapes.content import ExecuteBody
from pinmark.server_state import server_of
from services import errors
from services.executions import Call, Execution, execute
from services.principals import Permission


async def execute_call(request: Request, request_id: str) -> Response:
    principal = await authenticated(request, request_id=request_id)
    environment_id = environment_of(request, principal)
    call = _read_call(await read_json(request), environment_id)
    server = server_of(request)
    execution = await execute(
        server.installation, server.wakeups.hub, principal=request.state.principal, call=call
    )
    return _respond(execution)


def _read_call(payload: object, environment_id: UUID) -> Call:
    if not isinstance(payload, dict):
        raise Refusal(400, "invalid_request_body", "The body must be an object.")
    fields = cast(dict[str, Any], payload)
    kind = fields.get("type")
    if not isinstance(kind, str):
        message = "type must be a string."
        raise Refusal(400, "invalid_request_body", message, details={"type": message})
    return Call.of(environment_id, type=kind, data=fields.get("data"))


def _respond(execution: Execution) -> Response:
    headers = {
        **stamp(execution.environment, execution.version, execution.commit_sha),
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
        return refusal.response()
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


OPERATIONS = (
    Operation(
        "POST",
        "/v1/execute",
        execute_call,
        permission=Permission.PROMPT_RUN,
        name="execute",
        tag=Tag.EXECUTION,
        summary="Run the handler of what an environment serves.",
        answer=Answer(200, "What the handler answers.", media_types=(JSON, NDJSON), headers=STAMP),
        body=ExecuteBody,
        refusals=(
            errors.NotFound,
            errors.PermissionDenied,
            errors.EnvironmentNotPinned,
            errors.NoHandler,
            errors.RuntimeFailed,
            errors.RuntimeNotReady,
        ),
        of_environment=True,
    ),
)
