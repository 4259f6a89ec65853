"""What ran when: one thing at an instant, no gap, and never told otherwise afterwards."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from itertools import count, pairwise
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import App, Deployment, Environment, utc_now
from services import serving
from services.errors import InvalidInput
from services.paging import PageRequest
from tests.support.apps import deployments_of, fresh, push, settle
from tests.support.callers import Caller, fail
from tests.support.repositories import Repository
from tests.support.samples import INVALID_CONTENT, PROMPT
from tests.support.timelines import served_at, timeline_of

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NUMBERS = count()


async def test_an_interval_begins_when_the_pin_moves_and_lasts_until_it_moves_again(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    accepted = await caller.promote(dev, staging)
    assert await timeline_of(caller.installation, staging) == []

    first = await settle(caller.installation, accepted)
    second = await caller.release(dev, staging)

    told = await timeline_of(caller.installation, staging)
    assert [(each.deployment_id, each.since, each.until) for each in told] == [
        (first.id, first.settled_at, second.settled_at),
        (second.id, second.settled_at, None),
    ]


async def test_a_failed_deployment_is_never_told_as_served(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    served = await caller.release(dev, staging)
    await fail(caller.installation, await caller.promote(dev, staging))
    await caller.cancel(await caller.promote(dev, staging))

    told = await timeline_of(caller.installation, staging)
    assert [(each.deployment_id, each.until) for each in told] == [(served.id, None)]


async def test_rolling_back_and_redeploying_begin_intervals_of_their_own(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    made = [await caller.release(dev, staging), await caller.release(dev, staging)]
    made.append(await settle(caller.installation, await caller.roll_back(staging, 1)))
    made.append(await settle(caller.installation, await caller.redeploy(staging)))

    told = await timeline_of(caller.installation, staging)
    assert [each.deployment_id for each in told] == [each.id for each in made]
    assert [each.version for each in made] == [1, 2, 1, 1]


async def test_the_timeline_of_dev_tells_its_content_as_it_was_synced(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(caller.installation, app)
    repository.commit(INVALID_CONTENT)
    await push(caller.installation, app)

    first, second, _ = await deployments_of(caller.installation, dev)
    told = await timeline_of(caller.installation, dev)
    assert [(each.deployment_id, each.since, each.until) for each in told] == [
        (first.id, first.file_sync_finished_at, second.file_sync_finished_at),
        (second.id, second.file_sync_finished_at, None),
    ]


async def test_deleting_ends_the_last_interval_and_keeps_the_others(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    released = await caller.release(dev, staging)
    deleted = await caller.delete(staging)

    (told,) = await timeline_of(caller.installation, staging)
    assert (told.since, told.until) == (released.settled_at, deleted.deleted_at)
    assert told.until is not None
    before = told.until - timedelta(microseconds=1)
    assert await served_at(caller.installation, staging, before) == released.id
    assert await served_at(caller.installation, staging, told.until) is None


async def test_an_interval_holds_its_first_instant_and_not_its_last(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)
    second = await caller.release(dev, staging)
    assert first.settled_at is not None
    assert second.settled_at is not None
    step = timedelta(microseconds=1)

    async def at(time: datetime) -> UUID | None:
        return await served_at(caller.installation, staging, time)

    assert await at(first.settled_at - step) is None
    assert await at(first.settled_at) == first.id
    assert await at(second.settled_at - step) == first.id
    assert await at(second.settled_at) == second.id
    elsewhere = second.settled_at.astimezone(timezone(timedelta(hours=-9)))
    assert await at(elsewhere) == second.id


async def test_a_timeline_is_narrowed_to_what_overlaps(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    moments = [(await caller.release(dev, staging)).settled_at for _ in range(3)]

    async def told(since: datetime | None, until: datetime | None) -> list[int]:
        async with caller.installation.database.moment() as session:
            page = await serving.list_servings(
                session,
                environment=staging,
                since=since,
                until=until,
                request=PageRequest(),
            )
        return [each.ordinal for each in page.rows]

    assert await told(None, None) == [3, 2, 1]
    assert await told(moments[1], None) == [3, 2]
    assert await told(None, moments[1]) == [1]
    assert await told(moments[1], moments[2]) == [2]
    assert await told(LONG_AGO, moments[0]) == []
    assert await told(moments[1], moments[1]) == []


async def test_times_that_cannot_be_meant_are_refused(caller: Caller, staging: Environment) -> None:
    day = datetime(2025, 1, 1, tzinfo=UTC)
    cases = [
        (day + timedelta(days=1), day, "from"),
        (datetime(2999, 1, 1, tzinfo=UTC), None, "from"),
        (None, datetime(2999, 1, 1, tzinfo=UTC), "to"),
        (day.replace(tzinfo=None), None, "from"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), None, "from"),
        (None, datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), "to"),
    ]
    for since, until, field in cases:
        async with caller.installation.database.moment() as session:
            with pytest.raises(InvalidInput) as refusal:
                await serving.list_servings(
                    session, environment=staging, since=since, until=until, request=PageRequest()
                )
        assert refusal.value.field == field


NEVER_CHANGES = "never changes"
APPEND_ONLY = "append-only"
CONTIGUOUS = "begins where the last one ended"
TOLD = "something else than its timeline tells"
INSERT = "INSERT INTO serving (environment_id, ordinal, deployment_id, since)"
ENDED = INSERT.replace("since)", "since, until)")
FORGERIES = {
    "UPDATE serving SET until = until + interval '1 hour' WHERE ordinal = 1": NEVER_CHANGES,
    "UPDATE serving SET until = NULL WHERE ordinal = 1": NEVER_CHANGES,
    "UPDATE serving SET since = since - interval '1 hour' WHERE ordinal = 2": NEVER_CHANGES,
    "UPDATE serving SET deployment_id = :first WHERE ordinal = 2": NEVER_CHANGES,
    "DELETE FROM serving WHERE ordinal = 1": APPEND_ONLY,
    "TRUNCATE serving": APPEND_ONLY,
    "UPDATE serving SET until = now() WHERE until IS NULL": TOLD,
    f"{INSERT} VALUES (:environment, 3, :first, now())": CONTIGUOUS,
    f"{INSERT} VALUES (:environment, 4, :first, now())": CONTIGUOUS,
    "UPDATE environment SET pinned_version = 1, pinned_deployment_id = :first"
    " WHERE id = :environment": TOLD,
    "UPDATE environment SET deleted_at = now() WHERE id = :environment": TOLD,
}


async def test_the_database_refuses_to_be_told_otherwise(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)
    await caller.release(dev, staging)
    before = await timeline_of(caller.installation, staging)
    given = {"first": first.id, "environment": staging.id}

    for statement, refusal in FORGERIES.items():
        named = {name: value for name, value in given.items() if f":{name}" in statement}
        with pytest.raises(DBAPIError, match=refusal):
            async with caller.installation.database.transaction() as session:
                await (await session.connection()).execute(text(statement), named)

    assert await timeline_of(caller.installation, staging) == before


async def test_two_at_one_instant_are_excluded_by_the_table_itself(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)

    async def tell_another() -> None:
        async with caller.installation.database.transaction() as session:
            connection = await session.connection()
            await connection.execute(text("ALTER TABLE serving DISABLE TRIGGER serving_contiguous"))
            await connection.execute(
                text(f"{ENDED} VALUES (:environment, 2, :first, :since, :until)"),
                {
                    "environment": staging.id,
                    "first": first.id,
                    "since": LONG_AGO,
                    "until": utc_now(),
                },
            )

    with pytest.raises(DBAPIError, match="ex_serving_one_at_a_time"):
        await tell_another()


async def test_what_another_environment_deployed_is_not_told_as_served(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    elsewhere = await caller.release(dev, staging)

    with pytest.raises(DBAPIError, match="deployed elsewhere"):
        async with caller.installation.database.transaction() as session:
            await (await session.connection()).execute(
                text(
                    "INSERT INTO serving (environment_id, ordinal, deployment_id, since)"
                    " VALUES (:environment, 1, :deployment, now())"
                ),
                {"environment": prod.id, "deployment": elsewhere.id},
            )


async def test_an_older_database_is_told_its_whole_history(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
    database_url: str,
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(caller.installation, app)
    await caller.release(dev, staging)
    await caller.release(dev, staging)
    await fail(caller.installation, await caller.promote(dev, staging))
    await settle(caller.installation, await caller.roll_back(staging, 1))
    await caller.promote(dev, staging)
    await caller.release(staging, prod)
    await caller.delete(prod)
    environments = [dev, staging, prod]
    before = [await timeline_of(caller.installation, each) for each in environments]
    assert [len(each) for each in before] == [2, 3, 1]

    script = files("pinmark.migrations").joinpath("sql", "0004_serving.sql").read_text()
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE serving; DROP TYPE uuidrange")
        connection.execute(
            "DROP FUNCTION keep_serving, check_serving, check_serving_of_environment,"
            " check_serving_of_interval CASCADE"
        )
        connection.execute(script.encode())

    assert [await timeline_of(caller.installation, each) for each in environments] == before


@pytest.fixture
async def source(caller: Caller, dev: Environment, staging: Environment) -> Environment:
    """A pinned environment, from which promoting is quick."""
    await caller.release(dev, staging)
    return staging


Act = Callable[[Caller, Environment, Environment], Awaitable[Deployment | None]]


async def promote(caller: Caller, source: Environment, target: Environment) -> Deployment:
    return await caller.release(source, target)


async def promote_in_vain(caller: Caller, source: Environment, target: Environment) -> None:
    await fail(caller.installation, await caller.promote(source, target))


async def roll_back(caller: Caller, source: Environment, target: Environment) -> Deployment | None:
    now = await fresh(caller.installation, target)
    others = [v for v in range(1, now.current_version + 1) if v != now.pinned_version]
    if not others:
        return None
    return await settle(caller.installation, await caller.roll_back(target, others[0]))


async def redeploy(caller: Caller, source: Environment, target: Environment) -> Deployment | None:
    if (await fresh(caller.installation, target)).pinned_version is None:
        return None
    return await settle(caller.installation, await caller.redeploy(target))


acts = st.sampled_from([promote, promote, promote_in_vain, roll_back, redeploy])
clocks_behind = st.sampled_from([0.0, 0.0, 0.02, 5.0])


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    history=st.lists(st.tuples(acts, clocks_behind), min_size=1, max_size=7),
    deletes=st.booleans(),
    instants=st.lists(st.floats(-0.1, 1.0), min_size=5, max_size=12),
)
async def test_whatever_happens_every_instant_has_the_version_that_a_plain_model_has(
    caller: Caller,
    app: App,
    source: Environment,
    monkeypatch: pytest.MonkeyPatch,
    history: list[tuple[Act, float]],
    deletes: bool,
    instants: list[float],
) -> None:
    target = await caller.create_environment(app, f"target-{next(NUMBERS)}")
    begun = utc_now()
    model: list[tuple[datetime, UUID | None]] = []
    for act, seconds in history:
        behind = timedelta(seconds=seconds)
        monkeypatch.setattr(serving, "utc_now", lambda behind=behind: utc_now() - behind)
        made = await act(caller, source, target)
        if made is not None:
            assert made.settled_at is not None
            model.append((made.settled_at, made.id))
    monkeypatch.undo()
    if deletes:
        deleted = await caller.delete(target)
        assert deleted.deleted_at is not None
        model.append((deleted.deleted_at, None))

    told = await timeline_of(caller.installation, target)
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(model))
    assert [(each.since, each.deployment_id) for each in told] == [
        (since, identity) for since, identity in model if identity is not None
    ][: len(told)]
    assert all(earlier.until == later.since for earlier, later in pairwise(told))
    assert not told or (told[-1].until is not None) == deletes
    begun, ended = min([begun, *(since for since, _ in model)]), utc_now()
    for time in [begun + (ended - begun) * instant for instant in instants] + [
        since for since, _ in model
    ]:
        expected = next((what for since, what in reversed(model) if since <= time), None)
        assert await served_at(caller.installation, target, time) == expected
