"""A transaction's own connection, for the statements that are sent past its session.

Acts that are asked for all the time write with statements that are there once and for all, and the
driver sends those for a fifth of what the session takes. They are of the same transaction: what the
session has flushed they see, and both are committed together or not at all.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.fixed_statements import Fixed, fetch


class Held:
    """The connection of a transaction that has begun."""

    def __init__(self, connection: AsyncConnection, taken: PoolProxiedConnection) -> None:
        self._connection = connection
        self._taken = taken

    async def fetch(self, text: str, given: Sequence[Any]) -> list[asyncpg.Record]:
        """What Postgres answers; a connection that has ended, or was cancelled, is done with."""
        try:
            return await fetch(self._connection.sync_engine, self._taken, text, given)
        except DBAPIError:
            if self._has_ended:
                await self._connection.invalidate()
            raise
        except BaseException:
            await self._connection.invalidate()  # nobody knows what it still has to say
            raise

    @property
    def _has_ended(self) -> bool:
        driver: Any = self._taken.driver_connection
        return driver is None or driver.is_closed()


async def hold(session: AsyncSession) -> None:
    """Keep the connection of the session's transaction at hand; its first statement was sent."""
    connection = await session.connection()
    session.info[Held] = Held(connection, await connection.get_raw_connection())


async def send(session: AsyncSession, statement: Fixed, **values: Any) -> list[asyncpg.Record]:
    """What Postgres answers to the statement within the session's transaction."""
    held: Held = session.info[Held]
    return await held.fetch(statement.text, statement.given(values))


def held_of(session: AsyncSession) -> Held | None:
    """What sends statements past a session that writes; None where it only reads."""
    return session.info.get(Held)
