"""A server of websockets on a real socket, whose application is the test's own."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from pinmark.finished_frames import FinishedFramesProtocol, FrameWriter, take_writer

Application = Callable[[WebSocket], Awaitable[None]]


@dataclass
class FrameServer:
    """Where it listens, and the sockets that it has accepted."""

    port: int = 0
    sockets: "asyncio.Queue[WebSocket]" = field(default_factory=asyncio.Queue[WebSocket])

    def address(self, scheme: str = "ws") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/"

    async def accepted(self) -> tuple[WebSocket, FrameWriter]:
        """The next socket that was accepted, and what writes frames to it."""
        websocket = await self.sockets.get()
        writer = take_writer(websocket.scope)
        assert writer is not None
        return websocket, writer


async def hold(websocket: WebSocket) -> None:
    """Keep the socket until its client goes."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


@asynccontextmanager
async def frame_server(
    application: Application = hold, **options: Any
) -> AsyncGenerator[FrameServer]:
    """Serve sockets, each accepted before the application has it, until the block ends."""
    served = FrameServer()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        served.sockets.put_nowait(websocket)
        await application(websocket)

    usual: dict[str, Any] = {
        "port": 0,
        "lifespan": "off",
        "log_config": None,
        "timeout_graceful_shutdown": 1,
        "ws": FinishedFramesProtocol,
        "ws_per_message_deflate": False,
    }
    config = uvicorn.Config(app, **usual | options)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.005)
    served.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.should_exit = True
        await serving
