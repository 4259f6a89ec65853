"""Reconciliation: a deployment that lost its job gets another, and only then."""

import asyncio
from collections.abc import Collection

from sqlalchemy import text

from models import App, Environment
from services import heads, reconciliation
from services.installation import Installation
from tests.support.apps import deployments_of, events_of
from tests.support.callers import Caller
from tests.support.repositories import Repository


async def run_sql(installation: Installation, statement: str) -> None:
    async with installation.database.transaction() as session:
        await (await session.connection()).execute(text(statement))


async def jobs_of(installation: Installation) -> list[tuple[str, str]]:
    """Task and deployment of each job that waits."""
    async with installation.database.moment() as session:
        found = await (await session.connection()).execute(
            text(
                "SELECT task_name, args ->> 'deployment_id' FROM procrastinate_jobs"
                " WHERE status = 'todo' ORDER BY id"
            )
        )
        return [(task, deployment) for task, deployment in found.all()]


async def reconcile(installation: Installation, *, ours: Collection[int] = ()) -> int:
    async with installation.database.transaction() as session:
        return await reconciliation.rescue(session, seconds=10, ours=ours)


async def test_unsettled_deployments_without_a_job_get_the_one_they_need(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    installation = caller.installation
    promoted = await caller.promote(dev, staging)
    repository.commit({"README.md": b"Two.\n"})
    await heads.observe_head(installation, app.id)
    pushed = (await deployments_of(installation, dev))[-1]
    await run_sql(installation, "DELETE FROM procrastinate_jobs")

    assert await reconcile(installation) == 2

    assert sorted(await jobs_of(installation)) == [
        ("build_code", str(promoted.id)),
        ("sync_files", str(pushed.id)),
    ]
    assert await reconcile(installation) == 0


async def test_who_has_a_job_gets_no_other(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await run_sql(caller.installation, "DELETE FROM procrastinate_jobs")
    await caller.promote(dev, staging)
    assert await reconcile(caller.installation) == 0
    await run_sql(
        caller.installation,
        "WITH alive AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM alive)",
    )
    assert await reconcile(caller.installation) == 0


async def test_a_job_that_ended_without_settling_is_no_job(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.promote(dev, staging)
    await run_sql(caller.installation, "UPDATE procrastinate_jobs SET status = 'doing'")
    await run_sql(caller.installation, "UPDATE procrastinate_jobs SET status = 'failed'")
    assert await reconcile(caller.installation) == 1


async def test_what_settled_is_left_alone(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    await run_sql(caller.installation, "DELETE FROM procrastinate_jobs")
    before = await events_of(caller.installation, app)
    assert await reconcile(caller.installation) == 0
    assert await events_of(caller.installation, app) == before


async def test_many_that_reconcile_at_once_enqueue_once(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.promote(dev, staging)
    await run_sql(caller.installation, "DELETE FROM procrastinate_jobs")
    counts = await asyncio.gather(*(reconcile(caller.installation) for _ in range(4)))
    assert sum(counts) == 1
    assert len(await jobs_of(caller.installation)) == 1


async def job_numbers(installation: Installation) -> list[tuple[int, str]]:
    async with installation.database.moment() as session:
        found = await (await session.connection()).execute(
            text("SELECT id, status::text FROM procrastinate_jobs")
        )
        return [(number, status) for number, status in found.all()]


async def test_the_job_of_a_silent_worker_is_replaced_and_not_handed_on(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await run_sql(caller.installation, "DELETE FROM procrastinate_jobs")
    await caller.promote(dev, staging)
    await run_sql(
        caller.installation,
        "WITH silent AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 minute') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM silent)",
    )
    [(first, _)] = await job_numbers(caller.installation)

    assert await reconcile(caller.installation, ours=[first]) == 0
    assert await reconcile(caller.installation) == 1
    [(second, status)] = await job_numbers(caller.installation)
    assert (second != first, status) == (True, "todo")
