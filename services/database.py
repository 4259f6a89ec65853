"""Transactions: one that writes, and one that reads a single moment; and reading without any."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlmodel.ext.asyncio.session import AsyncSession

from services import audit, doorbell, events, faults
from services.doorbell import Bell
from services.fixed_statements import dump
from services.held import holding
from services.unheld import Unheld, unheld_session


@dataclass(frozen=True)
class PoolUse:
    """The connections of a pool as they are."""

    in_use: int
    idle: int
    limit: int


class Database:
    """The doors to Postgres; a session from either is one transaction.

    ``bell`` is rung after a commit, where Postgres is not to carry every wake-up.
    """

    def __init__(self, engine: AsyncEngine, *, bell: Bell | None = None) -> None:
        self._engine = engine
        self._bell = bell
        self._reading = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._committing = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turns = asyncio.Semaphore(self._pool.size())

    @property
    def pool(self) -> PoolUse:
        return PoolUse(self._pool.checkedout(), self._pool.checkedin(), 2 * self._pool.size())

    @property
    def _pool(self) -> AsyncAdaptedQueuePool:
        return cast(AsyncAdaptedQueuePool, self._engine.pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Commit at the end; what was appended to the event log and the audit is written last.

        Publishing takes the app row, which every writer locks after environments and
        deployments, and then the head of the audit, so no two transactions can wait for each
        other.
        """
        after_commit: Collection[str] = ()
        try:
            async with holding(self._committing) as session:
                yield session
                await session.flush()
                await events.publish(session)
                after_commit = await doorbell.notify(session, beside_a_bell=self._bell is not None)
                await audit.publish(session)
                faults.reach_commit(session)
        finally:  # also of a commit that nobody heard the answer to
            if self._bell is not None:
                self._bell.ring(after_commit)
        faults.reach_committed(session)

    @asynccontextmanager
    async def moment(self) -> AsyncGenerator[AsyncSession]:
        """A read-only session in which every statement sees the same moment.

        Ending it never fails: a connection broken by a cancelled statement is thrown away.
        """
        session = AsyncSession(self._reading, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            await _close(session)

    @asynccontextmanager
    async def statements(self) -> AsyncGenerator[AsyncSession]:
        """A session to read in whose statements are no transaction: each sees its own moment.

        Whoever needs them to see one finds out whether they did, by the database's revision.
        """
        session = unheld_session(self._committing)
        try:
            yield session
        finally:
            await session.info[Unheld].close()
            if session.in_transaction():
                await _close(session)

    @asynccontextmanager
    async def moment_in_turn(self) -> AsyncGenerator[AsyncSession]:
        """A moment for one of many who would rather wait than be turned away.

        They have half of the connections between them, first come, first served: however many
        they are, whoever asks beside them is answered.
        """
        async with self._turns, self.moment() as session:
            yield session


@asynccontextmanager
async def open_database(
    url: str, *, pool_size: int = 10, bell: Bell | None = None
) -> AsyncGenerator[Database]:
    """Open a pool on the Postgres at ``url``, whose options are libpq's, as ``sslmode`` is."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # what failed is logged, and what it was given may be secret
        json_serializer=dump,
        json_deserializer=orjson.loads,
    )
    event.listen(engine.sync_engine, "checkout", _not_closed)
    try:
        yield Database(engine, bell=bell)
    finally:
        await engine.dispose()


async def _close(session: AsyncSession) -> None:
    try:
        await session.close()
    except DBAPIError:
        await session.invalidate()


def _not_closed(connection: Any, *_: object) -> None:
    """Before a connection is used: one that Postgres has ended is replaced by another.

    The driver knows when it was ended. To ask Postgres each time would be three statements.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
