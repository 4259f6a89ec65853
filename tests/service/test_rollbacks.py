"""Rolling back: another version of the same environment is served again, by its kept build."""

import shutil

import pytest

from models import App, CodeBuildStatus, DeploymentKind, Environment
from pinmark.settings import Settings
from services.errors import (
    AlreadyServing,
    EnvironmentBusy,
    InvalidInput,
    NotFound,
    TargetIsDefault,
    VersionNotFound,
)
from tests.support.apps import deployments_of, fresh, settle
from tests.support.callers import Caller, fail
from tests.support.contents import served_files
from tests.support.repositories import Repository
from tests.support.samples import PROMPT, WITH_HANDLER


@pytest.fixture
async def served(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> Environment:
    """``staging`` at v3; each version has a file ``agentmark/v<n>.prompt.mdx`` of its own."""
    for version in (1, 2, 3):
        repository.commit({f"agentmark/v{version}.prompt.mdx": PROMPT})
        assert (await caller.release(dev, staging)).version == version
    return await fresh(caller.installation, staging)


async def test_the_pin_moves_back_and_the_counter_stays(
    caller: Caller, served: Environment
) -> None:
    first = (await deployments_of(caller.installation, served))[0]

    deployment = await settle(
        caller.installation, await caller.roll_back(served, 1, note="v3 is slow")
    )

    assert (deployment.kind, deployment.version) == (DeploymentKind.ROLLBACK, 1)
    assert (deployment.commit_sha, deployment.note) == (first.commit_sha, "v3 is slow")
    assert deployment.snapshot_id != first.snapshot_id
    after = await fresh(caller.installation, served)
    assert (after.pinned_version, after.current_version) == (1, 3)
    assert after.pinned_deployment_id == deployment.id
    files = await served_files(caller.installation, served)
    assert "agentmark/v1.prompt.mdx" in files
    assert "agentmark/v2.prompt.mdx" not in files


async def test_the_pin_stays_until_the_rollback_settles(
    caller: Caller, served: Environment
) -> None:
    await caller.roll_back(served, 1)
    assert (await fresh(caller.installation, served)).pinned_version == 3


async def test_one_can_roll_forward_again(caller: Caller, served: Environment) -> None:
    for version in (1, 3, 2, 3):
        await settle(caller.installation, await caller.roll_back(served, version))
    after = await fresh(caller.installation, served)
    assert (after.pinned_version, after.current_version) == (3, 3)


async def test_after_a_rollback_the_next_promotion_is_the_next_version(
    caller: Caller, dev: Environment, served: Environment
) -> None:
    await settle(caller.installation, await caller.roll_back(served, 1))
    assert (await caller.release(dev, served)).version == 4


async def test_what_is_promoted_out_of_a_rolled_back_source_is_its_pin(
    caller: Caller, served: Environment, prod: Environment
) -> None:
    rolled_back = await settle(caller.installation, await caller.roll_back(served, 1))
    assert (await caller.release(served, prod)).commit_sha == rolled_back.commit_sha


async def test_a_rollback_that_fails_moves_nothing(caller: Caller, served: Environment) -> None:
    await fail(caller.installation, await caller.roll_back(served, 1))
    after = await fresh(caller.installation, served)
    assert (after.pinned_version, after.current_version, after.deploying_id) == (3, 3, None)


async def test_dev_is_not_rolled_back(caller: Caller, dev: Environment) -> None:
    with pytest.raises(TargetIsDefault) as refusal:
        await caller.roll_back(dev, 1)
    assert refusal.value.path == ("input", "environmentId")


async def test_the_version_served_now_is_refused(caller: Caller, served: Environment) -> None:
    with pytest.raises(AlreadyServing):
        await caller.roll_back(served, 3)


async def test_a_version_that_never_succeeded_is_not_found(
    caller: Caller, dev: Environment, served: Environment
) -> None:
    await fail(caller.installation, await caller.promote(dev, served))
    for version in (4, 5, 0, -1, 2**31 - 1):
        with pytest.raises(VersionNotFound):
            await caller.roll_back(served, version)


async def test_without_a_pin_there_is_no_version(caller: Caller, prod: Environment) -> None:
    with pytest.raises(VersionNotFound):
        await caller.roll_back(prod, 1)


async def test_a_busy_environment_is_not_rolled_back(
    caller: Caller, dev: Environment, served: Environment
) -> None:
    in_flight = await caller.promote(dev, served)
    with pytest.raises(EnvironmentBusy) as refusal:
        await caller.roll_back(served, 1)
    assert refusal.value.deployment_id == in_flight.id


async def test_a_deleted_environment_is_not_found(caller: Caller, served: Environment) -> None:
    await caller.delete(served)
    with pytest.raises(NotFound):
        await caller.roll_back(served, 1)


async def test_a_note_that_cannot_be_kept_is_refused(caller: Caller, served: Environment) -> None:
    with pytest.raises(InvalidInput):
        await caller.roll_back(served, 1, note="\x00")


async def test_a_version_runs_its_kept_build_though_repository_and_mirror_are_gone(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    settings: Settings,
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    repository.commit({"handler.py": b"def handler(event):\n    return 2\n"})
    await caller.release(dev, staging)
    shutil.rmtree(repository.path)
    shutil.rmtree(settings.data_dir / "mirrors")

    deployment = await settle(caller.installation, await caller.roll_back(staging, 1))

    assert deployment.succeeded
    assert deployment.code_build is CodeBuildStatus.SKIPPED
    assert deployment.artifact_id == first.artifact_id


async def test_a_version_without_code_is_kept_as_well(
    caller: Caller,
    app: App,
    served: Environment,
    repository: Repository,
    settings: Settings,
) -> None:
    shutil.rmtree(repository.path)
    shutil.rmtree(settings.data_dir / "mirrors")

    deployment = await settle(caller.installation, await caller.roll_back(served, 1))

    assert deployment.succeeded, deployment.failure_reason
    assert (await fresh(caller.installation, served)).pinned_version == 1
