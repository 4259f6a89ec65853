"""Running the server and the worker as processes: signals, sockets, the order of things."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import FrameType

import structlog
import uvicorn

from pinmark.app import create_app
from pinmark.assembly import open_installation, prepare_data_directory
from pinmark.auth.printed_link import make_sign_in_link
from pinmark.background import running
from pinmark.collecting import leave_out_what_stays
from pinmark.draining import StoppingServer
from pinmark.finished_frames import FinishedFramesProtocol
from pinmark.logs import configure_logs
from pinmark.metrics import Metrics, ProcessReading, separate_listener
from pinmark.postgres import ServingPostgres, has_moved, running_postgres, serving_postgres
from pinmark.server_state import Server
from pinmark.settings import Settings
from pinmark.stopping import end_at_last, end_at_once
from pinmark.tracing import traced
from pinmark.welcome import welcome
from pinmark.worker import work_forever
from services import faults
from services.faults import Fault
from services.installation import Installation
from services.waiting import wait_at_most

MAXIMUM_SOCKET_MESSAGE = 1024 * 1024
MOVE_SECONDS = 1.0
WORKER_SECONDS = 14.0

log = structlog.get_logger()


def serve(settings: Settings, *, demo: bool, with_worker: bool, say: Callable[[str], None]) -> None:
    """Serve until told to stop; the embedded Postgres ends with the server."""
    configure_logs()
    _arm(settings)
    prepare_data_directory(settings)
    # uvicorn raises the signal again once it has shut down; the way out must still be a return.
    signal.signal(signal.SIGTERM, _exit)
    with traced(), serving_postgres(settings) as postgres:
        app = create_app(settings, url=postgres.url, with_worker=with_worker, demo=demo)
        server = _Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                access_log=False,
                log_config=None,
                loop="uvloop",
                http="httptools",
                ws=FinishedFramesProtocol,
                ws_max_size=MAXIMUM_SOCKET_MESSAGE,
                ws_per_message_deflate=False,
            ),
            settings,
            postgres,
            lambda base, started: _welcome(settings, started, base=base, demo=demo, say=say),
        )
        server.run()
    if not server.started:
        sys.exit(1)


async def _welcome(
    settings: Settings, server: Server, *, base: str, demo: bool, say: Callable[[str], None]
) -> None:
    """Say where everything is; the link is for whoever reads the output, and in no log."""
    embedded = settings.database_url is None
    link = None
    if embedded or demo or server.provider is None:
        link = await make_sign_in_link(server.installation, base=settings.public_url or base)
    say(welcome(settings, base=base, demo=demo, link=link))


class _Server(StoppingServer):
    """Says where it listens once it does, and stops when its Postgres has ended."""

    def __init__(
        self,
        config: uvicorn.Config,
        settings: Settings,
        postgres: ServingPostgres,
        started: Callable[[str, Server], Awaitable[None]],
    ) -> None:
        super().__init__(config, drain_seconds=settings.drain_seconds)
        self._postgres = postgres
        self._say_started = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        await super().startup(sockets)  # pyright: ignore[reportArgumentType]
        if self.started:
            leave_out_what_stays()
            port = self.servers[0].sockets[0].getsockname()[1]
            base = f"http://{self.config.host}:{port}"
            await self._say_started(base, self.lifespan.state["server"])

    async def on_tick(self, counter: int) -> bool:
        if self._postgres.has_ended:
            log.error("the embedded Postgres has ended; stopping")
            return True
        return await super().on_tick(counter)


def another_sign_in_link(settings: Settings, *, base: str | None) -> str | None:
    """Another link to sign in with, beside a running server; None where no owner is active."""
    configure_logs()
    return asyncio.run(_another_sign_in_link(settings, base or settings.base_url))


async def _another_sign_in_link(settings: Settings, base: str) -> str | None:
    async with open_installation(settings, running_postgres(settings)) as installation:
        return await make_sign_in_link(installation, base=base)


def work(settings: Settings) -> None:
    """Run a worker beside a server until told to stop."""
    configure_logs()
    _arm(settings)
    with traced():
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    told_to_stop = asyncio.Event()

    def tell(number: int) -> None:
        if told_to_stop.is_set():
            end_at_once(number)
        end_at_last(WORKER_SECONDS)
        told_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, tell, number)
    while not told_to_stop.is_set():
        url = running_postgres(settings)
        async with (
            open_installation(settings, url) as installation,
            _measured(settings, installation) as metrics,
            running(work_forever(installation, url, metrics)),
        ):
            await _until_moved(settings, url, told_to_stop)


@asynccontextmanager
async def _measured(settings: Settings, installation: Installation) -> AsyncGenerator[Metrics]:
    """The worker's metrics; only an address of its own makes them known."""
    metrics = Metrics()
    metrics.look_at(ProcessReading(installation.database))
    async with AsyncExitStack() as stack:
        if settings.metrics_listener is not None:
            listener = separate_listener(settings.metrics_listener, metrics)
            await stack.enter_async_context(listener)
        yield metrics


async def _until_moved(settings: Settings, url: str, told_to_stop: asyncio.Event) -> None:
    """Wait until the server, started again, has its embedded Postgres at another address."""
    while not told_to_stop.is_set():
        await wait_at_most(MOVE_SECONDS, told_to_stop)
        if has_moved(settings, url):
            log.warning("the embedded Postgres was started again; following it")
            return


def _arm(settings: Settings) -> None:
    faults.arm(None if settings.fault is None else Fault.parse(settings.fault))


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
