"""Cancelling: a deployment in flight settles as failed, and says who did it."""

import asyncio

import pytest
from anyio import fail_after

from models import (
    App,
    CodeBuildStatus,
    DeploymentStatus,
    Environment,
    FailureClass,
    FileSyncStatus,
)
from pinmark.notifications import open_wakeups
from services import builds, heads
from services.errors import AlreadySettled, NotFound
from services.following import follow_build_log
from tests.support.apps import deployment_now, deployments_of, events_of, fresh, settle, settle_all
from tests.support.callers import Caller, in_flight
from tests.support.repositories import Repository
from tests.support.samples import PROMPT


async def test_a_deployment_in_flight_is_cancelled_by_name(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    deployment = await caller.promote(dev, staging)

    cancelled = await caller.cancel(deployment)

    assert (cancelled.status, cancelled.failure_class) == (
        DeploymentStatus.FAILED,
        FailureClass.CANCELLED,
    )
    assert cancelled.failure_reason == f"Cancelled by {caller.principal.name}."
    assert cancelled.settled_at is not None
    after = await fresh(caller.installation, staging)
    assert (after.pinned_version, after.current_version, after.deploying_id) == (1, 1, None)
    assert (await events_of(caller.installation, app))[-1].actor == caller.principal.actor


async def test_a_cancelled_version_is_reserved_by_the_next(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.cancel(await caller.promote(dev, staging))
    assert (await caller.release(dev, staging)).version == 1


async def test_work_that_is_still_queued_for_it_does_nothing(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    cancelled = await caller.cancel(await caller.promote(dev, staging))
    assert await settle(caller.installation, cancelled) == cancelled


async def test_what_has_settled_is_not_cancelled(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    settled = await caller.release(dev, staging)
    with pytest.raises(AlreadySettled) as refusal:
        await caller.cancel(settled)
    assert refusal.value.deployment_id == settled.id
    assert await deployment_now(caller.installation, settled.id) == settled


async def test_nothing_is_cancelled_twice(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)
    await caller.cancel(deployment)
    with pytest.raises(AlreadySettled):
        await caller.cancel(deployment)


async def test_what_is_not_there_is_not_cancelled(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)
    deployment.id = staging.id
    with pytest.raises(NotFound):
        await caller.cancel(deployment)


async def test_a_push_cancelled_before_its_sync_leaves_dev_as_it_was(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await heads.observe_head(caller.installation, app.id)
    pushed = (await deployments_of(caller.installation, dev))[-1]

    cancelled = await caller.cancel(pushed)
    await settle_all(caller.installation)

    assert cancelled.file_sync is FileSyncStatus.FAILED
    assert cancelled.code_build is CodeBuildStatus.SKIPPED
    after = await fresh(caller.installation, dev)
    assert after.content_deployment_id == dev.content_deployment_id


async def test_the_build_is_killed(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    database_url: str,
) -> None:
    repository.commit({"handler.py": b"import time\n\ntime.sleep(3600)\n"})
    deployment = await caller.promote(dev, staging)
    installation = caller.installation
    with fail_after(60):
        async with open_wakeups(database_url) as wakeups:
            building = asyncio.create_task(builds.build_code(installation, deployment.id))
            await anext(
                follow_build_log(
                    installation.database, wakeups.hub, deployment_id=deployment.id, after=None
                )
            )
            await caller.cancel(deployment)
            await building

    settled = await deployment_now(installation, deployment.id)
    assert settled.failure_class is FailureClass.CANCELLED
    assert await in_flight(installation, staging.id) is None
    assert list((installation.work / "builds").iterdir()) == []
