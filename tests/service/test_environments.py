"""Making environments: named once, counted against the plan, empty until promoted into."""

import pytest

from models import App, AppEventKind, Environment, EnvironmentState, Organization, Plan
from services.errors import EnvironmentLimit, InvalidName, NameTaken, NotFound
from services.installation import Installation
from tests.support.apps import deployments_of, events_of
from tests.support.callers import Caller
from tests.support.contents import served_files
from tests.support.racing import race


async def choose_plan(installation: Installation, app: App, plan: Plan) -> None:
    async with installation.database.transaction() as session:
        organization = await session.get_one(Organization, app.organization_id)
        organization.plan = plan
        session.add(organization)


async def test_a_new_environment_has_no_pin_and_serves_nothing(
    caller: Caller, app: App, staging: Environment
) -> None:
    assert staging.state is EnvironmentState.NO_PIN
    assert (staging.pin_label, staging.current_version) == ("no-pin", 0)
    assert await served_files(caller.installation, staging) == {}
    assert await deployments_of(caller.installation, staging) == []
    event = (await events_of(caller.installation, app))[-1]
    assert (event.kind, event.environment_id) == (AppEventKind.ENVIRONMENT_CREATED, staging.id)


async def test_a_name_is_taken_once_an_app(caller: Caller, app: App, staging: Environment) -> None:
    for name in ("staging", "dev"):
        with pytest.raises(NameTaken):
            await caller.create_environment(app, name)
    other = await caller.create_app("other")
    assert (await caller.create_environment(other, "staging")).app_id == other.id


async def test_what_is_no_name_is_refused(caller: Caller, app: App) -> None:
    for name in ("", "staging\n", "Staging", "a", "\x00", "a" * 41):
        with pytest.raises(InvalidName):
            await caller.create_environment(app, name)


async def test_an_app_that_is_not_there_gets_none(
    caller: Caller, app: App, staging: Environment
) -> None:
    app.id = staging.id
    with pytest.raises(NotFound):
        await caller.create_environment(app, "qa")


async def test_the_plan_limits_living_environments_and_says_so(caller: Caller, app: App) -> None:
    await choose_plan(caller.installation, app, Plan.GROWTH)
    made = [await caller.create_environment(app, name) for name in ("one", "two", "three")]

    with pytest.raises(EnvironmentLimit) as refusal:
        await caller.create_environment(app, "four")

    assert (refusal.value.plan, refusal.value.limit, refusal.value.current) == ("Growth", 4, 4)
    assert "Your Growth plan allows 4 environments" in str(refusal.value)
    await caller.delete(made[0])
    await caller.create_environment(app, "four")


async def test_each_app_has_the_whole_limit(caller: Caller, app: App) -> None:
    await choose_plan(caller.installation, app, Plan.FREE)
    await caller.create_environment(app, "one")
    other = await caller.create_app("other")
    await caller.create_environment(other, "one")


async def test_made_at_once_they_never_exceed_the_limit(
    caller: Caller, app: App, dev: Environment
) -> None:
    await choose_plan(caller.installation, app, Plan.GROWTH)
    outcomes = await race(
        caller.installation,
        dev,
        *(caller.create_environment(app, f"region-{number}") for number in range(6)),
    )
    assert sum(isinstance(outcome, Environment) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, EnvironmentLimit) for outcome in outcomes) == 3


async def test_of_two_namesakes_at_once_one_is_made(
    caller: Caller, app: App, dev: Environment
) -> None:
    outcomes = await race(
        caller.installation, dev, *(caller.create_environment(app, "qa") for _ in range(2))
    )
    assert {type(outcome) for outcome in outcomes} == {Environment, NameTaken}
