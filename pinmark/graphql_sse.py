"""``/graphql`` as server-sent events: the distinct connections mode of the graphql-sse protocol.

Source: PROTOCOL.md of the graphql-sse library. One operation a request; each of its answers is an
event ``next``, and ``complete`` is its end. An answer of a subscription has as ``id`` the cursor
to go on from. What ends the stream from outside the operation is told as an answer of errors and
``complete``; a stream that ends without ``complete`` was cut, and its client comes back with the
last id it got. Each event is sent before the next is read, so a slow client holds its own stream
back and nothing piles up in memory.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import orjson
import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType

from pinmark.auth.credentials import Credential
from pinmark.background import is_cancelled
from pinmark.groups import (
    Followed,
    GroupFailed,
    Member,
    Told,
    TooSlow,
    event_of,
    followed_by,
)
from pinmark.open_connections import TooManyConnections
from pinmark.operations import ANY_KIND, Answer, Operation, request_error, stream
from pinmark.server_state import Server
from pinmark.standing import CredentialEnded, Follows, PermissionWithdrawn, Standing
from pinmark.trouble import BUSY, INTERNAL
from schema.context import Context
from services.principals import Principal

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
SEND_SECONDS = 30.0

COMMENT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
TOO_SLOW = "the client reads too slowly"

log = structlog.get_logger()


@dataclass(frozen=True)
class Request:
    """What a client asked to be streamed, and what it showed."""

    operation: Operation
    credential: Credential
    principal: Principal
    """Whose it was when the request came."""
    address: str | None
    base_url: str
    received: str | None = None
    """The id of the last event it got before, if it goes on."""
    allowed: frozenset[OperationType] = ANY_KIND

    @property
    def request_id(self) -> str:
        assert self.principal.request_id is not None  # who was recognised for a request has its id
        return self.principal.request_id


class Ended(Exception):
    """The stream is ended from outside its operation; the client is told why."""

    def __init__(self, message: str, code: str, **extensions: str) -> None:
        super().__init__(message)
        self.answer = request_error(message, code, **extensions)


class Cut(Exception):
    """Nothing can be said to the client any more, or is to be: it went, or reads too slowly."""


class EventStream(Response):
    """The answers of one operation, for as long as its client may have them."""

    def __init__(self, server: Server, request: Request) -> None:
        super().__init__()
        self._server = server
        self._request = request
        self._following: set[Follows] = set()
        self._stands_no_more: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sending = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._send_message = send
        connections = self._server.connections
        try:
            with connections.one(), connections.one_of(self._request.principal):
                await self._stream(receive)
        except TooManyConnections as many:
            await self._refusal(many)(scope, receive, send)

    async def _stream(self, receive: Receive) -> None:
        try:
            await self._send_message(
                {"type": "http.response.start", "status": 200, "headers": self._headers()}
            )
            await self._write(COMMENT)  # what is in between passes the head on with the first byte
            await self._serve(receive)
        except Cut as cut:
            log.debug("event stream cut", reason=str(cut), request_id=self._request.request_id)

    def _refusal(self, many: TooManyConnections) -> Response:
        answer = request_error(f"{many}.", "RATE_LIMITED")
        headers = {"Retry-After": "5", "X-Request-Id": self._request.request_id}
        return Response(
            orjson.dumps(answer), 429, headers, media_type="application/json; charset=utf-8"
        )

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-request-id", self._request.request_id.encode()),
        ]

    async def _serve(self, receive: Receive) -> None:
        """Stream until the first of what can end it has."""
        server = self._server
        with server.standings.one(server, lambda: self._following, self._stands) as standing:
            try:
                await self._begin(standing)
                await _first_of(
                    self._answer(standing),
                    self._watch(),
                    _until_gone(receive),
                    self._keep_alive(),
                    self._server.stopping.turn(),
                )
            except Ended as ended:
                await self._write(event_of(orjson.dumps(ended.answer), None) + COMPLETE)
        await self._write(b"", more=False)

    async def _begin(self, standing: Standing) -> None:
        request = self._request
        try:
            if not await standing.begin(request.credential, address=request.address):
                raise Ended("What you showed is good no more.", "UNAUTHENTICATED")
        except PoolTimeoutError:
            raise Ended(BUSY, "UNAVAILABLE") from None

    async def _answer(self, standing: Standing) -> None:
        request = self._request
        followed = None
        if OperationType.SUBSCRIPTION in request.allowed:
            followed = followed_by(request.operation, request.base_url, request.received)
        if followed is None:
            await self._run(standing)
        else:
            await self._follow(standing, followed)
        await self._write(COMPLETE)

    async def _follow(self, standing: Standing, followed: Followed) -> None:
        """Be told what a group of those who follow the same is told."""
        subscriber = Subscriber(self, self._server, standing, followed)
        self._following.add(subscriber)
        self._server.groups.join(subscriber)
        try:
            await subscriber.over
        finally:
            ending = subscriber.leave()
            if ending is not None:
                await asyncio.gather(ending, return_exceptions=True)

    async def _run(self, standing: Standing) -> None:
        request = self._request
        context = self._server.context(
            replace(standing.principal, request_id=request.request_id), base_url=request.base_url
        )
        context.received = request.received
        self._following.add(context)
        answers = stream(
            context, request.operation, request_id=request.request_id, allowed=request.allowed
        )
        try:
            async with aclosing(answers):
                async for answer in answers:
                    await self._write(event_of(orjson.dumps(answer), context.place))
        except Cut:
            raise
        except Exception:
            if is_cancelled():
                raise
            log.exception("operation on an event stream failed", request_id=request.request_id)
            raise failed(request.request_id) from None

    def _stands(self, error: Exception) -> None:
        if not self._stands_no_more.done():
            self._stands_no_more.set_exception(error)

    async def _watch(self) -> None:
        try:
            await self._stands_no_more
        except CredentialEnded:
            raise Ended("What you showed is good no more.", "UNAUTHENTICATED") from None
        except PermissionWithdrawn as withdrawn:
            raise Ended(str(withdrawn), "PERMISSION_DENIED") from None

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            await self._write(COMMENT)

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        """Send it; a client that takes nothing for long is cut off, and comes back if it wants."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.send(body, more=more)
        except TimeoutError:
            raise Cut(TOO_SLOW) from None

    async def send(self, body: bytes, *, more: bool = True) -> None:
        """Send it, however long it takes."""
        try:
            async with self._sending:
                await self._send_message(
                    {"type": "http.response.body", "body": body, "more_body": more}
                )
        except OSError:
            raise Cut("the client went") from None


class Subscriber(Member):
    """A subscription over an event stream, in a group of those who follow the same."""

    __slots__ = ("_standing", "_stream", "over")

    def __init__(
        self, stream: EventStream, server: Server, standing: Standing, followed: Followed
    ) -> None:
        super().__init__(server, followed)
        self._stream = stream
        self._standing = standing
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def principal(self) -> Principal:
        return self._standing.principal

    @property
    def patience(self) -> float:
        return SEND_SECONDS

    async def tell(self, told: Told) -> None:
        await self._stream.send(told.event)

    async def complete(self) -> None:
        if not self.over.done():
            self.over.set_result(None)

    async def refuse(self, answer: Answer, context: Context, began: float) -> None:
        await self._stream.send(event_of(orjson.dumps(answer), None))
        await self.complete()

    def broken(self, error: Exception) -> None:
        match error:
            case TooSlow():
                error = Cut(TOO_SLOW)
            case GroupFailed():
                error = failed(str(error))
            case _:
                pass
        if not self.over.done():
            self.over.set_exception(error)
            self.over.exception()  # the stream may end by something else at the same moment


def failed(request_id: str) -> Ended:
    return Ended(INTERNAL, "INTERNAL_SERVER_ERROR", requestId=request_id)


async def _first_of(*parts: Coroutine[Any, Any, object]) -> None:
    """Run all of them until one has ended, the first of several; what it raised is raised."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = next(task for task in tasks if task.done())
    finally:
        await _end(tasks)
    ended.result()


async def _end(tasks: Sequence[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    raise Cut("the client went")
