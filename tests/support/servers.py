"""A real server on a real socket in this process, and what talks to it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn

from pinmark.app import create_app
from pinmark.draining import StoppingServer
from pinmark.finished_frames import FinishedFramesProtocol
from pinmark.server_state import Server
from pinmark.serving import MAXIMUM_SOCKET_MESSAGE
from pinmark.settings import Settings
from tests.support.graphql_ws import GraphQLSocket, open_socket

Data = dict[str, Any]


@dataclass(frozen=True)
class Client:
    """What talks to the server at ``base``, as the owner unless told otherwise."""

    base: str
    token: str
    client: httpx2.AsyncClient

    async def graphql(self, query: str, *, token: str | None = None, **variables: Any) -> Data:
        """Run an operation over HTTP; give the whole answer, errors included."""
        response = await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        return response.json()

    async def data(self, query: str, *, token: str | None = None, **variables: Any) -> Data:
        """Run an operation that must succeed; give its data."""
        answer = await self.graphql(query, token=token, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def socket(self, *, token: str | None = None) -> AbstractAsyncContextManager[GraphQLSocket]:
        return open_socket(self.base, token=token or self.token)


@dataclass(frozen=True)
class RunningServer(Client):
    """A server under test in this process, and the parts it is made of."""

    parts: Server


@asynccontextmanager
async def running_server(
    settings: Settings,
    database_url: str,
    *,
    with_worker: bool = True,
    sockets: type[asyncio.Protocol] = FinishedFramesProtocol,
) -> AsyncGenerator[RunningServer]:
    """Serve on a free port until the block ends."""
    app = create_app(settings, url=database_url, with_worker=with_worker)
    config = uvicorn.Config(
        app,
        port=0,
        log_config=None,
        ws=sockets,
        ws_max_size=MAXIMUM_SOCKET_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    server = StoppingServer(config, drain_seconds=0)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    token = settings.owner_token_file.read_text().strip()
    try:
        async with httpx2.AsyncClient(base_url=base, timeout=30) as client:
            yield RunningServer(base, token, client, server.lifespan.state["server"])
    finally:
        server.should_exit = True
        await serving
