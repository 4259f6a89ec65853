"""Runtime logs: what the runtimes of an environment print, the newest lines of it.

Lines are numbered per environment without a gap, in the order of commits, so that a reader that
has seen n has seen all up to n. Those beyond ``KEPT_LINES`` are let go.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Environment, Runtime, RuntimeLogLine, utc_now
from services import doorbell
from services.texts import storable

PAGE_SIZE = 500
KEPT_LINES = 10_000
TRIM_EVERY = 500
EXPLAINING_LINES = 20

# Held to the commit: two runtimes of an environment write beside each other.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('runtime log ' || :environment, 0))")


async def append_lines(
    session: AsyncSession, *, environment_id: UUID, runtime_id: UUID, lines: Sequence[str]
) -> None:
    connection = await session.connection()
    await connection.execute(_LOCK, {"environment": str(environment_id)})
    first = await newest_line(session, environment_id=environment_id) + 1
    at = utc_now()
    await connection.execute(
        insert(RuntimeLogLine),
        [
            {
                "environment_id": environment_id,
                "seq": seq,
                "runtime_id": runtime_id,
                "at": at,
                "text": storable(line),
            }
            for seq, line in enumerate(lines, start=first)
        ],
    )
    last = first + len(lines) - 1
    if first // TRIM_EVERY != (last + 1) // TRIM_EVERY:
        await session.exec(
            delete(RuntimeLogLine).where(
                col(RuntimeLogLine.environment_id) == environment_id,
                col(RuntimeLogLine.seq) <= last - KEPT_LINES,
            )
        )
    doorbell.ring(session, doorbell.runtime_log_topic(environment_id))


async def read_lines(
    session: AsyncSession, *, environment_id: UUID, after: int
) -> Sequence[RuntimeLogLine]:
    """The next kept lines past ``after``, oldest first, a page at a time."""
    statement = (
        select(RuntimeLogLine)
        .where(
            col(RuntimeLogLine.environment_id) == environment_id, col(RuntimeLogLine.seq) > after
        )
        .order_by(col(RuntimeLogLine.seq))
        .limit(PAGE_SIZE)
    )
    return (await session.exec(statement)).all()


async def newest_line(session: AsyncSession, *, environment_id: UUID) -> int:
    statement = select(func.coalesce(func.max(RuntimeLogLine.seq), 0)).where(
        col(RuntimeLogLine.environment_id) == environment_id
    )
    return (await session.exec(statement)).one()


async def last_words(session: AsyncSession, *, runtime_id: UUID) -> Sequence[str]:
    """The last lines that a runtime printed, for explaining why it failed."""
    statement = (
        select(RuntimeLogLine.text)
        .where(col(RuntimeLogLine.runtime_id) == runtime_id)
        .order_by(col(RuntimeLogLine.seq).desc())
        .limit(EXPLAINING_LINES)
    )
    return list(reversed((await session.exec(statement)).all()))


async def is_finished(session: AsyncSession, *, environment_id: UUID) -> bool:
    """Whether no further line can come: the environment is deleted and nothing of it runs."""
    deleted = select(Environment.deleted_at).where(col(Environment.id) == environment_id)
    if (await session.exec(deleted)).one() is None:
        return False
    living = select(Runtime.id).where(
        col(Runtime.environment_id) == environment_id, col(Runtime.ended_at).is_(None)
    )
    return (await session.exec(living.limit(1))).first() is None
