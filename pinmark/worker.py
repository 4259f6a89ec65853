"""The worker: takes deployments from the queue and runs their file syncs and builds.

Any number of workers on any number of machines may run beside each other. The queue gives each
job to one of them; should it be thought dead and another take over, the attempt token on the
deployment refuses what the first still writes.
"""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import procrastinate
import structlog
from procrastinate import PsycopgConnector

from pinmark.background import keep_running, repeat, running
from services import builds, file_syncs, observing, reconciliation
from services.installation import Installation
from services.jobs import Task

LOOKS_AT_ONCE = 4
SYNCS_AT_ONCE = 4
BUILDS_AT_ONCE = 2
POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 10.0
RESCUE_SECONDS = 2.0
ABORT_SECONDS = 2.0
CONNECTION_SECONDS = 5.0  # signing off waits as long for a Postgres that is gone

log = structlog.get_logger()


class Worker:
    """Runs the queue over one installation."""

    def __init__(self, installation: Installation, url: str) -> None:
        self._installation = installation
        self._queue = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=url, min_size=1, max_size=12, timeout=CONNECTION_SECONDS
            )
        )
        self._queue.task(name=Task.OBSERVE_HEAD.value)(self._observe_head)
        self._queue.task(name=Task.SYNC_FILES.value)(self._sync_files)
        self._queue.task(name=Task.BUILD_CODE.value)(self._build_code)

    async def run(self) -> None:
        """Work until cancelled; jobs in hand are then aborted and taken up by another worker."""
        async with (
            self._queue.open_async(),
            running(repeat("rescue", RESCUE_SECONDS, self._rescue)),
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._work(Task.OBSERVE_HEAD, LOOKS_AT_ONCE))
            group.create_task(self._work(Task.SYNC_FILES, SYNCS_AT_ONCE))
            group.create_task(self._work(Task.BUILD_CODE, BUILDS_AT_ONCE))

    async def _work(self, task: Task, at_once: int) -> None:
        await self._queue.run_worker_async(
            queues=[task.value],
            name=task.value,
            concurrency=at_once,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=ABORT_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    async def _observe_head(self, app_id: str) -> None:
        await observing.look(self._installation, UUID(app_id))

    async def _sync_files(self, deployment_id: str) -> None:
        await file_syncs.sync_files(self._installation, UUID(deployment_id))

    async def _build_code(self, deployment_id: str) -> None:
        await builds.build_code(self._installation, UUID(deployment_id))

    async def _rescue(self) -> None:
        """Give the jobs of dead workers to living ones, and lost deployments a new job."""
        stalled = await self._queue.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=STALLED_SECONDS
        )
        for job in stalled:
            assert job.id is not None  # it comes from the database
            log.warning("taking up the job of a dead worker", job=job.id, task=job.task_name)
            await self._queue.job_manager.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
        async with self._installation.database.transaction() as session:
            enqueued = await reconciliation.enqueue_orphans(session)
        if enqueued:
            log.warning("enqueued deployments that had lost their job", count=enqueued)


async def work_forever(installation: Installation, url: str) -> None:
    """Run a worker, and another should it fail."""
    await keep_running("worker", lambda: Worker(installation, url).run())
