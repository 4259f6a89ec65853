"""Nothing lost and nothing repeated: while writers write, and while the listener is killed."""

import asyncio

import pytest
import sqlalchemy as sa
from anyio import fail_after

from models import App, Deployment
from schema.ids import encode_id
from services.hub import Wake
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import make_environment, settle
from tests.support.collecting import collect, following
from tests.support.servers import RunningServer
from tests.support.subscriptions import APP_EVENTS, BUILD_LOG, PROGRESS

KILL = sa.text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name = 'pinmark-listen' AND datname = current_database()"
)
PAGE = """
query {
  app(name: "triage") { eventCursor environments(first: 100) { totalCount nodes { name } } }
}
"""
NAMES = [f"made-{number:02}" for number in range(40)]


@pytest.fixture(autouse=True)
def _no_safety_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Followers are woken or wait for ever: what is lost shows."""
    assert Wake.wait.__kwdefaults__ is not None
    monkeypatch.setitem(Wake.wait.__kwdefaults__, "at_most", 3600.0)


async def kill_listener(installation: Installation) -> None:
    """Kill the server's LISTEN connection, once it has one."""
    with fail_after(60):
        while True:
            async with installation.database.transaction() as session:
                connection = await session.connection()
                if (await connection.execute(KILL)).scalar_one():
                    return


async def test_a_killed_listener_loses_and_repeats_nothing(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    async with following(
        idle_server, APP_EVENTS, enough=len(NAMES), app=encode_id("App", app.id)
    ) as reading:
        for number, name in enumerate(NAMES):
            if number % 10 == 5:
                await kill_listener(installation)
            await make_environment(installation, owner, app, name)
        events = await reading
    assert [event["environment"]["name"] for event in events] == NAMES


async def test_a_deployment_is_followed_whole_though_the_listener_dies(
    idle_server: RunningServer,
    installation: Installation,
    flying: Deployment,
) -> None:
    identity = encode_id("Deployment", flying.id)
    async with (
        following(idle_server, PROGRESS, id=identity) as progress,
        following(idle_server, BUILD_LOG, id=identity) as log,
    ):
        settling = asyncio.create_task(settle(installation, flying))
        while not settling.done():
            await kill_listener(installation)
        await settling
        events, chunks = await progress, await log
    statuses = [event["codeBuildStatus"] for event in events]
    assert statuses == ["PENDING", "BUILDING", "DEPLOYED"]
    numbers = [line["number"] for chunk in chunks for line in chunk["lines"]]
    assert numbers == list(range(1, len(numbers) + 1))
    kept = await collect(idle_server, BUILD_LOG, id=identity)
    assert len(numbers) == sum(len(chunk["lines"]) for chunk in kept)


async def test_the_server_is_ready_again_after_its_listener_was_killed(
    idle_server: RunningServer, installation: Installation
) -> None:
    await kill_listener(installation)
    await kill_listener(installation)  # the one that took its place
    with fail_after(60):
        while (await idle_server.client.get("/readyz")).status_code != 200:
            pass


async def test_a_page_and_its_stream_join_without_a_gap(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    async def write() -> None:
        for name in NAMES:
            await make_environment(installation, owner, app, name)

    async def look() -> list[str]:
        page = (await idle_server.data(PAGE))["app"]
        seen = [node["name"] for node in page["environments"]["nodes"] if node["name"] != "dev"]
        rest = await collect(
            idle_server,
            APP_EVENTS,
            app=encode_id("App", app.id),
            after=page["eventCursor"],
            enough=len(NAMES) - len(seen),
        )
        return seen + [event["environment"]["name"] for event in rest]

    async def look_now_and_then() -> list[list[str]]:
        looks: list[asyncio.Task[list[str]]] = []
        while not writing.done():
            if len(looks) < 10:
                looks.append(asyncio.create_task(look()))
            await asyncio.wait({writing}, timeout=0.01)
        return await asyncio.gather(*looks)

    writing = asyncio.create_task(write())
    with fail_after(60):
        looks = await look_now_and_then()
        await writing
    assert len(looks) > 1
    for names in looks:
        assert names == NAMES
