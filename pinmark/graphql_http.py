"""``POST /graphql``: GraphQL over HTTP, one operation a request.

Source: the GraphQL over HTTP specification. A request that is no operation answers 400; one
that did not begin to run answers 400 to clients that accept
``application/graphql-response+json`` and 200 to those that only know ``application/json``.
"""

import orjson
import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pinmark.auth.credentials import CROSS_ORIGIN, CrossOrigin, credential_of
from pinmark.operations import (
    Answer,
    BadOperation,
    Operation,
    execute,
    internal_error,
    read_operation,
    request_error,
    too_many,
)
from pinmark.rate_limits import TooManyRequests
from pinmark.server_state import Server, address_of, new_request_id, server_of
from pinmark.trouble import BUSY
from services.principals import Principal

MAXIMUM_BODY = 1024 * 1024
GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"

log = structlog.get_logger()


class RequestRefused(Exception):
    """The request is answered before any operation is run."""

    def __init__(self, status: int, message: str, code: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.answer = request_error(message, code)
        self.headers = headers


async def graphql_endpoint(request: Request) -> Response:
    """Authenticate, read, run, answer. Nothing of the body is parsed for a stranger."""
    request_id = new_request_id()
    media_type = _media_type(request)
    try:
        return await _answer(request, request_id, media_type)
    except Exception:  # a database that is gone, above all: the client learns the id alone
        log.exception("request failed", request_id=request_id)
        return _respond(internal_error(request_id), 500, media_type, request_id, {})


async def _answer(request: Request, request_id: str, media_type: str) -> Response:
    try:
        if request.method != "POST":
            raise RequestRefused(405, "Send a POST.", "METHOD_NOT_ALLOWED", Allow="POST")
        server = server_of(request)
        principal = await _authenticate(request, server, request_id)
        if principal is None:
            raise RequestRefused(
                401,
                "Send a valid token as `Authorization: Bearer …`, or sign in.",
                "UNAUTHENTICATED",
                **{"WWW-Authenticate": "Bearer"},
            )
        server.limits.spend(principal)
        operation = await _read(request)
    except TooManyRequests as many:
        answer = too_many(many)
        return _respond(answer, 429, media_type, request_id, many.headers)
    except RequestRefused as refused:
        return _respond(refused.answer, refused.status, media_type, request_id, refused.headers)
    context = server.context(principal, base_url=str(request.base_url))
    answer = await execute(context, operation, request_id=request_id)
    return _respond(answer, _status(answer, media_type), media_type, request_id, {})


async def _authenticate(request: Request, server: Server, request_id: str) -> Principal | None:
    try:
        credential = credential_of(request, server.settings)
        if credential is None:
            return None
        return await server.authenticate(
            credential, request_id=request_id, address=address_of(request)
        )
    except CrossOrigin:
        raise RequestRefused(403, CROSS_ORIGIN, "CROSS_ORIGIN") from None
    except PoolTimeoutError:
        raise RequestRefused(503, BUSY, "UNAVAILABLE", **{"Retry-After": "1"}) from None


async def _read(request: Request) -> Operation:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise RequestRefused(415, "Send application/json.", "UNSUPPORTED_MEDIA_TYPE")
    try:
        return read_operation(orjson.loads(await _body(request)))
    except orjson.JSONDecodeError:
        raise RequestRefused(400, "The body is not JSON.", "BAD_REQUEST") from None
    except BadOperation as error:
        raise RequestRefused(400, str(error), "BAD_REQUEST") from None


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_BODY:
                raise RequestRefused(
                    413, f"The body is larger than {MAXIMUM_BODY} bytes.", "PAYLOAD_TOO_LARGE"
                )
    except ClientDisconnect:
        raise RequestRefused(400, "The body ended early.", "BAD_REQUEST") from None
    return bytes(body)


def _media_type(request: Request) -> str:
    return GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else JSON


def _status(answer: Answer, media_type: str) -> int:
    return 400 if "data" not in answer and media_type == GRAPHQL_JSON else 200


def _respond(
    answer: Answer, status: int, media_type: str, request_id: str, headers: dict[str, str]
) -> Response:
    return Response(
        orjson.dumps(answer),
        status_code=status,
        media_type=f"{media_type}; charset=utf-8",
        headers={"X-Request-Id": request_id, "Cache-Control": "no-store", **headers},
    )
