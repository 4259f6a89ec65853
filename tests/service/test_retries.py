"""Retries: the same frozen deployment once more, whatever the source has become."""

import pytest

from models import App, DeploymentKind, Environment
from services.errors import ContentInvalid, EnvironmentBusy, NotFound, NotRetryable
from tests.support.apps import deployments_of, fresh, push, settle
from tests.support.callers import Caller, fail
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT, PROMPT


@pytest.fixture
async def pinned(caller: Caller, dev: Environment, staging: Environment) -> Environment:
    """``staging``, serving v1."""
    await caller.release(dev, staging)
    return await fresh(caller.installation, staging)


async def test_a_retry_runs_exactly_what_failed_though_the_source_moved_on(
    caller: Caller, app: App, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned, note="Try this"))
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(caller.installation, app)

    retry = await caller.retry(failed)

    assert retry.id != failed.id
    assert retry.retry_of_id == failed.id
    for fact in ("kind", "commit_sha", "snapshot_id", "version", "note", "source_id"):
        assert getattr(retry, fact) == getattr(failed, fact), fact
    assert (await settle(caller.installation, retry)).succeeded
    after = await fresh(caller.installation, pinned)
    assert (after.pinned_deployment_id, after.current_version) == (retry.id, 2)


async def test_a_fresh_promotion_asks_the_source_again(
    caller: Caller, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    head = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    promoted = await caller.promote(dev, pinned)
    assert (promoted.commit_sha, promoted.version) == (head, failed.version)


async def test_a_retry_is_asked_for_by_whoever_asks_now(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    guest = caller.holding(*caller.principal.permissions)
    assert (await guest.retry(failed)).actor == guest.principal.actor


async def test_newer_failures_do_not_stand_in_the_way(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    await fail(caller.installation, await caller.promote(dev, pinned))
    await fail(caller.installation, await caller.redeploy(pinned))
    assert (await caller.retry(failed)).version == 2


async def test_one_that_deployed_since_stands_in_the_way(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    await caller.release(dev, pinned)
    with pytest.raises(NotRetryable):
        await caller.retry(failed)


async def test_one_in_flight_stands_in_the_way(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    retry = await caller.retry(failed)
    with pytest.raises(EnvironmentBusy) as refusal:
        await caller.retry(failed)
    assert refusal.value.deployment_id == retry.id


async def test_a_failed_retry_can_be_retried(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    again = await fail(caller.installation, await caller.retry(failed))
    assert (await settle(caller.installation, await caller.retry(again))).version == 2


async def test_what_is_in_flight_is_not_retried(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    in_flight = await caller.promote(dev, pinned)
    with pytest.raises(EnvironmentBusy):
        await caller.retry(in_flight)


async def test_what_deployed_is_not_retried(caller: Caller, pinned: Environment) -> None:
    [deployed] = await deployments_of(caller.installation, pinned)
    with pytest.raises(NotRetryable):
        await caller.retry(deployed)


async def test_a_push_is_not_retried(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit(INVALID_CONTENT)
    await push(caller.installation, app)
    failed = (await deployments_of(caller.installation, dev))[-1]
    with pytest.raises(NotRetryable):
        await caller.retry(failed)


async def test_invalid_content_is_not_retried(
    caller: Caller, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    repository.commit(INVALID_CONTENT)
    with pytest.raises(ContentInvalid):
        await caller.promote(dev, pinned)
    repository.commit(FIRST_COMMIT)
    failed = (await deployments_of(caller.installation, pinned))[-1]
    with pytest.raises(NotRetryable):
        await caller.retry(failed)


async def test_nothing_is_retried_into_a_deleted_environment(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, pinned))
    await caller.delete(pinned)
    with pytest.raises(NotRetryable):
        await caller.retry(failed)


async def test_what_is_not_there_is_not_retried(caller: Caller, pinned: Environment) -> None:
    [deployment] = await deployments_of(caller.installation, pinned)
    deployment.id = pinned.id
    with pytest.raises(NotFound):
        await caller.retry(deployment)


async def test_a_failed_rollback_is_retried_as_a_rollback(
    caller: Caller, dev: Environment, pinned: Environment
) -> None:
    await caller.release(dev, pinned)
    failed = await fail(caller.installation, await caller.roll_back(pinned, 1))

    retry = await settle(caller.installation, await caller.retry(failed))

    assert (retry.kind, retry.version) == (DeploymentKind.ROLLBACK, 1)
    after = await fresh(caller.installation, pinned)
    assert (after.pinned_version, after.current_version) == (1, 2)


async def test_a_failed_redeploy_is_retried_as_a_redeploy(
    caller: Caller, pinned: Environment
) -> None:
    failed = await fail(caller.installation, await caller.redeploy(pinned))

    retry = await settle(caller.installation, await caller.retry(failed))

    assert (retry.kind, retry.version) == (DeploymentKind.REDEPLOY, 1)
    after = await fresh(caller.installation, pinned)
    assert (after.pinned_deployment_id, after.current_version) == (retry.id, 1)
