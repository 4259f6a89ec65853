"""Every accepted deployment settles: those that lost their job get another."""

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services import jobs

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('pinmark.reconciliation', 0))"

# A job is live while it waits or runs. The one of a dead worker runs until it is rescued, so
# this finds only jobs that ended without settling: a bug, an abort, a lost queue.
_ORPHANS = """
    SELECT deployment.id, environment_id, file_sync IN ('SYNCED', 'SKIPPED') AS synced
    FROM deployment
    WHERE settled_at IS NULL AND NOT EXISTS (
        SELECT FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND args ->> 'deployment_id' = deployment.id::text
    )
    ORDER BY environment_id, ordinal
"""


async def enqueue_orphans(session: AsyncSession) -> int:
    """Put unsettled deployments without a live job on the queue again; give how many."""
    connection = await session.connection()
    if not (await connection.execute(text(_LOCK))).scalar_one():
        return 0  # another process is at it
    orphans = (await connection.execute(text(_ORPHANS))).all()
    for orphan in orphans:
        await jobs.enqueue(
            session,
            jobs.Task.BUILD_CODE if orphan.synced else jobs.Task.SYNC_FILES,
            deployment_id=orphan.id,
            environment_id=orphan.environment_id,
        )
    return len(orphans)
