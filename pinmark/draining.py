"""How a server goes when it is told to: in order, within a bounded time, losing nothing.

    signal       not ready any more, still answering; the worker gives back what it has in hand
    spread       sockets are closed one after another, to be opened again elsewhere
    finishing    what is under way is finished and answered; nothing new is taken
    end          what it borrowed is closed, its Postgres last

Whatever is left after all this is ended by the kernel. So is all of it by a second signal: that
is as good as ``kill -9``, which loses nothing either.
"""

import asyncio
import signal
from contextlib import suppress
from socket import socket
from types import FrameType

import structlog
import uvicorn

from pinmark.server_state import Server
from pinmark.stopping import end_at_last, end_at_once

FINISHING_SECONDS = 7.0
CLOSING_SECONDS = 4.5
AT_LEAST_SECONDS = 14.5  # who waits for nobody need not be ended sooner on a busy machine

log = structlog.get_logger()


class StoppingServer(uvicorn.Server):
    """Says that it stops, lets what is under way finish, and then stops.

    SIGTERM comes from what runs many servers, so the sockets are given ``drain_seconds`` to go
    elsewhere; who presses Ctrl-C waits for nobody.
    """

    def __init__(self, config: uvicorn.Config, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._spread = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            end_at_once(sig)
        self._spread = self._drain_seconds if sig == signal.SIGTERM else 0.0
        end_at_last(max(AT_LEAST_SECONDS, self._spread + FINISHING_SECONDS + CLOSING_SECONDS))
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        now = asyncio.get_running_loop().time
        until = now() + self._spread + FINISHING_SECONDS
        server: Server | None = self.lifespan.state.get("server")
        if server is not None:
            log.info("told to stop", sockets=server.connections.open, spread=self._spread)
            server.stopping.begin(self._spread)
            await asyncio.sleep(self._spread)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await server.connections.until_none()
            log.info("sockets are closed", left=server.connections.open)
        self.config.timeout_graceful_shutdown = max(1, round(until - now()))
        await super().shutdown(sockets)
        log.info("stopped")
