"""A transaction held on one connection, and the statements that are sent past its session.

Its first and last words are the driver's, and so are the statements that are there once and for
all, which the driver sends for a fifth of what a session takes. They are of the same transaction:
what the session has flushed they see, and all of it is committed together or not at all.
"""

from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from services.fixed_statements import Fixed, driver_failures, fetch, is_done_with

Heard = TypeVar("Heard")

# A process that is frozen while it holds rows must not hold them for ever: Postgres ends it.
BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'"


class Held:
    """A session's connection, which commits nothing by itself."""

    def __init__(self, connection: AsyncConnection, taken: PoolProxiedConnection) -> None:
        self._connection = connection
        self._taken = taken

    async def fetch(self, text: str, given: Sequence[Any]) -> list[asyncpg.Record]:
        """What Postgres answers, with errors of SQLAlchemy's."""
        return await self._heard(fetch(self._connection.sync_engine, self._taken, text, given))

    async def begin(self) -> None:
        await self._heard(self._say(BEGIN))

    async def commit(self) -> None:
        if await self._heard(self._say("COMMIT")) != "COMMIT":
            raise InvalidRequestError("A transaction in which a statement failed was undone.")

    async def roll_back(self) -> None:
        """Undo what was done; where the connection has ended Postgres has done it."""
        if self._connection.invalidated:
            return
        try:
            await self._heard(self._say("ROLLBACK"))
        except DBAPIError:
            await self._connection.invalidate()

    async def _say(self, words: str) -> str:
        driver: Any = self._taken.driver_connection
        with driver_failures(words):
            return await driver.execute(words)

    async def _heard(self, answer: Coroutine[Any, Any, Heard]) -> Heard:
        """The answer; a connection that has ended, or was cancelled, is done with."""
        try:
            return await answer
        except DBAPIError as error:
            if is_done_with(self._taken.driver_connection, error):
                await self._connection.invalidate()
            raise
        except BaseException:
            await self._connection.invalidate()  # nobody knows what it still has to say
            raise


class _Session(Session):
    """Whoever wants a transaction undone raises: what was sent past the session is undone too."""

    def rollback(self) -> NoReturn:
        raise InvalidRequestError("A transaction is undone by raising out of it.")


@asynccontextmanager
async def holding(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """A session in a transaction that is committed at the end; the engine begins none itself."""
    async with engine.connect() as connection:
        held = Held(connection, await connection.get_raw_connection())
        try:
            await held.begin()
            async with _session(connection, held) as session, session.begin():
                # Begun on this connection, it takes no other one should this be lost.
                session.sync_session.connection()
                yield session
        except BaseException:
            await held.roll_back()
            raise
        await held.commit()


def _session(connection: AsyncConnection, held: Held) -> AsyncSession:
    # Rows are half-written between two assignments: only a flush of ours may send them.
    return AsyncSession(
        connection,
        sync_session_class=_Session,
        expire_on_commit=False,
        autoflush=False,
        info={Held: held},
    )


def held_of(session: AsyncSession) -> Held | None:
    """What sends statements past a session that writes; None where it only reads."""
    return session.info.get(Held)


async def send(session: AsyncSession, statement: Fixed, **values: Any) -> list[asyncpg.Record]:
    """What Postgres answers to the statement within the session's transaction."""
    held: Held = session.info[Held]
    return await held.fetch(statement.text, statement.given(values))
