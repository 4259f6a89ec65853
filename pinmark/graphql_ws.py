"""``/graphql`` over a websocket: the graphql-transport-ws protocol.

Source: PROTOCOL.md of the graphql-ws library. A client says ``connection_init`` within a few
seconds with its ``Authorization``, or without one from a page of ours, whose session came with
the handshake; then it runs operations under ids of its own choice. When what it showed ends, so
does the socket. What it does wrong closes the socket with the protocol's code; an error of one
operation ends that operation alone. Each operation sends before it reads on, so a slow client
holds its own operations back and nothing piles up in memory.
"""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from sys import intern
from time import perf_counter
from typing import Any, cast

import orjson
import structlog
from starlette.datastructures import URL
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from pinmark.auth.credentials import Credential, socket_credential
from pinmark.background import is_cancelled
from pinmark.groups import Followed, GroupFailed, Member, Told, TooSlow, followed_by
from pinmark.open_connections import TooManyConnections
from pinmark.operations import (
    Answer,
    BadOperation,
    Operation,
    read_operation,
    stream,
    too_many,
)
from pinmark.outgoing import Outgoing
from pinmark.rate_limits import TooManyRequests
from pinmark.server_state import Server, address_of, new_request_id, server_of
from pinmark.standing import CredentialEnded, Follows, PermissionWithdrawn, Standing
from schema.context import Context
from services.principals import Principal

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 5.0
SEND_SECONDS = 30.0
MAXIMUM_OPERATIONS = 100
MAXIMUM_REASON = 123  # bytes: what a close frame can hold

BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
INIT_TIMEOUT = 4408
SUBSCRIBER_EXISTS = 4409
TOO_MANY_INITS = 4429
SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013

LOOK_SECONDS = 0.05

Message = dict[str, Any]
log = structlog.get_logger()


class Close(Exception):
    """The client broke the protocol, or cannot be served: the socket closes with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:MAXIMUM_REASON].decode(errors="ignore")


async def graphql_socket(websocket: WebSocket) -> None:
    """Serve one socket from its handshake to its close."""
    if PROTOCOL not in websocket.scope.get("subprotocols", []):
        await websocket.accept()
        await websocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable")
        return
    await websocket.accept(subprotocol=PROTOCOL)
    server = server_of(websocket)
    try:
        with server.connections.one():
            await Connection(websocket, server).serve()
    except WebSocketDisconnect:
        log.debug("socket closed by the client")
    except TooManyConnections as many:
        await websocket.close(TRY_AGAIN_LATER, str(many))
    except Close as close:
        if websocket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):  # the client may leave at the same moment
                await websocket.close(close.code, close.reason)


class Connection:
    """One socket: its principal, and what goes on over it by its ids: an operation, or the
    membership in a group that follows the same.
    """

    __slots__ = (
        "_broken",
        "_contexts",
        "_operations",
        "_server",
        "_standing",
        "_websocket",
        "outgoing",
    )

    def __init__(self, websocket: WebSocket, server: Server) -> None:
        self._websocket = websocket
        self._server = server
        self._standing: Standing | None = None
        self._operations: dict[str, asyncio.Task[None] | Subscriber] = {}
        self._contexts: dict[Context, asyncio.Task[None]] = {}
        self.outgoing = Outgoing(websocket)
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Serve until something breaks; one task reads, and everybody else tells when."""
        server = self._server
        with (
            server.standings.one(server, self._following, self._stands_no_more) as self._standing,
            server.stopping.telling(self._leave),
        ):
            reading = asyncio.create_task(self._read())
            reading.add_done_callback(self._reads_no_more)
            try:
                await self._broken
            finally:
                await self._end(reading)

    async def _end(self, *tasks: asyncio.Task[None]) -> None:
        ending = {*tasks, *(task for each in self._operations.values() if (task := _stop(each)))}
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        if not self._broken.cancel():
            self._broken.exception()  # one that came too late to be the reason for the end

    def _following(self) -> list[Follows]:
        members = [each for each in self._operations.values() if isinstance(each, Subscriber)]
        return [*self._contexts, *members]

    def _stands_no_more(self, error: Exception) -> None:
        match error:
            case CredentialEnded():
                self.fail(Close(UNAUTHORIZED, "Unauthorized"))
            case PermissionWithdrawn():
                self.fail(Close(FORBIDDEN, f"Forbidden: {error}"))
            case _:
                self.fail(error)

    def _reads_no_more(self, reading: asyncio.Task[None]) -> None:
        error = None if reading.cancelled() else reading.exception()
        if isinstance(error, Exception):
            self.fail(error)

    def _leave(self) -> None:
        """Close because the server stops, with what is under way answered; only what follows
        something has no end to wait for.
        """
        answering = [each for at, each in self._contexts.items() if at.admission is None]
        if answering:
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._leave)
        else:
            self.fail(Close(SERVICE_RESTART, "The server is stopping; connect again"))

    async def _read(self) -> None:
        await self._initialise()
        try:
            with self._server.connections.one_of(self.principal):
                await self._send({"type": "connection_ack"})
                while True:
                    await self._take(await self._receive())
        except TooManyConnections as many:
            raise Close(TRY_AGAIN_LATER, str(many)) from None

    async def _take(self, message: Message) -> None:
        match message.get("type"):
            case "ping":
                await self._pong(message)
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                await self._complete(message)
            case "connection_init":
                raise Close(TOO_MANY_INITS, "Too many initialisation requests")
            case _:
                raise Close(BAD_REQUEST, "Unknown message type")

    async def _initialise(self) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS):
                message = await self._receive()
                while message.get("type") in ("ping", "pong"):
                    if message["type"] == "ping":
                        await self._pong(message)
                    message = await self._receive()
        except TimeoutError:
            raise Close(INIT_TIMEOUT, "Connection initialisation timeout") from None
        if message.get("type") != "connection_init":
            raise Close(UNAUTHORIZED, "Unauthorized")
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Close(BAD_REQUEST, "The payload of connection_init must be an object")
        await self._authenticate(cast(Message, payload or {}))

    async def _authenticate(self, payload: Message) -> None:
        assert self._standing is not None
        given = payload.get("Authorization", payload.get("authorization"))
        address = address_of(self._websocket)
        if given is None:  # a page of ours, whose session came with the handshake
            given = socket_credential(self._websocket, self._server.settings)
        if not isinstance(given, Credential) or not await self._standing.begin(
            given, address=address
        ):
            raise Close(UNAUTHORIZED, "Unauthorized")

    async def _receive(self) -> Message:
        """The next message as an object; anything else breaks the protocol."""
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1005))
        text = received.get("text")
        if text is None:
            raise Close(BAD_REQUEST, "Messages must be text")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Close(BAD_REQUEST, "The message is not JSON") from None
        if not isinstance(message, dict):
            raise Close(BAD_REQUEST, "The message must be an object")
        return cast(Message, message)

    async def _pong(self, ping: Message) -> None:
        payload = ping.get("payload")
        pong: Message = {"type": "pong", **({} if payload is None else {"payload": payload})}
        try:
            await self._send(pong)
        except orjson.JSONEncodeError:  # it reads deeper nesting than it writes
            raise Close(BAD_REQUEST, "The payload of ping is nested too deeply") from None

    async def _subscribe(self, message: Message) -> None:
        identity = self._identity(message)
        if identity in self._operations:
            raise Close(SUBSCRIBER_EXISTS, f"Subscriber for {identity[:80]} already exists")
        if len(self._operations) >= MAXIMUM_OPERATIONS:
            raise Close(TRY_AGAIN_LATER, "Too many operations on one socket")
        try:
            operation = read_operation(message.get("payload"))
        except BadOperation as error:
            raise Close(BAD_REQUEST, str(error)) from None
        try:
            self._server.limits.spend(self.principal)
        except TooManyRequests as many:
            payload = too_many(many)["errors"]
            await self._send({"type": "error", "id": identity, "payload": payload})
            return
        self._begin(identity, operation)

    def _begin(self, identity: str, operation: Operation) -> None:
        followed = followed_by(operation, _http_origin(self._websocket))
        if followed is None:
            task = asyncio.create_task(self._run(identity, operation))
            self._operations[identity] = task
        else:
            subscriber = Subscriber(self, self._server, identity, followed)
            self._operations[identity] = subscriber
            self._server.groups.join(subscriber)

    async def _complete(self, message: Message) -> None:
        operation = self._operations.pop(self._identity(message), None)
        ending = None if operation is None else _stop(operation)
        if ending is not None:
            await asyncio.gather(ending, return_exceptions=True)

    @property
    def principal(self) -> Principal:
        assert self._standing is not None
        return self._standing.principal

    def _identity(self, message: Message) -> str:
        identity = message.get("id")
        if not isinstance(identity, str) or not identity:
            raise Close(BAD_REQUEST, "id must be a string that is not empty")
        return identity

    async def _run(self, identity: str, operation: Operation) -> None:
        """Run one operation and tell its end; its failure is its own."""
        request_id = new_request_id()
        principal = replace(self.principal, request_id=request_id)
        context = self._server.context(principal, base_url=_http_origin(self._websocket))
        last: Message = {"type": "complete", "id": identity}
        began = perf_counter()
        self._contexts[context] = cast(asyncio.Task[None], asyncio.current_task())
        try:
            async with aclosing(stream(context, operation, request_id=request_id)) as answers:
                async for answer in answers:
                    if context.admission is None:
                        self._server.metrics.answered("websocket", context.kind, answer, began)
                    if "data" not in answer:
                        last = {"type": "error", "id": identity, "payload": answer["errors"]}
                        break
                    await self._send({"type": "next", "id": identity, "payload": answer})
            # The id is free once the end is on its way: a client may use it again at once.
            self.forget(identity)
            await self._send(last)
        except (Close, WebSocketDisconnect) as error:
            self.fail(error)
        except Exception as error:
            if is_cancelled():  # what breaks on its way out is no trouble of its neighbours
                log.debug("operation broke when it was cancelled", error=repr(error))
            else:
                log.exception("operation on a socket failed", request_id=request_id)
                self.fail(Close(1011, f"Internal error, request {request_id}"))
            raise error
        finally:
            self._contexts.pop(context, None)

    def forget(self, identity: str) -> None:
        """Free the id; what goes on under it is at its end."""
        operation = self._operations.get(identity)
        if isinstance(operation, Subscriber) or operation is asyncio.current_task():
            del self._operations[identity]

    def fail(self, error: Exception) -> None:
        """End the socket by this, unless it ends already."""
        if not self._broken.done():
            self._broken.set_exception(error)

    async def _send(self, message: Message) -> None:
        """Send one message; a client that takes none for long is told to come back later."""
        text = _json(message)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.outgoing.send(text)
        except TimeoutError:
            raise too_slow() from None


class Subscriber(Member):
    """A subscription over a socket, in a group of those who follow the same."""

    __slots__ = ("_connection", "_head", "_identity", "_outgoing")

    def __init__(
        self, connection: Connection, server: Server, identity: str, followed: Followed
    ) -> None:
        super().__init__(server, followed)
        self._connection = connection
        self._outgoing = connection.outgoing
        self._identity = identity
        self._head = intern(f'{{"type":"next","id":{_json(identity)},"payload":')
        """What stands before each answer; most clients use the same few ids."""

    @property
    def principal(self) -> Principal:
        return self._connection.principal

    @property
    def patience(self) -> float:
        return SEND_SECONDS

    def take(self, told: Told) -> bool:
        return self._outgoing.write(told, self._head)

    async def tell(self, told: Told) -> None:
        await self._outgoing.send(f"{self._head}{told.text}}}")

    async def complete(self) -> None:
        self._connection.forget(self._identity)
        await self._outgoing.send(_json({"type": "complete", "id": self._identity}))

    async def refuse(self, answer: Answer, context: Context, began: float) -> None:
        if context.admission is None:
            self.server.metrics.answered("websocket", context.kind, answer, began)
        self._connection.forget(self._identity)
        message = {"type": "error", "id": self._identity, "payload": answer["errors"]}
        await self._outgoing.send(_json(message))

    def broken(self, error: Exception) -> None:
        match error:
            case TooSlow():
                self._connection.fail(too_slow())
            case GroupFailed():
                self._connection.fail(Close(1011, f"Internal error, request {error}"))
            case _:
                self._connection.fail(error)


def too_slow() -> Close:
    return Close(TRY_AGAIN_LATER, "The client reads too slowly")


def _stop(operation: "asyncio.Task[None] | Subscriber") -> asyncio.Task[None] | None:
    """End it; what is still to be waited for is given."""
    if isinstance(operation, Subscriber):
        return operation.leave()
    operation.cancel()
    return operation


def _json(message: object) -> str:
    return orjson.dumps(message).decode()


def _http_origin(websocket: WebSocket) -> str:
    url = URL(scope=websocket.scope)  # a socket would keep its own for as long as it is open
    return f"{'https' if url.scheme == 'wss' else 'http'}://{url.netloc}"
