"""Things that really happen at once: all wait at one lock, then the lock is let go."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from anyio import fail_after
from sqlalchemy import text

from models import Environment
from services.access import lock_environments
from services.installation import Installation

Outcome = TypeVar("Outcome")

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_waiting(installation: Installation, count: int) -> None:
    """Return once so many transactions wait for a lock that another one holds."""
    with fail_after(60):
        while True:
            async with installation.database.moment() as session:
                connection = await session.connection()
                if (await connection.execute(_WAITING)).scalar_one() >= count:
                    return
            await asyncio.sleep(0.002)


async def race(
    installation: Installation,
    environment: Environment,
    *acts: Coroutine[Any, Any, Outcome],
) -> list[Outcome | BaseException]:
    """Run acts that all need ``environment``, none before all stand at its door.

    Gives what each made or was refused with, in the order of ``acts``.
    """
    async with installation.database.transaction() as session:
        await lock_environments(session, [environment.id])
        running = [asyncio.ensure_future(act) for act in acts]
        await until_waiting(installation, len(acts))
    with fail_after(60):
        return await asyncio.gather(*running, return_exceptions=True)
