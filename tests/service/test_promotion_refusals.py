"""Promotions that are refused: nothing moves, and nothing but invalid content is recorded."""

import shutil
from uuid import uuid4

import pytest

from models import App, CodeBuildStatus, Deployment, Environment, FailureClass, FileSyncStatus
from services.errors import (
    ContentInvalid,
    DomainError,
    EnvironmentBusy,
    GitConnectionMissing,
    InvalidInput,
    NotFound,
    RepositoryUnreachable,
    SourceIsTarget,
    StaleSource,
    StaleTarget,
    TargetIsDefault,
)
from services.promotions import Promotion
from tests.support.apps import (
    deployments_of,
    environment_named,
    events_of,
    fresh,
    linked_app,
    settle,
)
from tests.support.callers import Caller
from tests.support.racing import race
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT


@pytest.fixture
async def pinned(caller: Caller, dev: Environment, staging: Environment) -> Environment:
    """``staging``, serving v1."""
    await caller.release(dev, staging)
    return await fresh(caller.installation, staging)


async def refused(caller: Caller, app: App, target: Environment, request: Promotion) -> DomainError:
    """What the request is refused with, once it is sure that it left no trace."""
    before = await fresh(caller.installation, target), await events_of(caller.installation, app)
    with pytest.raises(DomainError) as refusal:
        await caller.ask_promotion(request)
    after = await fresh(caller.installation, target), await events_of(caller.installation, app)
    assert after == before
    return refusal.value


async def test_dev_is_never_a_target(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    refusal = await refused(caller, app, dev, Promotion(pinned.id, dev.id))
    assert isinstance(refusal, TargetIsDefault)
    assert refusal.path == ("input", "targetId")


async def test_dev_into_itself_is_refused_as_a_target(
    caller: Caller, app: App, dev: Environment
) -> None:
    assert isinstance(await refused(caller, app, dev, Promotion(dev.id, dev.id)), TargetIsDefault)


async def test_an_environment_is_not_promoted_into_itself(
    caller: Caller, app: App, pinned: Environment
) -> None:
    refusal = await refused(caller, app, pinned, Promotion(pinned.id, pinned.id))
    assert isinstance(refusal, SourceIsTarget)
    assert refusal.path == ("input", "sourceId")


async def test_what_is_not_there_is_not_found_and_named(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    other = await caller.create_app("other")
    foreign = await caller.create_environment(other, "foreign")
    deleted = await caller.delete(await caller.create_environment(app, "deleted"))

    for absent in (None, uuid4(), deleted.id, foreign.id, app.id):
        refusal = await refused(caller, app, pinned, Promotion(absent, pinned.id))
        assert isinstance(refusal, NotFound)
        assert refusal.path == ("input", "sourceId")
    for absent in (None, uuid4(), deleted.id, app.id):
        refusal = await refused(caller, app, dev, Promotion(pinned.id, absent))
        assert isinstance(refusal, NotFound)
        assert refusal.path == ("input", "targetId")


async def test_a_source_that_moved_on_is_stale(
    caller: Caller, app: App, dev: Environment, pinned: Environment, prod: Environment
) -> None:
    for source in (dev, pinned):
        request = Promotion(source.id, prod.id, expected_source_commit="0" * 40)
        refusal = await refused(caller, app, prod, request)
        assert isinstance(refusal, StaleSource)
        assert refusal.actual == (await deployments_of(caller.installation, pinned))[0].commit_sha


async def test_a_target_that_serves_another_version_is_stale(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    for expected in (0, 2, -1):
        request = Promotion(dev.id, pinned.id, expected_target_version=expected)
        refusal = await refused(caller, app, pinned, request)
        assert isinstance(refusal, StaleTarget)
        assert refusal.actual == 1


async def test_the_expected_version_is_the_one_served_and_not_the_counter(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    await caller.release(dev, pinned)
    await settle(caller.installation, await caller.roll_back(pinned, 1))

    request = Promotion(dev.id, pinned.id, expected_target_version=2)
    refusal = await refused(caller, app, pinned, request)

    assert isinstance(refusal, StaleTarget)
    assert refusal.actual == 1


async def test_a_note_that_cannot_be_kept_is_refused(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    for note in ("x" * 10_000_000, "a\x00b", "\ud800"):
        refusal = await refused(caller, app, pinned, Promotion(dev.id, pinned.id, note=note))
        assert isinstance(refusal, InvalidInput)
        assert refusal.field == "note"


async def test_an_app_without_a_repository_has_nothing_to_promote(caller: Caller) -> None:
    app = await caller.create_app("unlinked")
    dev = await environment_named(caller.installation, app, "dev")
    staging = await caller.create_environment(app, "staging")
    refusal = await refused(caller, app, staging, Promotion(dev.id, staging.id))
    assert isinstance(refusal, GitConnectionMissing)


async def test_an_unreachable_repository_moves_nothing(
    caller: Caller, app: App, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    repository.path.rename(repository.path.with_name("moved.git"))
    refusal = await refused(caller, app, pinned, Promotion(dev.id, pinned.id))
    assert isinstance(refusal, RepositoryUnreachable)
    assert refusal.path == ("input", "sourceId")


async def test_a_pinned_source_needs_no_repository(
    caller: Caller, pinned: Environment, prod: Environment, repository: Repository
) -> None:
    shutil.rmtree(repository.path)
    assert (await caller.release(pinned, prod)).succeeded


async def test_invalid_content_is_recorded_without_a_version_and_moves_nothing(
    caller: Caller, app: App, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    invalid = repository.commit(INVALID_CONTENT)

    with pytest.raises(ContentInvalid) as refusal:
        await caller.promote(dev, pinned, note="Broken")

    recorded = (await deployments_of(caller.installation, pinned))[-1]
    assert recorded.id == refusal.value.deployment_id
    assert (recorded.commit_sha, recorded.version, recorded.note) == (invalid, None, "Broken")
    assert (recorded.failure_class, recorded.file_sync) == (
        FailureClass.CONTENT,
        FileSyncStatus.FAILED,
    )
    assert recorded.code_build is CodeBuildStatus.SKIPPED
    assert recorded.code_build_detail == "FILE_SYNC_FAILED"
    assert {problem.path for problem in refusal.value.problems} == {"agentmark/tickets.jsonl"}
    assert str(refusal.value.problems[0]) in (recorded.failure_reason or "")
    after = await fresh(caller.installation, pinned)
    assert (after.pinned_deployment_id, after.current_version, after.deploying_id) == (
        pinned.pinned_deployment_id,
        1,
        None,
    )


async def test_after_invalid_content_the_next_version_is_still_the_next(
    caller: Caller, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    repository.commit(INVALID_CONTENT)
    with pytest.raises(ContentInvalid):
        await caller.promote(dev, pinned)
    repository.commit(FIRST_COMMIT)
    assert (await caller.promote(dev, pinned)).version == 2


async def test_a_second_promotion_is_refused_with_the_one_in_flight(
    caller: Caller, app: App, dev: Environment, pinned: Environment
) -> None:
    first = await caller.promote(dev, pinned)
    refusal = await refused(caller, app, pinned, Promotion(dev.id, pinned.id))
    assert isinstance(refusal, EnvironmentBusy)
    assert refusal.deployment_id == first.id


async def test_of_two_promotions_at_once_exactly_one_is_accepted(
    caller: Caller, pinned: Environment, prod: Environment
) -> None:
    outcomes = await race(
        caller.installation, prod, *(caller.promote(pinned, prod) for _ in range(4))
    )

    accepted = [outcome for outcome in outcomes if isinstance(outcome, Deployment)]
    busy = [outcome for outcome in outcomes if isinstance(outcome, EnvironmentBusy)]
    assert (len(accepted), len(busy)) == (1, 3)
    assert {refusal.deployment_id for refusal in busy} == {accepted[0].id}
    assert [one.id for one in await deployments_of(caller.installation, prod)] == [accepted[0].id]


async def test_a_promotion_into_what_is_deleted_at_once_is_not_found(
    caller: Caller, pinned: Environment, prod: Environment
) -> None:
    deleting, promoting = await race(
        caller.installation, prod, caller.delete(prod), caller.promote(pinned, prod)
    )
    if isinstance(deleting, Environment):
        assert isinstance(promoting, NotFound)
    else:
        assert isinstance(deleting, EnvironmentBusy)
        assert isinstance(promoting, Deployment)


async def test_two_apps_are_never_joined_by_a_promotion(
    caller: Caller, dev: Environment, pinned: Environment, repository: Repository
) -> None:
    other_repository = make_repository(repository.path.with_name("other.git"))
    other_repository.commit(FIRST_COMMIT)
    other = await linked_app(caller.installation, caller.principal, other_repository, name="other")
    target = await caller.create_environment(other, "staging")
    refusal = await refused(caller, other, target, Promotion(pinned.id, target.id))
    assert isinstance(refusal, NotFound)
    assert refusal.path == ("input", "sourceId")
