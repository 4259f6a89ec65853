"""However many follow, they read together, and leave room for whoever asks."""

import asyncio
from collections.abc import Generator
from contextlib import aclosing
from typing import Any

import pytest
from anyio import create_task_group, fail_after
from sqlalchemy import Engine, event

from models import App
from services import events
from services.doorbell import app_topic
from services.following import follow_app
from services.hub import Hub
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import make_environment

HANG_SECONDS = 60
FOLLOWERS = 100
LOOK_SECONDS = 0.01


@pytest.fixture
def reads_of_events() -> Generator[list[str]]:
    """Every statement that reads the event table."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "FROM event" in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_an_event_is_read_once_for_all_who_wait_for_it(
    installation: Installation, owner: Principal, app: App, reads_of_events: list[str]
) -> None:
    hub, told = Hub(), list[int]()

    async def follow() -> None:
        following = follow_app(installation.database, hub, app_id=app.id, after=None)
        async with aclosing(following):
            told.append((await anext(following)).seq)

    with fail_after(HANG_SECONDS):
        async with create_task_group() as group:
            for _ in range(FOLLOWERS):
                group.start_soon(follow)
            while hub.follower_count < FOLLOWERS:
                await asyncio.sleep(LOOK_SECONDS)
            await make_environment(installation, owner, app, "staging")
            await asyncio.sleep(1)  # for those whose first read found it already
            reads_of_events.clear()
            hub.ring(app_topic(app.id))

    assert len(told) == FOLLOWERS
    assert len(set(told)) == 1
    assert len(reads_of_events) <= FOLLOWERS // 10


async def test_more_followers_than_connections_leave_one_for_whoever_asks(
    installation: Installation, app: App
) -> None:
    reading, over = list[None](), asyncio.Event()

    async def read() -> None:
        async with installation.database.moment_in_turn() as session:
            await events.newest_sequence(session, app_id=app.id)
            reading.append(None)
            await over.wait()

    with fail_after(HANG_SECONDS):
        async with create_task_group() as group:
            for _ in range(FOLLOWERS):
                group.start_soon(read)
            while not reading:
                await asyncio.sleep(LOOK_SECONDS)
            with fail_after(HANG_SECONDS / 4):
                async with installation.database.moment() as session:
                    await events.newest_sequence(session, app_id=app.id)
            assert len(reading) < FOLLOWERS
            over.set()

    assert len(reading) == FOLLOWERS
