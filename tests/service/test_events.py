"""Events: every transition once, numbered without a gap in the order of commits."""

import asyncio

from anyio import fail_after
from sqlalchemy import func
from sqlmodel import col, select

from models import (
    App,
    AppEventKind,
    Environment,
    Event,
)
from services.events import newest_sequence
from services.installation import Installation
from tests.support.apps import events_of, make_environment, settle
from tests.support.callers import Caller
from tests.support.racing import race


async def look(installation: Installation, app: App) -> tuple[int, int, int]:
    """How many events there are, the newest's number, and the number the app says is newest."""
    async with installation.database.moment() as session:
        statement = select(func.count(), func.max(Event.seq)).where(col(Event.app_id) == app.id)
        count, newest = (await session.exec(statement)).one()
        return count, newest, await newest_sequence(session, app_id=app.id)


async def test_a_promotion_tells_its_story_in_order(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.release(dev, staging)

    story = [
        (event.kind.value, event.file_sync, event.code_build, event.actor.name)
        for event in await events_of(caller.installation, app)
        if event.deployment_id == deployment.id
    ]
    assert story == [
        ("DEPLOYMENT_STARTED", "SYNCED", "PENDING", "owner"),
        ("DEPLOYMENT_PROGRESSED", "SYNCED", "BUILDING", "Pinmark"),
        ("DEPLOYMENT_SETTLED", "SYNCED", "SKIPPED", "Pinmark"),
    ]


async def test_a_push_tells_its_story_in_order(caller: Caller, app: App, dev: Environment) -> None:
    events = await events_of(caller.installation, app)
    story = [(event.file_sync, event.code_build) for event in events if event.deployment_id]
    assert story == [
        ("PENDING", "PENDING"),
        ("SYNCING", "PENDING"),
        ("SYNCED", "PENDING"),
        ("SYNCED", "BUILDING"),
        ("SYNCED", "SKIPPED"),
    ]
    assert [event.kind for event in events][:3] == [
        AppEventKind.APP_CREATED,
        AppEventKind.REPOSITORY_LINKED,
        AppEventKind.DEPLOYMENT_STARTED,
    ]


async def test_under_writers_at_once_a_reader_never_sees_a_gap(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    installation = caller.installation
    await caller.release(dev, staging)
    targets = [
        await make_environment(installation, caller.principal, app, f"region-{number}")
        for number in range(6)
    ]

    async def write(target: Environment) -> None:
        for _ in range(3):
            await settle(installation, await caller.promote(staging, target))
        await caller.delete(target)

    with fail_after(120):
        writing = asyncio.gather(*(write(target) for target in targets))
        seen = [await look(installation, app)]
        while not writing.done():
            seen.append(await look(installation, app))
        await writing
    seen.append(await look(installation, app))

    assert all(count == newest == told for count, newest, told in seen)
    assert [newest for _, newest, _ in seen] == sorted(newest for _, newest, _ in seen)
    events = await events_of(installation, app)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    ends = [event.kind for event in events if event.kind is AppEventKind.DEPLOYMENT_SETTLED]
    assert len(ends) == 2 + 6 * 3


async def test_a_deployments_events_stay_in_order_among_others(
    caller: Caller, app: App, dev: Environment, staging: Environment, prod: Environment
) -> None:
    await caller.release(dev, staging)
    await race(
        caller.installation,
        staging,
        caller.release(staging, prod),
        caller.release(dev, staging),
    )

    stories: dict[object, list[AppEventKind]] = {}
    for event in await events_of(caller.installation, app):
        if event.deployment_id is not None:
            stories.setdefault(event.deployment_id, []).append(event.kind)
    for story in stories.values():
        assert story[0] is AppEventKind.DEPLOYMENT_STARTED
        assert story[-1] is AppEventKind.DEPLOYMENT_SETTLED
        assert set(story[1:-1]) == {AppEventKind.DEPLOYMENT_PROGRESSED}


async def test_apps_are_numbered_apart(caller: Caller, app: App) -> None:
    other = await caller.create_app("other")
    await caller.create_environment(other, "staging")
    assert [event.seq for event in await events_of(caller.installation, other)] == [1, 2]
