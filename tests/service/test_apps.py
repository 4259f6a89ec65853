"""Making apps: each with its environment dev, each name once."""

import asyncio

import pytest
from anyio import fail_after

from models import AppEventKind, EnvironmentState
from services.apps import NewApp, create_app
from services.errors import InvalidName, NameTaken
from tests.support.apps import environment_named, events_of
from tests.support.callers import Caller
from tests.support.racing import until_waiting


async def test_an_app_is_made_with_dev(caller: Caller) -> None:
    app = await caller.create_app("triage")

    dev = await environment_named(caller.installation, app, "dev")
    assert dev.is_default
    assert (dev.state, dev.pin_label) == (EnvironmentState.DEFAULT, "default")
    assert (dev.current_version, dev.pinned_version) == (0, None)
    [event] = await events_of(caller.installation, app)
    assert (event.kind, event.seq) == (AppEventKind.APP_CREATED, 1)
    assert event.actor == caller.principal.actor


async def test_an_app_is_named_once(caller: Caller) -> None:
    await caller.create_app("triage")
    with pytest.raises(NameTaken):
        await caller.create_app("triage")


async def test_of_two_namesakes_at_once_one_is_made(caller: Caller) -> None:
    with fail_after(60):
        async with caller.installation.database.transaction() as session:
            await create_app(session, principal=caller.principal, request=NewApp("triage"))
            second = asyncio.create_task(caller.create_app("triage"))
            await until_waiting(caller.installation, 1)
        [outcome] = await asyncio.gather(second, return_exceptions=True)
    assert isinstance(outcome, NameTaken)


async def test_what_is_no_name_is_refused(caller: Caller) -> None:
    for name in ("", "triage\n", "Triage", "\x00"):
        with pytest.raises(InvalidName):
            await caller.create_app(name)


async def make_and_abandon(caller: Caller, request: NewApp) -> None:
    async with caller.installation.database.transaction() as session:
        await create_app(session, principal=caller.principal, request=request)
        raise InterruptedError


async def test_what_is_rolled_back_leaves_no_app_and_no_event(caller: Caller) -> None:
    with pytest.raises(InterruptedError):
        await make_and_abandon(caller, NewApp("triage"))
    app = await caller.create_app("triage")
    assert [event.seq for event in await events_of(caller.installation, app)] == [1]
