"""Deleting an environment: what it served goes, its history and everybody else's stay."""

import pytest

from models import App, AppEventKind, Environment, EnvironmentState
from services.environments import preview_deletion
from services.errors import (
    ConfirmationMismatch,
    DefaultEnvironmentLocked,
    DomainError,
    EnvironmentBusy,
    NotFound,
)
from services.finding import environment_by_name, visible
from services.listings import list_deleted_environments, list_deployments, list_environments
from services.paging import PageRequest
from tests.support.apps import (
    deployments_of,
    environment_named,
    events_of,
    fresh,
    make_environment,
    settle,
)
from tests.support.callers import Caller
from tests.support.contents import served_files, snapshot_files


async def test_a_deleted_environment_is_gone_from_lists_and_its_name_is_free(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    deleted = await caller.delete(staging)

    assert deleted.deleted_at is not None
    async with caller.installation.database.moment() as session:
        living = await list_environments(session, app=app, request=PageRequest())
        gone = await list_deleted_environments(session, app=app, request=PageRequest())
        named = await environment_by_name(
            session, principal=caller.principal, app=app, name="staging"
        )
    assert [environment.name for environment in living.rows] == ["dev"]
    assert [environment.id for environment in gone.rows] == [staging.id]
    assert named is None
    assert (await events_of(caller.installation, app))[-1].kind is AppEventKind.ENVIRONMENT_DELETED


async def test_a_namesake_is_a_new_environment(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)
    await caller.delete(staging)

    namesake = await make_environment(caller.installation, caller.principal, app, "staging")

    assert namesake.id != staging.id
    assert (namesake.state, namesake.current_version) == (EnvironmentState.NO_PIN, 0)
    assert await deployments_of(caller.installation, namesake) == []
    assert (await caller.release(dev, namesake)).version == 1


async def test_its_history_is_read_as_before(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.release(dev, staging)
    await caller.delete(staging)

    async with caller.installation.database.moment() as session:
        page = await list_deployments(session, environment=staging, request=PageRequest())
        for kind, identity in (("Environment", staging.id), ("Deployment", deployment.id)):
            assert await visible(session, principal=caller.principal, kind=kind, identity=identity)
    assert [row.id for row in page.rows] == [deployment.id]


async def test_its_snapshots_are_released_as_the_preview_says_and_nobody_elses(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    deployment = await caller.release(dev, staging)
    await caller.release(staging, prod)
    elsewhere = await served_files(caller.installation, prod)
    async with caller.installation.database.moment() as session:
        preview = await preview_deletion(session, staging)

    await caller.delete(staging)

    assert preview.snapshot_files_released == len(elsewhere) > 0
    assert await snapshot_files(caller.installation, deployment.snapshot_id) == {}
    for environment in (dev, prod):
        assert await served_files(caller.installation, environment) == elsewhere


async def test_the_source_of_one_in_flight_can_be_deleted(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    await caller.release(dev, staging)
    deployment = await caller.promote(staging, prod)
    await caller.delete(staging)

    settled = await settle(caller.installation, deployment)

    assert settled.succeeded
    assert settled.source_name == "staging"
    assert (await fresh(caller.installation, prod)).pinned_version == 1


async def refused(caller: Caller, environment: Environment, typed: str) -> DomainError:
    """What a deletion is refused with, once it is sure that nothing changed."""
    before = await fresh(caller.installation, environment)
    with pytest.raises(DomainError) as refusal:
        await caller.delete(environment, typed=typed)
    assert await fresh(caller.installation, environment) == before
    return refusal.value


async def test_dev_lives_as_long_as_its_app(caller: Caller, dev: Environment) -> None:
    assert isinstance(await refused(caller, dev, "dev"), DefaultEnvironmentLocked)


async def test_the_name_is_typed_exactly(caller: Caller, staging: Environment) -> None:
    for typed in ("", "Staging", "staging ", "staging\n", "prod", "stagin", "\x00"):
        refusal = await refused(caller, staging, typed)
        assert isinstance(refusal, ConfirmationMismatch)
        assert refusal.path == ("input", "confirmationName")


async def test_a_busy_environment_is_not_deleted(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    in_flight = await caller.promote(dev, staging)
    refusal = await refused(caller, staging, "staging")
    assert isinstance(refusal, EnvironmentBusy)
    assert refusal.deployment_id == in_flight.id


async def test_nothing_is_deleted_twice(caller: Caller, app: App, staging: Environment) -> None:
    await caller.delete(staging)
    assert isinstance(await refused(caller, staging, "staging"), NotFound)
    assert (await environment_named(caller.installation, app, "dev")).deleted_at is None
