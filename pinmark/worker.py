"""The worker: takes deployments from the queue and runs their file syncs and builds.

Any number of workers on any number of machines may run beside each other. The queue gives each
job to one of them; should it be thought dead and another take over, the attempt token on the
deployment refuses what the first still writes.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic
from uuid import UUID

import procrastinate
import structlog
from procrastinate import JobContext, PsycopgConnector
from structlog.contextvars import bound_contextvars

from models import Deployment
from pinmark.background import keep_running, repeat, running
from pinmark.metrics import Metrics
from pinmark.tracing import span
from services import builds, file_syncs, jobs, observing, reconciliation
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
ENDED_SECONDS = 10.0  # by then a job that ended is marked so, or never will be

log = structlog.get_logger()


class Worker:
    """Runs the queue over one installation."""

    def __init__(
        self, installation: Installation, url: str, metrics: Metrics | None = None
    ) -> None:
        self._installation = installation
        self._metrics = metrics or Metrics()
        self._in_hand: set[int] = set()
        self._ended: dict[int, float] = {}
        self._queue = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=url, min_size=1, max_size=12, timeout=CONNECTION_SECONDS
            )
        )
        self._queue.task(name=Task.OBSERVE_HEAD.value, pass_context=True)(self._observe_head)
        self._queue.task(name=Task.SYNC_FILES.value, pass_context=True)(self._sync_files)
        self._queue.task(name=Task.BUILD_CODE.value, pass_context=True)(self._build_code)

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

    async def _observe_head(self, context: JobContext, app_id: str) -> None:
        with self._holding(context):
            try:
                await observing.look(self._installation, UUID(app_id))
            except asyncio.CancelledError:
                async with self._installation.database.transaction() as session:
                    await jobs.enqueue_look(session, app_id=UUID(app_id))
                raise

    async def _sync_files(self, context: JobContext, deployment_id: str) -> None:
        with self._holding(context):
            await file_syncs.sync_files(self._installation, UUID(deployment_id))

    async def _build_code(self, context: JobContext, deployment_id: str) -> None:
        with (
            self._holding(context),
            span("build", deployment=deployment_id) as told,
            self._metrics.building() as build,
        ):
            await builds.build_code(self._installation, UUID(deployment_id))
            told["result"] = build.result = await self._result_of(UUID(deployment_id))

    async def _result_of(self, deployment_id: UUID) -> str:
        async with self._installation.database.moment() as session:
            deployment = await session.get_one(Deployment, deployment_id)
        if deployment.failure_class is not None:
            return deployment.failure_class.value
        return deployment.code_build.value if deployment.settled_at else "unsettled"

    @contextmanager
    def _holding(self, context: JobContext) -> Generator[None]:
        assert context.job.id is not None  # it comes from the database
        self._in_hand.add(context.job.id)
        try:
            with (
                self._metrics.job(context.job.task_name),
                bound_contextvars(job=context.job.id, **context.job.task_kwargs),
            ):
                yield
        finally:
            self._in_hand.discard(context.job.id)
            self._ended[context.job.id] = monotonic()

    async def _rescue(self) -> None:
        """Give the jobs of dead workers to living ones, and lost deployments a new job."""
        long_ago = monotonic() - ENDED_SECONDS
        ended = [job for job, at in self._ended.items() if at < long_ago]
        async with self._installation.database.transaction() as session:
            await reconciliation.let_go(session, ended)
            rescued = await reconciliation.rescue(
                session, seconds=STALLED_SECONDS, ours=self._in_hand
            )
        for job in ended:
            del self._ended[job]
        if rescued:
            self._metrics.rescued.inc(rescued)
            log.warning("took up deployments that had lost their job", count=rescued)


async def work_forever(
    installation: Installation, url: str, metrics: Metrics | None = None
) -> None:
    """Run a worker, and another should it fail."""
    await keep_running("worker", lambda: Worker(installation, url, metrics).run())
