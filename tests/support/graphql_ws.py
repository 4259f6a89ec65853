"""A small client of graphql-transport-ws over a real socket."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from anyio import fail_after
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

HANG_GUARD = 60

Message = dict[str, Any]


class OperationFailed(Exception):
    """The server answered an operation with ``error``; ``errors`` is what it said."""

    def __init__(self, errors: list[Message]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class AnswerIncomplete(AssertionError):
    """An answer came with errors beside its data."""


class GraphQLSocket:
    """One socket; one operation at a time through ``run``, anything through ``send``."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._operations = 0

    async def send(self, message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def receive(self) -> Message:
        return orjson.loads(await self.connection.recv())

    async def initialise(self, token: str | None) -> None:
        payload = {} if token is None else {"Authorization": f"Bearer {token}"}
        await self.send({"type": "connection_init", "payload": payload})
        assert (await self.receive())["type"] == "connection_ack"

    async def close_code(self) -> int:
        """The code that the server closes it with, whatever it says before."""
        with fail_after(HANG_GUARD), suppress(ConnectionClosed):
            while True:
                await self.receive()
        code = self.connection.close_code
        assert code is not None
        return code

    async def stop(self) -> None:
        """End the operation that ``run`` began last; what it still says is passed over."""
        await self.send({"id": str(self._operations), "type": "complete"})

    async def run(self, query: str, **variables: Any) -> AsyncGenerator[Message]:
        """The data of each answer, until the operation completes."""
        self._operations += 1
        identity = str(self._operations)
        payload = {"query": query, "variables": variables}
        await self.send({"id": identity, "type": "subscribe", "payload": payload})
        while True:
            message = await self.receive()
            if message.get("id") != identity:
                continue
            if message["type"] == "complete":
                return
            if message["type"] == "error":
                raise OperationFailed(message["payload"])
            if "errors" in message["payload"]:
                raise AnswerIncomplete(message["payload"])
            yield message["payload"]["data"]


@asynccontextmanager
async def open_socket(base: str, *, token: str | None) -> AsyncGenerator[GraphQLSocket]:
    """An initialised socket to the server at ``base``."""
    async with raw_socket(base) as socket:
        await socket.initialise(token)
        yield socket


@asynccontextmanager
async def raw_socket(
    base: str, *, protocol: str = "graphql-transport-ws"
) -> AsyncGenerator[GraphQLSocket]:
    """A socket on which nothing was said yet."""
    address = base.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=[protocol]) as connection:  # pyright: ignore[reportArgumentType]
        yield GraphQLSocket(connection)
