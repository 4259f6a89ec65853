"""Putting work on the queue inside the transaction that asks for it."""

from enum import StrEnum
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


class Task(StrEnum):
    """What a worker can be asked to do with a deployment; each has a queue of its own name.

    File syncs never wait behind builds: content is live as soon as it is synced.
    """

    SYNC_FILES = "sync_files"
    BUILD_CODE = "build_code"


# The queue library's own function for other languages; a job rolled back never runs.
_DEFER = text(
    """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL
    )::procrastinate_job_to_defer_v1]))
    """
)


async def enqueue(
    session: AsyncSession, task: Task, *, deployment_id: UUID, environment_id: UUID
) -> None:
    """Ask for ``task``; those of one environment run one at a time, in the order asked."""
    connection = await session.connection()
    await connection.execute(
        _DEFER,
        {
            "queue": task.value,
            "task": task.value,
            "lock": f"{task.value}:{environment_id}",
            "args": orjson.dumps({"deployment_id": str(deployment_id)}).decode(),
        },
    )
