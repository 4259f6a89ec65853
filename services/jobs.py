"""Putting work on the queue inside the transaction that asks for it."""

from enum import StrEnum
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
DEFER = """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL
    )::procrastinate_job_to_defer_v1]))
"""
_DEFER = Fixed(text(DEFER))


async def enqueue(
    session: AsyncSession, task: Task, *, deployment_id: UUID, environment_id: UUID
) -> None:
    """Ask for ``task``; those of one environment run one at a time, in the order asked."""
    work = work_on(task, deployment_id=deployment_id, environment_id=environment_id)
    await send(session, _DEFER, **work)


def work_on(task: Task, *, deployment_id: UUID, environment_id: UUID) -> dict[str, str]:
    """What ``DEFER`` is given to ask for ``task``."""
    return _asking(task, lock=environment_id, deployment_id=str(deployment_id))


async def enqueue_look(session: AsyncSession, *, app_id: UUID) -> None:
    """Ask for a look at the app's repository."""
    await send(session, _DEFER, **_asking(Task.OBSERVE_HEAD, lock=app_id, app_id=str(app_id)))


def _asking(task: Task, *, lock: UUID, **arguments: str) -> dict[str, str]:
    return {
        "queue": task.value,
        "task": task.value,
        "lock": f"{task.value}:{lock}",
        "args": orjson.dumps(arguments).decode(),
    }
