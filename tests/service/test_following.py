"""Following what happens: from any cursor, past every page, across the seam to what is live."""

import asyncio

import pytest
from anyio import fail_after

from models import App, Environment, Event
from services import build_logs, cursors, events, settlement
from services.errors import InvalidCursor
from services.following import follow_app, follow_build_log, follow_deployment
from services.hub import Hub
from tests.support.apps import events_of, fresh, settle
from tests.support.callers import Caller


async def test_from_any_cursor_a_deployment_gives_exactly_the_rest(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    database = caller.installation.database
    deployment = await caller.release(dev, staging)
    story = [
        event
        for event in await events_of(caller.installation, app)
        if event.deployment_id == deployment.id
    ]

    with fail_after(60):
        for seen in range(len(story) + 1):
            after = None if seen == 0 else cursors.encode_event(app.id, story[seen - 1].seq)
            following = follow_deployment(database, Hub(), deployment=deployment, after=after)
            assert [event.seq async for event in following] == [e.seq for e in story[seen:]]


async def test_an_app_is_followed_past_every_page(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PAGE_SIZE", 3)
    app = await caller.create_app("busy")
    for number in range(10):
        await caller.create_environment(app, f"region-{number}")
    start = cursors.encode_event(app.id, 0)
    wanted = 11

    seen: list[Event] = []
    with fail_after(60):
        async for event in follow_app(
            caller.installation.database, Hub(), app_id=app.id, after=start
        ):
            seen.append(event)
            if len(seen) == wanted:
                break
    assert [event.seq for event in seen] == list(range(1, wanted + 1))


async def test_a_log_longer_than_a_page_is_followed_whole_and_ends_with_the_build(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    database, hub = caller.installation.database, Hub()
    deployment = await caller.promote(dev, staging)
    async with database.transaction() as session:
        attempt = await settlement.begin_attempt(session, deployment.id)
        assert attempt is not None
    async with database.transaction() as session:
        lines = [f"line {number}" for number in range(1, build_logs.PAGE_SIZE + 2)]
        await build_logs.append_lines(session, attempt, lines)

    followed: list[str] = []

    async def follow() -> None:
        following = follow_build_log(database, hub, deployment_id=deployment.id, after=None)
        async for chunk in following:
            followed.extend(line.text for line in chunk)

    with fail_after(60):
        following = asyncio.create_task(follow())
        await settle(caller.installation, deployment)
        hub.ring(f"log:{deployment.id}")
        await following
    assert followed[: len(lines)] == lines
    assert followed[len(lines)] == "attempt 2"


async def test_what_happens_while_somebody_reads_is_not_missed(
    caller: Caller, app: App, dev: Environment
) -> None:
    hub = Hub()
    newest = cursors.encode_event(app.id, len(await events_of(caller.installation, app)))
    with fail_after(60):
        following = follow_app(caller.installation.database, hub, app_id=app.id, after=newest)
        waiting = asyncio.ensure_future(anext(following))
        made = await caller.create_environment(app, "qa")
        hub.ring(f"app:{app.id}")
        assert (await waiting).environment_id == made.id

        deleted = await caller.delete(made)  # and no ring for it
        assert (await anext(following)).environment_id == deleted.id


async def test_who_stops_following_leaves_nothing_behind(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    database, hub = caller.installation.database, Hub()
    deployment = await caller.promote(dev, staging)
    start = cursors.encode_event(app.id, 0)
    for following in (
        follow_app(database, hub, app_id=app.id, after=start),
        follow_deployment(database, hub, deployment=deployment, after=None),
    ):
        await anext(following)
        assert hub.follower_count == 1
        await following.aclose()
        assert hub.follower_count == 0


async def test_a_cursor_of_another_app_or_of_the_future_is_refused(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    database = caller.installation.database
    other = await caller.create_app("other")
    deployment = await caller.release(dev, staging)
    newest = len(await events_of(caller.installation, app))
    for cursor in (
        cursors.encode_event(other.id, 1),
        cursors.encode_event(app.id, newest + 1),
        cursors.encode_line(deployment.id, 0),
        "junk",
    ):
        with pytest.raises(InvalidCursor):
            await anext(follow_app(database, Hub(), app_id=app.id, after=cursor))
        with pytest.raises(InvalidCursor):
            await anext(follow_deployment(database, Hub(), deployment=deployment, after=cursor))
    with pytest.raises(InvalidCursor):
        await anext(
            follow_build_log(
                database,
                Hub(),
                deployment_id=deployment.id,
                after=cursors.encode_event(app.id, 1),
            )
        )
    assert (await fresh(caller.installation, staging)).pinned_version == 1
