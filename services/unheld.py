"""A connection for statements that are no transaction, without what a session does around each."""

from collections.abc import Sequence
from typing import Any, cast

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from services.fixed_statements import fetch, is_done_with


class Unheld:
    """One connection of the engine's pool, taken with the first statement."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pool = cast(AsyncAdaptedQueuePool, engine.pool)
        self._taken: PoolProxiedConnection | None = None

    async def fetch(self, text: str, given: Sequence[Any]) -> list[asyncpg.Record]:
        """What Postgres answers, with errors of SQLAlchemy's; once cancelled it is done with."""
        taken = self._taken
        if taken is None:
            taken = self._taken = await greenlet_spawn(self._pool.connect)
        try:
            return await fetch(self._engine, taken, text, given)
        except DBAPIError as error:
            if is_done_with(taken.driver_connection, error):
                self._give_up(taken)
            raise
        except BaseException:
            self._give_up(taken)  # nobody knows what it still has to say
            raise

    def _give_up(self, taken: PoolProxiedConnection) -> None:
        self._taken = None
        taken.invalidate()

    async def close(self) -> None:
        """Give the connection back; one more than the pool keeps is ended, which is awaited."""
        if self._taken is not None and self._pool.overflow() > 0:
            await greenlet_spawn(self.give_back)
        else:
            self.give_back()

    def give_back(self) -> None:
        """The same, for who is in SQLAlchemy's midst already."""
        taken, self._taken = self._taken, None
        if taken is not None:
            taken.close()


class _Session(Session):
    """Takes a connection of its own only after the other is given back: nobody has one and waits
    for another.
    """

    def get_bind(self, *arguments: Any, **named: Any) -> Any:
        self.info[Unheld].give_back()
        return super().get_bind(*arguments, **named)


def unheld_session(engine: AsyncEngine) -> AsyncSession:
    """A session whose statements are no transaction, on an engine that commits each."""
    return AsyncSession(
        engine,
        sync_session_class=_Session,
        expire_on_commit=False,
        autoflush=False,
        info={Unheld: Unheld(engine.sync_engine)},
    )


def unheld_of(session: AsyncSession) -> Unheld | None:
    """What sends a session's statements without it; None where they belong to a transaction, and
    once the session has a connection.
    """
    unheld: Unheld | None = session.info.get(Unheld)
    return None if unheld is None or session.in_transaction() else unheld
