"""Which state the database is in: the same revision, the same rows in every table.

Postgres says which transactions a statement sees, and two statements that see the same ones see
the same rows. That needs no column, no trigger and no lock, and is as true for writes of other
processes as for our own. It changes with every write in the whole cluster, a heartbeat's too.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import asyncpg
import structlog

ANSWER_SECONDS = 2.0
# A server that was restored, or another that took over, may count the same transactions again.
REVISION = (
    "SELECT concat(pg_current_snapshot(), '@', extract(epoch FROM pg_postmaster_start_time()))"
)

log = structlog.get_logger()


class Connection(Protocol):
    async def fetchval(self, query: str) -> str: ...

    def terminate(self) -> None: ...


class DatabaseRevisions:
    """Reads the revision for whoever asks, always after they asked.

    Those who ask while a statement is under way share the next one, so there is never more than
    one of them, on a connection of its own.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._connections = 0
        self._waiting: list[asyncio.Future[str | None]] = []
        self._reading: asyncio.Task[None] | None = None

    async def read(self) -> str | None:
        """The revision at a moment from now on; None while Postgres does not tell it."""
        waiter: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return await waiter

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._hang_up()

    async def _read(self) -> None:
        waiters: list[asyncio.Future[str | None]] = []
        try:
            while self._waiting:
                waiters, self._waiting = self._waiting, []
                _tell(waiters, await self._ask())
        finally:
            _tell([*waiters, *self._waiting], None)
            self._waiting = []

    async def _ask(self) -> str | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if self._connection is None:
                    self._connection = await self._connect()
                    self._connections += 1
                snapshot = await self._connection.fetchval(REVISION)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("the database's revision could not be read", error=str(error))
            self._hang_up()
            return None
        return f"{self._connections}:{snapshot}"

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


@asynccontextmanager
async def open_revisions(url: str) -> AsyncGenerator[DatabaseRevisions]:
    """The revisions of the Postgres at ``url``."""

    async def connect() -> Connection:
        return await asyncpg.connect(url)

    revisions = DatabaseRevisions(connect)
    try:
        yield revisions
    finally:
        await revisions.close()


def _tell(waiters: list[asyncio.Future[str | None]], revision: str | None) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(revision)
