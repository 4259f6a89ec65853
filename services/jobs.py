"""Putting work on the queue inside the transaction that asks for it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.fixed_statements import Fixed
from services.held import send


class Task(StrEnum):
    """What a worker can be asked to do; each task has a queue of its own name.

    File syncs never wait behind builds: content is live as soon as it is synced.
    """

    OBSERVE_HEAD = "observe_head"
    SYNC_FILES = "sync_files"
    BUILD_CODE = "build_code"


# The queue library's own function for other languages; a job rolled back never runs.
_DEFER = Fixed(
    text(
        """
        SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
            :queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL
        )::procrastinate_job_to_defer_v1]))
        """
    )
)


async def enqueue(
    session: AsyncSession, task: Task, *, deployment_id: UUID, environment_id: UUID
) -> None:
    """Ask for ``task``; those of one environment run one at a time, in the order asked."""
    await _defer(session, task, lock=environment_id, deployment_id=str(deployment_id))


async def enqueue_look(session: AsyncSession, *, app_id: UUID) -> None:
    """Ask for a look at the app's repository."""
    await _defer(session, Task.OBSERVE_HEAD, lock=app_id, app_id=str(app_id))


async def _defer(session: AsyncSession, task: Task, *, lock: UUID, **arguments: Any) -> None:
    await send(
        session,
        _DEFER,
        queue=task.value,
        task=task.value,
        lock=f"{task.value}:{lock}",
        args=orjson.dumps(arguments).decode(),
    )
