"""``/graphql`` over HTTP, one operation a request.

Source: the GraphQL over HTTP specification. A request that is no operation answers 400; one
that did not begin to run answers 400 to clients that accept
``application/graphql-response+json`` and 200 to those that only know ``application/json``.
What a client wants as ``text/event-stream`` is streamed. A query that comes by GET is answered
with an ``ETag``, and with 304 to who has that answer (RFC 9110, 13).
"""

from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple
from uuid import UUID
from weakref import ref

import orjson
import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response

from pinmark import graphql_sse
from pinmark.auth.credentials import CROSS_ORIGIN, Credential, CrossOrigin, credential_of
from pinmark.entity_tags import etag_of, is_known
from pinmark.fresh_answers import Kept, Question, is_whole, who_asks
from pinmark.graphql_requests import (
    GRAPHQL_JSON,
    RequestRefused,
    Wanted,
    check_method,
    read_request,
    wanted_by,
)
from pinmark.graphql_sse import EventStream
from pinmark.media_types import accept_of
from pinmark.operations import (
    ANY_KIND,
    READING,
    Answer,
    Operation,
    Proof,
    execute,
    internal_error,
    is_mutation,
    request_error,
    too_many,
)
from pinmark.rate_limits import TooManyRequests
from pinmark.reach import Reach, apps_of, reach_of
from pinmark.repeated_requests import Repeatable, body_digest, head_digest
from pinmark.server_state import Server, address_of, new_request_id, server_of
from pinmark.tracing import span
from pinmark.trouble import BUSY
from pinmark.waiting import waiting_for_anything
from services.database_revisions import Revision
from services.principals import Principal

OF_WHO_ASKS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
"""Who keeps such an answer asks whether it is still the one, as the very same caller."""

log = structlog.get_logger()


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
        check_method(request, wanted)
        server = server_of(request)
        credential = _credential(request, server)
        revision = None if credential is None else await server.revisions.read()
        principal = await _authenticate(request, server, credential, request_id, revision)
        if credential is None or principal is None:
            raise _unknown()
        server.limits.spend(principal)
        with waiting_for_anything() as waited:
            operation, body = await read_request(request)
        if waited():  # for the body, and meanwhile anything may have been written
            revision = await server.revisions.read()
            principal = await _authenticate(request, server, credential, request_id, revision)
            if principal is None:
                raise _unknown()
    except TooManyRequests as many:
        return too_often(many, wanted.media_type, request_id)
    except RequestRefused as refused:
        return _respond(
            refused.answer, refused.status, wanted.media_type, request_id, refused.headers
        )
    if wanted.as_stream(operation):
        streamed = _streamed(request, operation, credential, principal)
        return EventStream(server, streamed)
    proof = None if revision is None else Proof(revision, server.revisions.read)
    asked = Asked(request, server, principal, operation, request_id, wanted.media_type, proof)
    if (
        server.keeps_answers
        and revision is not None
        and reach_of(operation.query) is not Reach.MORE
    ):
        return await _answer_by_revision(asked, credential, body, revision)
    if request.method == "GET" and is_mutation(operation):
        refusal = request_error("A mutation is sent with POST.", "METHOD_NOT_ALLOWED")
        return asked.respond(orjson.dumps(refusal), 405, Allow="POST")
    answer, status, *_ = await asked.execute()
    return asked.respond(answer, status)


async def _answer_by_revision(
    asked: "Asked", credential: Credential, body: bytes, revision: Revision
) -> Response:
    """An answer that is the same for as long as what it depends on is."""
    question, by_get = asked.question, asked.request.method == "GET"
    etag = etag_of(question.tag(revision, asked.media_type)) if by_get else ""
    if by_get and is_known(asked.request.headers, etag):
        asked.note_answered(perf_counter())
        return asked.respond(b"", 304, ETag=etag, **OF_WHO_ASKS)
    answer, status, whole, _ = await _fresh(asked, question, revision)
    if by_get:
        return asked.respond(answer, status, **({"ETag": etag, **OF_WHO_ASKS} if whole else {}))
    kept = asked.server.answers.find(question, revision)
    if kept is not None:
        _know_again(asked, credential, body, kept)
    return asked.respond(answer, status)


async def _fresh(asked: "Asked", question: Question, revision: Revision) -> "Answered":
    """The answer as it is kept, or is being made, at this revision; or made now."""
    answers = asked.server.answers
    began = perf_counter()
    kept = answers.find(question, revision)
    body = await answers.made_by_another(question, revision) if kept is None else kept.body
    if body is not None:
        asked.note_answered(began)
        return Answered(body, 200, True, None)
    with answers.making(question, revision) as making:
        made = await asked.execute()
        if made.is_whole:
            answers.keep(question, revision, made.body, made.apps)
            making.set_result(made.body)
    return made


def _know_again(asked: "Asked", credential: Credential, body: bytes, kept: Kept) -> None:
    """Have the same request answered the short way from here on, while the answer is kept."""
    server = asked.server
    shown = server.remembered_as(credential)
    if shown is None:
        return
    principal = server.authenticator.remembered(shown, kept.revision)
    if principal is None or who_asks(principal) != kept.question.asked_by:
        return
    request = Repeatable(ref(kept), asked.media_type, shown, principal)
    server.repeated.note(head_digest(asked.request.scope), body_digest(body), request)


class Answered(NamedTuple):
    """An answer with its status, whether it answers a query without an error, and which apps alone
    it is about, if that is known.
    """

    body: bytes
    status: int
    is_whole: bool
    apps: frozenset[UUID] | None


@dataclass(frozen=True)
class Asked:
    """An operation of somebody known, whose answer is no stream."""

    request: Request
    server: Server
    principal: Principal
    operation: Operation
    request_id: str
    media_type: str
    proof: Proof | None

    @property
    def question(self) -> Question:
        return Question.of(self.operation, self.principal, str(self.request.base_url))

    async def execute(self) -> Answered:
        context = self.server.context(self.principal, base_url=str(self.request.base_url))
        began = perf_counter()
        with span("graphql", request_id=self.request_id) as told:
            answer = await execute(
                context, self.operation, request_id=self.request_id, proof=self.proof
            )
            told["graphql.operation.type"] = context.kind or "none"
        self.server.metrics.answered("http", context.kind, answer, began)
        status = _status(answer, self.media_type)
        whole = is_whole(context.kind, answer)
        apps = apps_of(self.operation.query, context)
        return Answered(orjson.dumps(answer), status, whole, apps)

    def note_answered(self, began: float) -> None:
        """A query was answered without executing it."""
        with span("graphql", request_id=self.request_id) as told:
            told["graphql.operation.type"] = "query"
        self.server.metrics.answered("http", "query", {}, began)

    def respond(self, body: bytes, status: int, **headers: str) -> Response:
        return _respond_bytes(body, status, self.media_type, self.request_id, headers)


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


def _unknown() -> RequestRefused:
    return RequestRefused(
        401,
        "Send a valid token as `Authorization: Bearer …`, or sign in.",
        "UNAUTHENTICATED",
        **{"WWW-Authenticate": "Bearer"},
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
    revision: Revision | None,
) -> Principal | None:
    if credential is None:
        return None
    try:
        return await server.authenticate(
            credential,
            request_id=request_id,
            address=address_of(request),
            revision=revision if server.keeps_answers else None,
        )
    except PoolTimeoutError:
        raise RequestRefused(503, BUSY, "UNAVAILABLE", **{"Retry-After": "1"}) from None


def too_often(many: TooManyRequests, media_type: str, request_id: str) -> Response:
    """The answer to a caller that has to wait."""
    return _respond(too_many(many), 429, media_type, request_id, many.headers)


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
