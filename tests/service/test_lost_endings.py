"""A job that ended while its connection was lost, so that the queue was never told."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from anyio import fail_after
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from models import DeploymentStatus, Environment
from pinmark import worker
from pinmark.background import running
from services.installation import Installation
from services.jobs import Task
from tests.support.apps import deployment_now
from tests.support.callers import Caller

HANG_SECONDS = 60

finish_job = JobManager.finish_job


class Endings:
    """Tells the queue of jobs' endings, except of each environment's first build.

    With a connection that is lost it raises, too, in a task that nobody waits for.
    """

    def __init__(self) -> None:
        self.lost: set[str | None] = set()

    async def finish(self, manager: JobManager, job: Job, **how: Any) -> None:
        if job.task_name == Task.BUILD_CODE and job.lock not in self.lost:
            self.lost.add(job.lock)
            return
        await finish_job(manager, job=job, **how)


@pytest.fixture
async def endings(
    installation: Installation, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Endings]:
    """Those of a worker that is at it."""
    endings = Endings()

    async def finish(manager: JobManager, job: Job, **how: Any) -> None:
        await endings.finish(manager, job, **how)

    monkeypatch.setattr(worker, "ENDED_SECONDS", 0.5)
    monkeypatch.setattr(worker, "RESCUE_SECONDS", 0.1)
    monkeypatch.setattr(JobManager, "finish_job", finish)
    async with running(worker.work_forever(installation, database_url)):
        yield endings


async def test_who_comes_after_a_job_whose_end_was_never_told_has_their_turn(
    caller: Caller, dev: Environment, staging: Environment, endings: Endings
) -> None:
    with fail_after(HANG_SECONDS):
        for version in (1, 2):
            deployment = await caller.promote(dev, staging)
            while deployment.settled_at is None:
                await asyncio.sleep(0.02)
                deployment = await deployment_now(caller.installation, deployment.id)
            assert (deployment.status, deployment.version) == (DeploymentStatus.DEPLOYED, version)
    assert f"build_code:{staging.id}" in endings.lost
