"""``/graphql`` over HTTP, one operation a request.

Source: the GraphQL over HTTP specification. A request that is no operation answers 400; one
that did not begin to run answers 400 to clients that accept
``application/graphql-response+json`` and 200 to those that only know ``application/json``.
What a client wants as ``text/event-stream`` is streamed; only that may come by GET.
"""

from dataclasses import dataclass
from time import perf_counter

import orjson
import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pinmark import graphql_sse
from pinmark.auth.credentials import CROSS_ORIGIN, Credential, CrossOrigin, credential_of
from pinmark.fresh_answers import Question, is_of_the_database, is_whole
from pinmark.graphql_sse import EVENT_STREAM, EventStream
from pinmark.media_types import accept_of, quality, read_ranges
from pinmark.operations import (
    ANY_KIND,
    READING,
    Answer,
    BadOperation,
    Operation,
    execute,
    internal_error,
    is_subscription,
    read_operation,
    request_error,
    too_many,
)
from pinmark.rate_limits import TooManyRequests
from pinmark.server_state import Server, address_of, new_request_id, server_of
from pinmark.tracing import span
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


@dataclass(frozen=True)
class Wanted:
    """In which form a client wants its answer."""

    media_type: str
    """Of the answer that is no stream."""
    streams_by_name: bool
    """Whether it takes a stream and says so."""
    prefers_stream: bool

    def as_stream(self, operation: Operation) -> bool:
        return self.prefers_stream or (self.streams_by_name and is_subscription(operation))


async def graphql_endpoint(request: Request) -> Response:
    """Authenticate, read, run, answer. Nothing of the body is parsed for a stranger."""
    request_id = new_request_id()
    wanted = wanted_by(accept_of(request))
    try:
        return await _answer(request, request_id, wanted)
    except Exception:  # a database that is gone, above all: the client learns the id alone
        log.exception("request failed", request_id=request_id)
        return _respond(internal_error(request_id), 500, wanted.media_type, request_id, {})


async def _answer(request: Request, request_id: str, wanted: Wanted) -> Response:
    try:
        _check_method(request, wanted)
        server = server_of(request)
        credential = _credential(request, server)
        revision = None if credential is None else await server.revision()
        principal = await _authenticate(request, server, credential, request_id, revision)
        if credential is None or principal is None:
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
        return _respond(answer, 429, wanted.media_type, request_id, many.headers)
    except RequestRefused as refused:
        return _respond(
            refused.answer, refused.status, wanted.media_type, request_id, refused.headers
        )
    if wanted.as_stream(operation):
        streamed = _streamed(request, operation, credential, principal)
        return EventStream(server, streamed)
    asked = Asked(request, server, principal, operation, request_id, wanted.media_type)
    if revision is None or not is_of_the_database(operation.query):
        body, status, _ = await asked.execute()
        return asked.respond(body, status)
    return await _fresh(asked, revision)


async def _fresh(asked: "Asked", revision: str) -> Response:
    """The answer as it is kept, or is being made, at this revision; or made now."""
    answers, question = asked.server.answers, asked.question
    began = perf_counter()
    kept = answers.find(question, revision) or await answers.made_by_another(question, revision)
    if kept is not None:
        with span("graphql", request_id=asked.request_id) as told:
            told["graphql.operation.type"] = "query"
        asked.server.metrics.answered("http", "query", {}, began)
        return asked.respond(kept, 200)
    with answers.making(question, revision) as making:
        body, status, whole = await asked.execute()
        if whole:
            answers.keep(question, revision, body)
            making.set_result(body)
    return asked.respond(body, status)


@dataclass(frozen=True)
class Asked:
    """An operation of somebody known, whose answer is no stream."""

    request: Request
    server: Server
    principal: Principal
    operation: Operation
    request_id: str
    media_type: str

    @property
    def question(self) -> Question:
        return Question.of(self.operation, self.principal, str(self.request.base_url))

    async def execute(self) -> tuple[bytes, int, bool]:
        """The answer with its status, and whether it answers a query without an error."""
        context = self.server.context(self.principal, base_url=str(self.request.base_url))
        began = perf_counter()
        with span("graphql", request_id=self.request_id) as told:
            answer = await execute(context, self.operation, request_id=self.request_id)
            told["graphql.operation.type"] = context.kind or "none"
        self.server.metrics.answered("http", context.kind, answer, began)
        status = _status(answer, self.media_type)
        return orjson.dumps(answer), status, is_whole(context.kind, answer)

    def respond(self, body: bytes, status: int) -> Response:
        return _respond_bytes(body, status, self.media_type, self.request_id, {})


def wanted_by(accept: str | None) -> Wanted:
    """The form that weighs most. Of equals JSON goes before a stream, because clients that list
    all that they know list both; a form that only a wildcard takes is plain JSON.
    """
    ranges = read_ranges(accept or "*/*")
    named = {media for media, weight in ranges if weight > 0}
    json, graphql_json, stream = (
        quality(media, ranges) if media == JSON or media in named else 0.0
        for media in (JSON, GRAPHQL_JSON, EVENT_STREAM)
    )
    return Wanted(
        media_type=GRAPHQL_JSON if graphql_json >= json and graphql_json > 0 else JSON,
        streams_by_name=stream > 0,
        prefers_stream=stream > max(json, graphql_json),
    )


def _check_method(request: Request, wanted: Wanted) -> None:
    allowed = ("GET", "POST") if wanted.prefers_stream else ("POST",)
    if request.method not in allowed:
        methods = ", ".join(allowed)
        raise RequestRefused(405, "Send a POST.", "METHOD_NOT_ALLOWED", Allow=methods)


def _streamed(
    request: Request, operation: Operation, credential: Credential, principal: Principal
) -> graphql_sse.Request:
    return graphql_sse.Request(
        operation,
        credential=credential,
        principal=principal,
        address=address_of(request),
        base_url=str(request.base_url),
        received=request.headers.get("last-event-id") or None,
        allowed=READING if request.method == "GET" else ANY_KIND,
    )


def _credential(request: Request, server: Server) -> Credential | None:
    try:
        return credential_of(request, server.settings)
    except CrossOrigin:
        raise RequestRefused(403, CROSS_ORIGIN, "CROSS_ORIGIN") from None


async def _authenticate(
    request: Request,
    server: Server,
    credential: Credential | None,
    request_id: str,
    revision: str | None,
) -> Principal | None:
    if credential is None:
        return None
    try:
        return await server.authenticate(
            credential, request_id=request_id, address=address_of(request), revision=revision
        )
    except PoolTimeoutError:
        raise RequestRefused(503, BUSY, "UNAVAILABLE", **{"Retry-After": "1"}) from None


async def _read(request: Request) -> Operation:
    try:
        return read_operation(await _payload(request))
    except orjson.JSONDecodeError:
        raise RequestRefused(400, "The body is not JSON.", "BAD_REQUEST") from None
    except BadOperation as error:
        raise RequestRefused(400, str(error), error.code) from None


async def _payload(request: Request) -> object:
    if request.method == "GET":
        return _from_query(request)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise RequestRefused(415, "Send application/json.", "UNSUPPORTED_MEDIA_TYPE")
    return orjson.loads(await _body(request))


def _from_query(request: Request) -> dict[str, object]:
    given: dict[str, object] = dict(request.query_params)
    variables = request.query_params.get("variables")
    if variables:
        try:
            given["variables"] = orjson.loads(variables)
        except orjson.JSONDecodeError:
            raise RequestRefused(400, "variables is not JSON.", "BAD_REQUEST") from None
    return given


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


def _status(answer: Answer, media_type: str) -> int:
    if "data" in answer or media_type != GRAPHQL_JSON:
        return 200
    return 503 if answer["errors"][0]["extensions"]["code"] == "TIMEOUT" else 400


def _respond(
    answer: Answer, status: int, media_type: str, request_id: str, headers: dict[str, str]
) -> Response:
    return _respond_bytes(orjson.dumps(answer), status, media_type, request_id, headers)


def _respond_bytes(
    body: bytes, status: int, media_type: str, request_id: str, headers: dict[str, str]
) -> Response:
    return Response(
        body,
        status_code=status,
        media_type=f"{media_type}; charset=utf-8",
        headers={"X-Request-Id": request_id, "Cache-Control": "no-store", **headers},
    )
