"""The server that a promise is tried on, and how it is asked."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
from websockets.asyncio.client import connect

from tests.support.graphql_ws import GraphQLSocket
from tests.support.servers import Client

VIEWER = "{ viewer { name } }"
ANSWERED = {"viewer": {"name": "owner"}}
SESSION = "pinmark_session"


@dataclass(frozen=True)
class Server(Client):
    """A server, who may ask it, and how long to wait for what it should do by itself."""

    session: str
    """The cookie of a session of the dashboard."""
    patience: float

    async def post(self, content: object, **headers: str) -> httpx2.Response:
        """What is answered to a body, as the owner unless told otherwise."""
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        shown = {name: value for name, value in given.items() if value}
        return await self.client.post(
            "/graphql", content=body, headers=shown, timeout=self.patience
        )

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The answer to an operation, whatever it is."""
        return (await self.post({"query": query, "variables": variables})).json()

    @asynccontextmanager
    async def open(
        self, *, protocol: str = "graphql-transport-ws", **headers: str
    ) -> AsyncGenerator[GraphQLSocket]:
        """A socket on which nothing was said yet."""
        address = self.base.replace("http", "ws", 1) + "/graphql"
        async with connect(
            address,
            subprotocols=[protocol],  # pyright: ignore[reportArgumentType]
            additional_headers=headers,
            close_timeout=1,
        ) as connection:
            yield GraphQLSocket(connection)

    @asynccontextmanager
    async def initialised(self) -> AsyncGenerator[GraphQLSocket]:
        async with self.open() as socket:
            await socket.initialise(self.token)
            yield socket


Promise = Callable[[Server], Awaitable[None]]


def code_of(response: httpx2.Response, status: int) -> str:
    """The code of a refusal, which has the status, is JSON, and has no data."""
    assert response.status_code == status, (response.status_code, response.text[:200])
    assert "json" in response.headers["content-type"], response.headers["content-type"]
    return code_in(response.json())


def code_in(answer: dict[str, Any]) -> str:
    assert "data" not in answer
    (error, *_) = answer["errors"]
    assert "extensions" in error, error
    return error["extensions"]["code"]
