"""Settling: pin and counter move together or not at all, once, and by the worker in charge."""

from uuid import uuid4

import pytest

from models import (
    CacheDecisionKind,
    CodeBuildStatus,
    Deployment,
    DeploymentStatus,
    Environment,
    FailureClass,
)
from services import build_logs, builds, settlement
from services.errors import AlreadySettled
from services.installation import Installation
from services.settlement import Attempt, AttemptLost, CacheDecision, Failure
from tests.support.apps import deployment_now, deployments_of, fresh, settle
from tests.support.callers import Caller, fail
from tests.support.contents import served_files
from tests.support.racing import race
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER

NO_CODE = CacheDecision(CacheDecisionKind.NO_HANDLER)


async def take(installation: Installation, deployment: Deployment) -> Attempt:
    """Begin a build as a worker does."""
    async with installation.database.transaction() as session:
        attempt = await settlement.begin_attempt(session, deployment.id)
        assert attempt is not None
        settlement.begin_code_build(session, attempt)
        return attempt


async def finish(installation: Installation, attempt: Attempt) -> None:
    async with installation.database.transaction() as session:
        await settlement.settle_built(session, attempt, artifact_id=None, decision=NO_CODE)


async def give_up(installation: Installation, attempt: Attempt) -> None:
    async with installation.database.transaction() as session:
        failure = Failure(FailureClass.BUILD, "It does not build.")
        await settlement.settle_failed(session, attempt, failure)


async def test_pin_and_counter_move_together_when_it_settles(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.release(dev, staging)

    after = await fresh(caller.installation, staging)
    assert deployment.status is DeploymentStatus.DEPLOYED
    assert (after.pinned_deployment_id, after.pinned_version) == (deployment.id, 1)
    assert (after.current_version, after.deploying_id) == (1, None)
    assert deployment.settled_at is not None
    assert deployment.attempt_token is None


@pytest.mark.parametrize("kind", [FailureClass.BUILD, FailureClass.INFRASTRUCTURE])
async def test_a_failure_leaves_what_is_served_byte_for_byte(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    kind: FailureClass,
) -> None:
    await caller.release(dev, staging)
    before, served = (
        await fresh(caller.installation, staging),
        await served_files(caller.installation, staging),
    )
    repository.commit({"agentmark/tickets.jsonl": None})

    failed = await fail(caller.installation, await caller.promote(dev, staging), kind)

    assert (failed.status, failed.failure_class) == (DeploymentStatus.FAILED, kind)
    after = await fresh(caller.installation, staging)
    assert (after.pinned_deployment_id, after.pinned_version, after.current_version) == (
        before.pinned_deployment_id,
        1,
        1,
    )
    assert after.deploying_id is None
    assert await served_files(caller.installation, staging) == served


async def test_a_build_that_fails_moves_nothing(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    await caller.release(dev, staging)
    repository.commit(BROKEN_HANDLER)

    failed = await caller.release(dev, staging)

    assert failed.failure_class is FailureClass.BUILD
    assert failed.code_build is CodeBuildStatus.FAILED
    after = await fresh(caller.installation, staging)
    assert (after.pinned_version, after.current_version, after.deploying_id) == (1, 1, None)


async def test_a_first_promotion_that_fails_leaves_an_environment_without_a_pin(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    await fail(caller.installation, await caller.promote(dev, staging))
    after = await fresh(caller.installation, staging)
    assert (after.pinned_version, after.current_version) == (None, 0)
    assert await served_files(caller.installation, staging) == {}


async def test_successful_promotions_are_counted_without_a_gap_while_some_fail(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    for succeeds in (True, False, False, True, False, True, True):
        deployment = await caller.promote(dev, staging)
        await (settle if succeeds else fail)(caller.installation, deployment)

    history = await deployments_of(caller.installation, staging)
    assert [one.version for one in history] == [1, 2, 2, 2, 3, 3, 4]
    assert [one.version for one in history if one.succeeded] == [1, 2, 3, 4]
    assert [one.ordinal for one in history] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_deployment_is_settled_once(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    settled = await caller.release(dev, staging)
    await builds.build_code(caller.installation, settled.id)
    assert await deployment_now(caller.installation, settled.id) == settled


async def test_a_worker_back_from_the_dead_can_write_nothing(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)
    ghost = await take(caller.installation, deployment)
    living = await take(caller.installation, deployment)

    with pytest.raises(AttemptLost):
        await finish(caller.installation, ghost)
    with pytest.raises(AttemptLost):
        await give_up(caller.installation, ghost)
    with pytest.raises(AttemptLost):
        async with caller.installation.database.transaction() as session:
            await build_logs.append_lines(session, ghost, ["I am back"])

    await finish(caller.installation, living)
    settled = await deployment_now(caller.installation, deployment.id)
    assert settled.status is DeploymentStatus.DEPLOYED
    async with caller.installation.database.moment() as session:
        assert await build_logs.newest_line(session, deployment_id=deployment.id) == 0


async def test_a_token_that_was_never_given_settles_nothing(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    attempt = await take(caller.installation, await caller.promote(dev, staging))
    forged = Attempt(attempt.deployment, attempt.environment, attempt.number, uuid4())
    with pytest.raises(AttemptLost):
        await finish(caller.installation, forged)


async def test_after_it_settled_nobody_may_write_its_log(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    attempt = await take(caller.installation, await caller.promote(dev, staging))
    await finish(caller.installation, attempt)
    with pytest.raises(AttemptLost):
        async with caller.installation.database.transaction() as session:
            await build_logs.append_lines(session, attempt, ["One more thing"])


async def test_of_two_workers_that_settle_at_once_one_does(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    attempt = await take(caller.installation, await caller.promote(dev, staging))

    outcomes = await race(
        caller.installation,
        staging,
        finish(caller.installation, attempt),
        give_up(caller.installation, attempt),
    )

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [AttemptLost]
    settled = await deployment_now(caller.installation, attempt.deployment.id)
    after = await fresh(caller.installation, staging)
    assert after.current_version == (1 if settled.succeeded else 0)


async def test_of_cancel_and_settle_at_once_one_wins_and_the_other_is_told(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    for _ in range(4):
        before = await fresh(caller.installation, staging)
        attempt = await take(caller.installation, await caller.promote(dev, staging))

        cancelled, finished = await race(
            caller.installation,
            staging,
            caller.cancel(attempt.deployment),
            finish(caller.installation, attempt),
        )

        after = await fresh(caller.installation, staging)
        settled = await deployment_now(caller.installation, attempt.deployment.id)
        if isinstance(cancelled, Deployment):
            assert isinstance(finished, AttemptLost)
            assert settled.failure_class is FailureClass.CANCELLED
            assert after.current_version == before.current_version
        else:
            assert isinstance(cancelled, AlreadySettled)
            assert finished is None
            assert settled.succeeded
            assert after.current_version == before.current_version + 1


async def test_after_three_workers_died_it_fails_for_infrastructure(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)
    attempts = [await take(caller.installation, deployment) for _ in range(3)]
    assert [attempt.number for attempt in attempts] == [1, 2, 3]
    unsettled = await deployment_now(caller.installation, deployment.id)
    assert unsettled.code_build is CodeBuildStatus.BUILDING

    await builds.build_code(caller.installation, deployment.id)

    settled = await deployment_now(caller.installation, deployment.id)
    assert settled.failure_class is FailureClass.INFRASTRUCTURE
    assert "3 times" in (settled.failure_reason or "")
    assert (await fresh(caller.installation, staging)).deploying_id is None


async def test_the_next_attempt_goes_on_with_the_log(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)
    first = await take(caller.installation, deployment)
    async with caller.installation.database.transaction() as session:
        await build_logs.append_lines(session, first, ["one", "two"])

    await builds.build_code(caller.installation, deployment.id)

    async with caller.installation.database.moment() as session:
        lines = await build_logs.read_lines(session, deployment_id=deployment.id, after=0)
    assert [line.text for line in lines][:3] == ["one", "two", "attempt 2"]
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert (await deployment_now(caller.installation, deployment.id)).succeeded
