"""Every accepted deployment settles: those that lost their job get another.

A dead worker's jobs stay marked as running. They are removed and their deployments get new jobs:
were the same job handed on, the first worker, should it only have been frozen, would end it for
the second by finishing it.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services import jobs

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('pinmark.reconciliation', 0))"

_REMOVE_STALLED = """
    DELETE FROM procrastinate_jobs
    WHERE status = 'doing' AND id <> ALL(CAST(:ours AS bigint[])) AND (
        worker_id IS NULL OR worker_id IN (
            SELECT id FROM procrastinate_workers
            WHERE last_heartbeat < now() - make_interval(secs => :seconds)
        )
    )
"""

_REMOVE_ENDED = """
    DELETE FROM procrastinate_jobs
    WHERE status = 'doing' AND id = ANY(CAST(:ended AS bigint[]))
"""

# A job is live while it waits or runs.
_ORPHANS = """
    SELECT deployment.id, environment_id, file_sync IN ('SYNCED', 'SKIPPED') AS synced
    FROM deployment
    WHERE settled_at IS NULL AND NOT EXISTS (
        SELECT FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND args ->> 'deployment_id' = deployment.id::text
    )
    ORDER BY environment_id, ordinal
"""


async def let_go(session: AsyncSession, ended: Collection[int]) -> None:
    """Remove jobs that have ended and are still marked as running.

    Their worker lives, but could not say so in the moment that its connection was lost: nobody
    else of their environment or app would ever have their turn.
    """
    connection = await session.connection()
    await connection.execute(text(_REMOVE_ENDED), {"ended": list(ended)})


async def rescue(session: AsyncSession, *, seconds: float, ours: Collection[int]) -> int:
    """Give every unsettled deployment that has no live job a new one; give how many.

    The jobs of workers silent for ``seconds`` are not live, except ``ours``: a process that was
    frozen whole wakes up before it can say so.
    """
    connection = await session.connection()
    if not (await connection.execute(text(_LOCK))).scalar_one():
        return 0  # another process is at it
    await connection.execute(text(_REMOVE_STALLED), {"seconds": seconds, "ours": list(ours)})
    return await _enqueue_orphans(session)


async def _enqueue_orphans(session: AsyncSession) -> int:
    connection = await session.connection()
    orphans = (await connection.execute(text(_ORPHANS))).all()
    for orphan in orphans:
        await jobs.enqueue(
            session,
            jobs.Task.BUILD_CODE if orphan.synced else jobs.Task.SYNC_FILES,
            deployment_id=orphan.id,
            environment_id=orphan.environment_id,
        )
    return len(orphans)
