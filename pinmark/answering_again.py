"""The short way for requests that came before: nothing of them is routed, read or parsed again.

Source: docs/decisions/0082. It stands before everything else that happens to a request. What was
found out about the same bytes holds; asked anew is what may have changed: whether the database is
as it was, whether the caller is still who it was, and whether it may ask so often.
"""

from time import perf_counter
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pinmark.graphql_http import too_often
from pinmark.graphql_requests import GRAPHQL_JSON, JSON
from pinmark.rate_limits import TooManyRequests
from pinmark.repeated_requests import Repeatable, body_digest, head_digest
from pinmark.server_state import Server

PATH = "/graphql"
CONTENT_TYPES = {each: f"{each}; charset=utf-8".encode() for each in (JSON, GRAPHQL_JSON)}


class AnsweringAgain:
    """Answers a repeated question with the same bytes; whatever else comes goes its whole way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        server: Server = scope["state"]["server"]
        began = perf_counter()
        # The body of a stranger is not waited for: only heads that came before are known.
        bodies = server.repeated.with_head(head_digest(scope))
        if bodies is None:
            await self._app(scope, receive, send)
            return
        first = await receive()
        whole = first["type"] == "http.request" and not first.get("more_body", False)
        known = bodies.get(body_digest(first.get("body", b""))) if whole else None
        answer = None if known is None else await _answer(server, known)
        receive = _with(first, receive)
        if known is None or answer is None:
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        try:
            server.limits.spend(known.principal)
        except TooManyRequests as many:
            server.metrics.request("POST", PATH, 429, began)
            await too_often(many, known.media_type, request_id)(scope, receive, send)
            return
        server.metrics.answered_again(PATH, began)
        await _send(answer, known.media_type, request_id, send)


async def _answer(server: Server, known: Repeatable) -> bytes | None:
    """What the request was given, if that and its sender are the same at the database's revision
    of now.
    """
    revision = await server.revisions.read()
    kept = known.answer()
    if revision is None or kept is None or not kept.is_good(revision):
        return None
    if server.authenticator.remembered(known.shown, revision) is not known.principal:
        return None
    server.answers.asked_for(kept)
    return kept.body


async def _send(body: bytes, media_type: str, request_id: str, send: Send) -> None:
    headers = [
        (b"x-request-id", request_id.encode()),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(body)),
        (b"content-type", CONTENT_TYPES[media_type]),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with(first: Message, receive: Receive) -> Receive:
    """Receives what came first once more, and then the rest."""
    pending = [first]

    async def receiving() -> Message:
        return pending.pop() if pending else await receive()

    return receiving
