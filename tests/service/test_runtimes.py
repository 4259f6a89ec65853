"""Candidates: a version is healthy before its pin moves, or it never serves."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from anyio import fail_after
from sqlalchemy import text
from sqlmodel import col, select

from models import App, AppEventKind, Deployment, Environment, FailureClass, Runtime, RuntimeState
from pinmark.assembly import ensure_access, open_installation, supervise
from pinmark.background import running
from pinmark.settings import Settings
from services.cancellations import Cancellation, cancel_deployment
from services.executions import Call, execute
from services.hub import Hub
from services.installation import Installation
from services.principals import Principal
from services.rights import owner_principal
from services.runtimes import records
from services.runtimes.policy import RuntimePolicy
from services.tokens import find_owner
from tests.support.apps import (
    deployments_of,
    environment_named,
    events_of,
    fresh,
    linked_app,
    make_environment,
    promoted,
    promoted_and_settled,
    push,
    settle,
)
from tests.support.promoting import until
from tests.support.repositories import Repository
from tests.support.runtimes import DIES_IN_PROD, DOES_AS_TOLD, NEVER_HEALTHY, runtime_processes
from tests.support.samples import PROMPT, WITH_HANDLER

HANG_SECONDS = 60


async def runtimes_of(installation: Installation, deployment: Deployment) -> list[Runtime]:
    async with installation.database.moment() as session:
        statement = (
            select(Runtime)
            .where(col(Runtime.deployment_id) == deployment.id)
            .order_by(col(Runtime.created_at))
        )
        return list((await session.exec(statement)).all())


async def called(
    installation: Installation, owner: Principal, environment: Environment, data: object
) -> bytes:
    call = Call.of(environment.id, type="prompt-run", data=data)
    execution = await execute(installation, Hub(), principal=owner, call=call)
    assert isinstance(execution.body, bytes)
    return execution.body


async def test_a_version_that_does_not_start_fails_and_what_served_goes_on(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit(WITH_HANDLER)
        await push(installation, app)
        await promoted_and_settled(installation, owner, source=dev, target=prod)
        repository.commit({"handler.py": DIES_IN_PROD})
        await push(installation, app)
        failed = await promoted_and_settled(installation, owner, source=dev, target=prod)

        assert failed.failure_class is FailureClass.RUNTIME
        assert failed.failure_reason is not None
        assert failed.failure_reason.startswith("The runtime did not turn healthy. It ended")
        assert "no database here" in failed.failure_reason
        now = await fresh(installation, prod)
        assert (now.pinned_version, now.current_version, now.deploying_id) == (1, 1, None)
        assert b"prompt-run" in await called(installation, owner, prod, None)
        [candidate] = await runtimes_of(installation, failed)
        assert (candidate.state, candidate.address) == (RuntimeState.FAILED, None)


async def test_a_connection_that_has_asked_for_many_runtimes_may_ask_for_more(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    """From its sixth use on Postgres may plan a statement without its values."""
    repository.commit(WITH_HANDLER)
    await push(installation, app)
    deployment = (await deployments_of(installation, dev))[-1]
    assert deployment.artifact_id is not None
    assert deployment.snapshot_id is not None

    async with installation.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        await records.ask(
            session,
            deployment=deployment,
            artifact_id=deployment.artifact_id,
            snapshot_id=deployment.snapshot_id,
            secret=b"a secret",
            trial=True,
        )


async def test_every_change_of_a_runtime_is_an_event(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER)
    await push(installation, app)
    await promoted_and_settled(installation, owner, source=dev, target=prod)
    changed = [
        event.environment_id
        for event in await events_of(installation, app)
        if event.kind is AppEventKind.RUNTIME_CHANGED
    ]
    assert changed == [prod.id]


async def test_environments_of_one_build_read_each_their_own_content(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({"handler.py": DOES_AS_TOLD})
        await push(installation, app)
        first = await promoted_and_settled(installation, owner, source=dev, target=prod)
        repository.commit({"agentmark/new.prompt.mdx": PROMPT, "agentmark/tickets.jsonl": None})
        await push(installation, app)
        second = await promoted_and_settled(installation, owner, source=dev, target=staging)

        assert first.artifact_id == second.artifact_id
        old = await called(installation, owner, prod, {"do": "files"})
        new = await called(installation, owner, staging, {"do": "files"})
        assert old == b'["tickets.jsonl", "triage.prompt.mdx"]'
        assert new == b'["new.prompt.mdx", "triage.prompt.mdx"]'


async def test_a_cancelled_candidate_is_stopped(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({"handler.py": NEVER_HEALTHY})
        await push(installation, app)
        deployment = await promoted(installation, owner, source=dev, target=prod)
        settling = asyncio.create_task(settle(installation, deployment))

        async def starts() -> bool:
            return len(runtime_processes()) == 1

        await until(starts)
        async with installation.database.transaction() as session:
            await cancel_deployment(
                session, principal=owner, request=Cancellation(deployment_id=deployment.id)
            )
        assert (await settling).failure_class is FailureClass.CANCELLED

        async def stopped() -> bool:
            [candidate] = await runtimes_of(installation, deployment)
            return candidate.state is RuntimeState.STOPPED

        await until(stopped)
        assert runtime_processes() == []


@pytest.fixture
async def impatient(settings: Settings, database_url: str) -> AsyncGenerator[Installation]:
    """An installation that nobody supervises, and that does not wait long."""
    async with open_installation(settings, database_url) as installation:
        await ensure_access(settings, installation)
        yield replace(installation, runtimes=RuntimePolicy(start_seconds=0.5, wait_seconds=0.5))


async def test_a_candidate_that_nobody_starts_is_trouble_of_the_infrastructure(
    impatient: Installation, settings: Settings, database_url: str, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with impatient.database.moment() as session:
            owner = owner_principal(await find_owner(session))
        repository.commit(WITH_HANDLER)
        app = await linked_app(impatient, owner, repository)
        dev = await environment_named(impatient, app, "dev")
        prod = await make_environment(impatient, owner, app, "prod")
        failed = await promoted_and_settled(impatient, owner, source=dev, target=prod)

        assert failed.failure_class is FailureClass.INFRASTRUCTURE
        assert failed.failure_reason is not None
        assert "pinmark serve" in failed.failure_reason


async def test_who_stands_by_takes_over_and_starts_what_the_pins_say(
    impatient: Installation, settings: Settings, database_url: str, repository: Repository
) -> None:
    patient = replace(impatient, runtimes=RuntimePolicy())
    with fail_after(HANG_SECONDS):
        async with patient.database.moment() as session:
            owner = owner_principal(await find_owner(session))
        repository.commit(WITH_HANDLER)
        app = await linked_app(patient, owner, repository)
        dev = await environment_named(patient, app, "dev")
        prod = await make_environment(patient, owner, app, "prod")
        async with running(supervise(settings, patient, database_url)):
            shipped = await promoted_and_settled(patient, owner, source=dev, target=prod)
            assert shipped.succeeded
            [before] = await runtimes_of(patient, shipped)
            standing_by = asyncio.create_task(supervise(settings, patient, database_url))
            await called(patient, owner, prod, None)
        try:
            assert b"prompt-run" in await called(patient, owner, prod, None)
            [after] = await runtimes_of(patient, shipped)
            assert after.id == before.id
            assert after.supervisor_id != before.supervisor_id
        finally:
            standing_by.cancel()
            await asyncio.gather(standing_by, return_exceptions=True)
        assert runtime_processes() == []
