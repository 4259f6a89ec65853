"""Idempotency keys: asked twice, done once, answered alike."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from anyio import fail_after

from models import App, Deployment, Environment
from services.errors import (
    ContentInvalid,
    EnvironmentBusy,
    IdempotencyConflict,
    InvalidInput,
)
from services.idempotency import MAXIMUM_KEY
from services.promotions import Promotion
from services.repositories import Link
from tests.support.apps import deployments_of, events_of, settle, settle_all
from tests.support.callers import Caller, fail
from tests.support.racing import race
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT


@dataclass
class Place:
    """An app with ``staging`` at v2 after v1, ``prod`` without a pin, and a failed promotion."""

    app: App
    dev: Environment
    staging: Environment
    prod: Environment
    failed: Deployment
    repository: Repository


Ask = Callable[[Caller, Place, str], Awaitable[App | Environment | Deployment | object]]


async def link(caller: Caller, place: Place, key: str) -> object:
    url = str(place.repository.path)
    return await caller.ask_link(Link(place.app.id, url, branch="next", idempotency_key=key))


REPEATABLE: dict[str, Ask] = {
    "createApp": lambda caller, place, key: caller.create_app("new", key=key),
    "linkRepository": link,
    "createEnvironment": lambda caller, place, key: caller.create_environment(
        place.app, "new", key=key
    ),
    "retryDeployment": lambda caller, place, key: caller.retry(place.failed, key=key),
    "promoteEnvironment": lambda caller, place, key: caller.promote(
        place.staging, place.prod, key=key
    ),
    "rollbackEnvironment": lambda caller, place, key: caller.roll_back(place.staging, 1, key=key),
    "redeployEnvironment": lambda caller, place, key: caller.redeploy(place.staging, key=key),
}


@pytest.fixture
async def place(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> Place:
    await caller.release(dev, staging)
    await caller.release(dev, staging)
    failed = await fail(caller.installation, await caller.promote(dev, prod))
    repository.commit(FIRST_COMMIT, branch="next")
    return Place(app, dev, staging, prod, failed, repository)


async def test_asked_again_each_act_gives_what_it_made_and_does_nothing(
    caller: Caller, place: Place
) -> None:
    for name, ask in REPEATABLE.items():
        made = await ask(caller, place, name)
        before = await events_of(caller.installation, place.app)
        again = await ask(caller, place, name)
        assert getattr(again, "id") == getattr(made, "id"), name  # noqa: B009  # rows of any table
        assert await events_of(caller.installation, place.app) == before, name
        await settle_all(caller.installation)


async def test_once_settled_the_answer_is_the_deployment_as_it_is_now(
    caller: Caller, place: Place
) -> None:
    made = await caller.promote(place.staging, place.prod, key="k")
    settled = await settle(caller.installation, made)
    assert await caller.promote(place.staging, place.prod, key="k") == settled


async def test_the_same_key_with_another_input_is_a_conflict(caller: Caller, place: Place) -> None:
    await caller.promote(place.staging, place.prod, key="k")
    for request in (
        Promotion(place.dev.id, place.prod.id, idempotency_key="k"),
        Promotion(place.staging.id, place.prod.id, note="", idempotency_key="k"),
        Promotion(place.staging.id, place.prod.id, expected_target_version=0, idempotency_key="k"),
        Promotion(place.staging.id, None, expected_source_commit="\ud800", idempotency_key="k"),
    ):
        with pytest.raises(IdempotencyConflict):
            await caller.ask_promotion(request)


async def test_the_same_key_for_another_act_is_a_conflict(caller: Caller, app: App) -> None:
    await caller.create_environment(app, "new", key="k")
    with pytest.raises(IdempotencyConflict):
        await caller.create_app("new", key="k")


async def test_everybody_has_keys_of_their_own(caller: Caller, app: App) -> None:
    other = caller.holding(*caller.principal.permissions)
    first = await caller.create_environment(app, "one", key="k")
    second = await other.create_environment(app, "two", key="k")
    assert first.id != second.id


async def test_what_is_no_key_is_refused(caller: Caller, app: App) -> None:
    for key in ("", "  ", "\x00", "x" * (MAXIMUM_KEY + 1), "\ud800"):
        with pytest.raises(InvalidInput) as refusal:
            await caller.create_environment(app, "new", key=key)
        assert refusal.value.field == "idempotencyKey"


async def test_a_refusal_is_not_remembered(caller: Caller, place: Place) -> None:
    in_flight = await caller.promote(place.dev, place.prod)
    with pytest.raises(EnvironmentBusy):
        await caller.promote(place.staging, place.prod, key="k")
    await caller.cancel(in_flight)
    assert (await caller.promote(place.staging, place.prod, key="k")).version == 1


async def test_invalid_content_is_recorded_once_and_refused_alike(
    caller: Caller, place: Place
) -> None:
    place.repository.commit(INVALID_CONTENT)
    refusals: list[ContentInvalid] = []
    for _ in range(2):
        with pytest.raises(ContentInvalid) as refusal:
            await caller.promote(place.dev, place.prod, key="k")
        refusals.append(refusal.value)
    assert refusals[0].deployment_id == refusals[1].deployment_id
    assert refusals[0].problems == refusals[1].problems
    assert len(await deployments_of(caller.installation, place.prod)) == 2


async def test_asked_twice_at_once_it_is_done_once(caller: Caller, place: Place) -> None:
    first, second = await race_twice(caller, place)
    assert isinstance(first, Deployment)
    assert isinstance(second, Deployment)
    assert first.id == second.id
    made = await deployments_of(caller.installation, place.prod)
    assert [one.id for one in made] == [place.failed.id, first.id]


async def race_twice(caller: Caller, place: Place) -> list[Deployment | BaseException]:
    """The same promotion twice, the second waiting for the first one's key."""
    return await race(
        caller.installation,
        place.prod,
        *(caller.promote(place.staging, place.prod, key="k") for _ in range(2)),
    )


async def test_two_links_at_once_under_one_key_are_one(caller: Caller, place: Place) -> None:
    url = str(place.repository.path)
    request = Link(place.app.id, url, branch="next", idempotency_key="k")
    with fail_after(60):
        made = await asyncio.gather(caller.ask_link(request), caller.ask_link(replace(request)))
    assert made[0].id == made[1].id
