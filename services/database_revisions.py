"""Which state the database is in: the same revision, the same rows in every table.

Postgres says which transactions a statement sees, and two statements that see the same ones see
the same rows. That is as true for writes of other processes as for our own, and changes with
every write in the whole cluster, a heartbeat's too. What those writes were about is told by the
rows of ``Change``, which each of them left in its own transaction: of two revisions that differ
it is known for which apps they are the same all the same.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import text

from models import ORGANIZATION, PRUNED
from services.database import Database

ANSWER_SECONDS = 2.0
MOST_APPS = 10_000
KEPT_FOR = "10 minutes"
# A server that was restored, or another that took over, may count the same transactions again.
REVISION = """
    SELECT pg_current_snapshot()::text,
           extract(epoch FROM pg_postmaster_start_time())::text,
           array(
               SELECT DISTINCT scope
               FROM change,
                    (SELECT $1::text::pg_snapshot AS seen,
                            pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint AS from_here) AS a
               WHERE transaction_id >= from_here
                 AND coalesce(pruned_to, transaction_id) >= from_here
                 AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, seen)
           )
"""
PRUNE = text(f"""
    WITH pruned AS (
        DELETE FROM change WHERE noted_at < now() - interval '{KEPT_FOR}'
        RETURNING greatest(transaction_id, pruned_to) AS transaction_id
    ), this AS (
        SELECT pg_current_xact_id()::text::bigint AS transaction_id
    )
    INSERT INTO change (transaction_id, scope, pruned_to)
    SELECT this.transaction_id, '{PRUNED}',
           -- What was restored from another cluster may bear a number that is to come here.
           least(max(pruned.transaction_id), this.transaction_id)
    FROM pruned, this GROUP BY this.transaction_id
""")

log = structlog.get_logger()


class Connection(Protocol):
    async def fetchrow(self, query: str, *args: Any) -> Any: ...

    def terminate(self) -> None: ...


class Changes:
    """When each app was changed last, counted in the reads of one connection that follows them."""

    def __init__(self) -> None:
        self.reads = 0
        self._everything = 0
        self._apps: dict[UUID, int] = {}

    def note(self, scopes: Iterable[UUID]) -> None:
        """What was found to be changed since the read before."""
        self.reads += 1
        for scope in scopes:
            if scope in (ORGANIZATION, PRUNED):
                self._everything = self.reads
            else:
                self._apps[scope] = self.reads
        if len(self._apps) > MOST_APPS:
            self._apps.clear()
            self._everything = self.reads

    def newest(self, apps: Iterable[UUID]) -> int:
        """The read that found the last change of what answers about these apps depend on."""
        return max(self._everything, *(self._apps.get(app, 0) for app in apps), 0)


@dataclass(frozen=True, slots=True)
class Revision:
    """The database as one read found it; two of the same ``state`` are of the same rows."""

    state: str
    read: int = field(compare=False)
    changes: Changes = field(compare=False, repr=False)

    def is_still(self, now: "Revision", apps: Collection[UUID] | None = None) -> bool:
        """Whether the rows are the same at ``now``, which was read later: those of the apps, and
        of the organization, or all there are.
        """
        if self.state == now.state:
            return True
        if apps is None or self.changes is not now.changes:
            return False
        return self.changes.newest(apps) <= self.read


class DatabaseRevisions:
    """Reads the revision for whoever asks, always after they asked.

    Those who ask while a statement is under way share the next one, so there is never more than
    one of them, on a connection of its own.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._connections = 0
        self._changes = Changes()
        self._snapshot: str | None = None
        self._started: str | None = None
        self._waiting: list[asyncio.Future[Revision | None]] = []
        self._reading: asyncio.Task[None] | None = None

    async def read(self) -> Revision | None:
        """The revision at a moment from now on; None while Postgres does not tell it."""
        waiter: asyncio.Future[Revision | None] = asyncio.get_running_loop().create_future()
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
        waiters: list[asyncio.Future[Revision | None]] = []
        try:
            while self._waiting:
                waiters, self._waiting = self._waiting, []
                _tell(waiters, await self._ask())
        finally:
            _tell([*waiters, *self._waiting], None)
            self._waiting = []

    async def _ask(self) -> Revision | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if self._connection is None:
                    self._connection = await self._connect()
                    self._connections += 1
                    self._snapshot = None
                snapshot, started, scopes = await self._connection.fetchrow(
                    REVISION, self._snapshot
                )
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("the database's revision could not be read", error=str(error))
            self._hang_up()
            return None
        return self._found(snapshot, started, scopes)

    def _found(self, snapshot: str, started: str, scopes: Collection[UUID]) -> Revision:
        if self._snapshot is None or started != self._started:
            self._changes = Changes()  # nothing is known of what was before
        elif scopes:
            self._changes.note(scopes)
        self._snapshot, self._started = snapshot, started
        state = f"{self._connections}:{snapshot}@{started}"
        return Revision(state, self._changes.reads, self._changes)

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


async def prune_changes(database: Database) -> None:
    """Remove the notes of changes that everybody has read long since.

    Who has not is told by the mark that is left in their place: where the snapshot that they saw
    last shows neither the mark nor all that it stands for, anything may have changed.
    """
    async with database.transaction() as session:
        await (await session.connection()).execute(PRUNE)


def _tell(waiters: list[asyncio.Future[Revision | None]], revision: Revision | None) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(revision)
