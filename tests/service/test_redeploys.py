"""Redeploying: dev's HEAD again, or the same pin built afresh, never a new version."""

import pytest

from models import (
    App,
    CacheDecisionKind,
    CodeBuildStatus,
    DeploymentKind,
    Environment,
)
from services.errors import (
    EnvironmentBusy,
    EnvironmentNotPinned,
    GitConnectionMissing,
    NotFound,
    RepositoryUnreachable,
)
from tests.support.apps import deployments_of, environment_named, fresh, settle, settle_all
from tests.support.callers import Caller, fail
from tests.support.contents import served_files
from tests.support.repositories import Repository
from tests.support.samples import PROMPT, WITH_HANDLER


async def test_a_pin_is_built_afresh_and_stays_the_version_it_is(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    before = await served_files(caller.installation, staging)

    deployment = await settle(caller.installation, await caller.redeploy(staging))

    assert (deployment.kind, deployment.version) == (DeploymentKind.REDEPLOY, 1)
    assert deployment.commit_sha == first.commit_sha
    assert deployment.code_build is CodeBuildStatus.DEPLOYED
    assert deployment.cache_decision is CacheDecisionKind.FORCED_REBUILD
    assert deployment.artifact_id != first.artifact_id
    after = await fresh(caller.installation, staging)
    assert (after.pinned_version, after.current_version) == (1, 1)
    assert after.pinned_deployment_id == deployment.id
    assert await served_files(caller.installation, staging) == before


async def test_a_redeploy_that_fails_leaves_the_pin(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)
    await fail(caller.installation, await caller.redeploy(staging))
    assert (await fresh(caller.installation, staging)).pinned_deployment_id == first.id


async def test_after_a_redeploy_the_next_promotion_is_the_next_version(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    await settle(caller.installation, await caller.redeploy(staging))
    assert (await caller.release(dev, staging)).version == 2


async def test_dev_deploys_its_head_again(
    caller: Caller, dev: Environment, repository: Repository
) -> None:
    deployment = await settle(caller.installation, await caller.redeploy(dev))

    assert (deployment.kind, deployment.version) == (DeploymentKind.REDEPLOY, None)
    assert deployment.commit_sha == repository.head
    after = await fresh(caller.installation, dev)
    assert after.content_deployment_id == after.code_deployment_id == deployment.id
    assert after.current_version == 0


async def test_redeploying_dev_notices_a_push(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    head = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await caller.redeploy(dev)
    await settle_all(caller.installation)

    history = await deployments_of(caller.installation, dev)
    assert [(one.kind, one.commit_sha) for one in history][1:] == [
        (DeploymentKind.PUSH, head),
        (DeploymentKind.REDEPLOY, head),
    ]
    assert all(one.succeeded for one in history)


async def test_without_a_pin_there_is_nothing_to_redeploy(
    caller: Caller, staging: Environment
) -> None:
    with pytest.raises(EnvironmentNotPinned):
        await caller.redeploy(staging)


async def test_a_busy_environment_is_not_redeployed(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    in_flight = await caller.redeploy(staging)
    with pytest.raises(EnvironmentBusy) as refusal:
        await caller.redeploy(staging)
    assert refusal.value.deployment_id == in_flight.id


async def test_dev_without_a_repository_has_no_head(caller: Caller) -> None:
    app = await caller.create_app("unlinked")
    with pytest.raises(GitConnectionMissing):
        await caller.redeploy(await environment_named(caller.installation, app, "dev"))


async def test_dev_is_not_redeployed_from_an_unreachable_repository(
    caller: Caller, dev: Environment, repository: Repository
) -> None:
    repository.path.rename(repository.path.with_name("moved.git"))
    with pytest.raises(RepositoryUnreachable) as refusal:
        await caller.redeploy(dev)
    assert refusal.value.path == ("input", "environmentId")
    assert len(await deployments_of(caller.installation, dev)) == 1


async def test_a_pin_is_redeployed_without_asking_the_repository(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    await caller.release(dev, staging)
    repository.path.rename(repository.path.with_name("moved.git"))
    assert (await settle(caller.installation, await caller.redeploy(staging))).succeeded


async def test_a_deleted_environment_is_not_found(caller: Caller, staging: Environment) -> None:
    await caller.delete(staging)
    with pytest.raises(NotFound):
        await caller.redeploy(staging)
