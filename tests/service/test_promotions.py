"""Promotions: a version of the target's own, of exactly what the source has."""

from sqlalchemy import text

from models import (
    App,
    CodeBuildStatus,
    DeploymentKind,
    DeploymentStatus,
    Environment,
    FileSyncStatus,
)
from services import heads
from services.promotions import Promotion, promote
from tests.support.apps import (
    deployments_of,
    environment_named,
    fresh,
    make_environment,
    push,
    settle,
)
from tests.support.callers import Caller
from tests.support.contents import served_files
from tests.support.racing import race
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT, PROMPT


async def test_an_accepted_promotion_reserves_its_version_and_moves_nothing(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    deployment = await caller.promote(dev, staging, note="The first one")

    assert (deployment.kind, deployment.version) == (DeploymentKind.PROMOTION, 1)
    assert (deployment.source_id, deployment.source_name) == (dev.id, "dev")
    assert (deployment.note, deployment.actor) == ("The first one", caller.principal.actor)
    assert deployment.commit_sha == repository.head
    assert deployment.status is DeploymentStatus.IN_PROGRESS
    assert deployment.file_sync is FileSyncStatus.SYNCED
    assert deployment.code_build is CodeBuildStatus.PENDING
    target = await fresh(caller.installation, staging)
    assert target.deploying_id == deployment.id
    assert (target.current_version, target.pinned_version) == (0, None)


async def test_head_is_fetched_and_dev_notices_it_too(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    unseen = repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"\nBe brief.\n"})

    deployment = await caller.promote(dev, staging)

    assert deployment.commit_sha == unseen
    pushes = await deployments_of(caller.installation, dev)
    assert [pushed.commit_sha for pushed in pushes][1:] == [unseen]


async def test_a_pinned_source_gives_its_pin_and_not_head(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    tested = await caller.release(dev, staging)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(caller.installation, app)

    shipped = await caller.release(staging, prod)

    assert shipped.commit_sha == tested.commit_sha
    assert shipped.snapshot_id != tested.snapshot_id
    assert await served_files(caller.installation, prod) == await served_files(
        caller.installation, staging
    )


async def test_a_source_in_flight_is_not_busy_and_gives_what_it_serves(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    served = await caller.release(dev, staging)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await caller.promote(dev, staging)

    assert (await caller.promote(staging, prod)).commit_sha == served.commit_sha


async def test_being_the_source_of_one_in_flight_keeps_nobody_busy(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    await caller.release(dev, staging)
    await caller.promote(staging, prod)

    assert (await caller.promote(dev, staging)).version == 2


async def test_a_source_without_a_pin_means_head(
    caller: Caller, staging: Environment, prod: Environment, repository: Repository
) -> None:
    deployment = await caller.release(staging, prod)

    assert deployment.succeeded
    assert (deployment.commit_sha, deployment.source_name) == (repository.head, "staging")


async def test_a_source_pinned_while_head_was_fetched_gives_its_pin(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    pinned = await caller.release(dev, staging)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    commit = await heads.observe_head(caller.installation, app.id)
    head = await heads.content_of(caller.installation, commit)

    async with caller.installation.database.transaction() as session:
        request = Promotion(staging.id, prod.id)
        deployment = await promote(session, principal=caller.principal, request=request, head=head)

    assert deployment.commit_sha == pinned.commit_sha


async def test_expectations_that_hold_are_accepted(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    for version in (0, 1):
        request = Promotion(
            dev.id,
            staging.id,
            expected_source_commit=repository.head,
            expected_target_version=version,
        )
        await settle(caller.installation, await caller.ask_promotion(request))

    assert (await fresh(caller.installation, staging)).pinned_version == 2


async def test_a_snapshot_says_the_same_whatever_becomes_of_repository_and_source(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    first = repository.head
    assert first is not None
    await caller.release(dev, staging)
    await caller.release(staging, prod)
    before = await served_files(caller.installation, prod)

    repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"\nBe brief.\n"})
    await push(caller.installation, app)
    await caller.release(dev, staging)
    repository.force(first)
    repository.commit({"agentmark/tickets.jsonl": None}, message="Another history")
    await push(caller.installation, app)
    await caller.release(dev, staging)
    await caller.delete(staging)

    assert await served_files(caller.installation, prod) == before
    assert before["agentmark/triage.prompt.mdx"] == PROMPT
    assert before.keys() == {path for path in FIRST_COMMIT if path != "README.md"}


async def test_one_pinned_source_is_promoted_into_many_targets_at_once(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    tested = await caller.release(dev, staging)
    targets = [
        await make_environment(caller.installation, caller.principal, app, f"region-{number}")
        for number in range(6)
    ]

    accepted = await race(
        caller.installation, staging, *(caller.promote(staging, target) for target in targets)
    )
    for deployment in accepted:
        assert not isinstance(deployment, BaseException)
        assert (await settle(caller.installation, deployment)).succeeded

    for target in targets:
        pinned = await fresh(caller.installation, target)
        assert pinned.pinned_version == 1
        assert (await served_files(caller.installation, pinned)) == await served_files(
            caller.installation, staging
        )
    assert {one.commit_sha for one in accepted if not isinstance(one, BaseException)} == {
        tested.commit_sha
    }


async def test_two_that_promote_into_each_other_do_not_wait_for_ever(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    await caller.release(dev, staging)
    await caller.release(dev, prod)

    for held in (staging, prod):
        outcomes = await race(
            caller.installation,
            held,
            caller.promote(staging, prod),
            caller.promote(prod, staging),
        )
        for deployment in outcomes:
            assert not isinstance(deployment, BaseException), deployment
            assert (await settle(caller.installation, deployment)).succeeded


async def test_the_answer_and_its_job_are_one(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.promote(dev, staging)

    async with caller.installation.database.moment() as session:
        jobs = await (await session.connection()).execute(
            text(
                "SELECT task_name, lock FROM procrastinate_jobs WHERE args->>'deployment_id' = :id"
            ),
            {"id": str(deployment.id)},
        )
        assert jobs.all() == [("build_code", f"build_code:{staging.id}")]


async def test_nothing_in_dev_moves_by_a_promotion_out_of_it(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)

    after = await environment_named(caller.installation, app, "dev")
    assert (after.current_version, after.pinned_version, after.deploying_id) == (0, None, None)
    assert after.content_deployment_id == dev.content_deployment_id
