"""Build logs: lines kept as they come, numbered per deployment without a gap."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import BuildLogLine, Deployment, utc_now
from services import doorbell, settlement
from services.settlement import Attempt
from services.texts import storable

PAGE_SIZE = 500


async def append_lines(session: AsyncSession, attempt: Attempt, lines: Sequence[str]) -> None:
    """Add lines to the attempt's log, or ``AttemptLost`` when it is another's by now."""
    await settlement.lock_held(session, attempt)
    deployment_id = attempt.deployment.id
    newest = select(func.coalesce(func.max(BuildLogLine.seq), 0)).where(
        col(BuildLogLine.deployment_id) == deployment_id
    )
    first = (await session.exec(newest)).one() + 1
    at = utc_now()
    connection = await session.connection()
    await connection.execute(
        insert(BuildLogLine),
        [
            {"deployment_id": deployment_id, "seq": seq, "at": at, "text": storable(line)}
            for seq, line in enumerate(lines, start=first)
        ],
    )
    doorbell.ring(session, doorbell.log_topic(deployment_id))


async def read_lines(
    session: AsyncSession, *, deployment_id: UUID, after: int
) -> Sequence[BuildLogLine]:
    """The next lines past ``after``, oldest first, a page at a time."""
    statement = (
        select(BuildLogLine)
        .where(col(BuildLogLine.deployment_id) == deployment_id, col(BuildLogLine.seq) > after)
        .order_by(col(BuildLogLine.seq))
        .limit(PAGE_SIZE)
    )
    return (await session.exec(statement)).all()


async def newest_line(session: AsyncSession, *, deployment_id: UUID) -> int:
    statement = select(func.coalesce(func.max(BuildLogLine.seq), 0)).where(
        col(BuildLogLine.deployment_id) == deployment_id
    )
    return (await session.exec(statement)).one()


async def is_finished(session: AsyncSession, *, deployment_id: UUID) -> bool:
    """Whether no further line can come: a settled deployment's log is complete."""
    statement = select(Deployment.settled_at).where(col(Deployment.id) == deployment_id)
    return (await session.exec(statement)).one() is not None
