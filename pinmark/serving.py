"""Running the server and the worker as processes: signals, sockets, the order of things."""

import asyncio
import signal
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from pinmark.app import create_app
from pinmark.assembly import open_installation
from pinmark.logs import configure_logs
from pinmark.postgres import running_postgres, serving_postgres
from pinmark.settings import Settings
from pinmark.welcome import welcome
from pinmark.worker import work_forever

MAXIMUM_SOCKET_MESSAGE = 1024 * 1024
GRACE_SECONDS = 5


def serve(settings: Settings, *, demo: bool, with_worker: bool, say: Callable[[str], None]) -> None:
    """Serve until told to stop; the embedded Postgres ends with the server."""
    configure_logs()
    # uvicorn raises the signal again once it has shut down; the way out must still be a return.
    signal.signal(signal.SIGTERM, _exit)
    with serving_postgres(settings) as url:
        app = create_app(settings, url=url, with_worker=with_worker, demo=demo)
        server = _Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                access_log=False,
                log_config=None,
                loop="uvloop",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=MAXIMUM_SOCKET_MESSAGE,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            ),
            lambda base: say(welcome(settings, base=base, demo=demo)),
        )
        server.run()
    if not server.started:
        sys.exit(1)


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, started: Callable[[str], None]) -> None:
        super().__init__(config)
        self._say_started = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        await super().startup(sockets)  # pyright: ignore[reportArgumentType]
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            self._say_started(f"http://{self.config.host}:{port}")


def work(settings: Settings) -> None:
    """Run a worker beside a server until told to stop."""
    configure_logs()
    signal.signal(signal.SIGTERM, _exit)
    url = running_postgres(settings)
    asyncio.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    async with open_installation(settings, url) as installation:
        await work_forever(installation, url)


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
