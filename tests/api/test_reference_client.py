"""graphql-transport-ws with the client that its authors wrote, graphql-ws."""

from collections.abc import AsyncGenerator
from typing import Any

import anyio
import pytest

from pinmark import graphql_ws
from pinmark.server_state import Server
from pinmark.settings import Settings
from tests.api.conftest import without_polling
from tests.support.collecting import until_followers
from tests.support.mutations import mutate
from tests.support.protocol_clients import Happened, ReferenceClient, reference_client
from tests.support.servers import RunningServer, running_server
from tests.support.worlds import World

VIEWER = "{ viewer { name } }"
EVENTS = """subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor environment { name } }
}"""


@pytest.fixture
async def client(own_world: World) -> AsyncGenerator[ReferenceClient]:
    server = own_world.server
    async with reference_client(server.base, server.token) as client:
        yield client


async def follow(world: World, client: ReferenceClient, name: str, *, after: int) -> None:
    """Follow the app's events; ``after`` so many others do."""
    await client.subscribe(name, EVENTS, app=world.apps["bare"])
    await until_followers(world.server.parts.wakeups.hub, after + 1)


async def make(server: RunningServer, app: str, name: str) -> None:
    made = await mutate(server, "createEnvironment", {"appId": app, "name": name})
    assert made["__typename"] == "CreateEnvironmentSuccess"


async def name_told(client: ReferenceClient, operation: str) -> str:
    """The environment that the next event of the operation is about."""
    happened = await client.happened("next", name=operation)
    return happened["answer"]["data"]["appEvents"]["environment"]["name"]


async def test_who_shows_a_token_is_acknowledged_and_answered(client: ReferenceClient) -> None:
    await client.connect()
    await client.subscribe("a", VIEWER)

    assert (await client.next())["happened"] == "connected"
    answered = await client.next()
    assert answered["answer"]["data"] == {"viewer": {"name": "owner"}}
    assert await client.next() == {"happened": "complete", "name": "a"}


NOT_RETRIED: dict[int, dict[str, Any]] = {
    4400: {"first": [[]]},
    4401: {"payload": {"Authorization": "Bearer wrong"}},
    4409: {},
    4429: {"first": ["greeting"]},
}
"""What the client does wrong, by the code that it is told so with. For 4409 two operations have one
id; for no other, since two greetings may be answered before the second is sent."""


@pytest.mark.parametrize("code", NOT_RETRIED)
async def test_what_a_client_does_wrong_closes_with_its_code_and_is_not_tried_again(
    own_world: World, client: ReferenceClient, code: int
) -> None:
    await client.connect(retries=5, **NOT_RETRIED[code])
    for name in ("a", "b"):
        one_id = "1" if code == 4409 else None
        await client.subscribe(name, EVENTS, id=one_id, app=own_world.apps["bare"])

    told: list[Happened] = []
    while len(failed := [each for each in told if each["happened"] == "error"]) < 2:
        told.append(await client.next())
    assert [each["code"] for each in failed] == [code, code]
    assert [each["code"] for each in told if each["happened"] == "closed"] == [code]


async def test_who_greets_too_late_is_closed_and_served_when_it_comes_in_time(
    own_world: World, client: ReferenceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hasty:
        hasty.setattr(graphql_ws, "INIT_SECONDS", 0.05)
        await client.connect(retries=50, late=5_000)
        await client.subscribe("a", VIEWER)
        assert (await client.happened("closed"))["code"] == 4408
    await client.happened("complete", name="a")


async def test_a_client_that_waits_no_longer_for_its_acknowledgement_goes_and_comes_back(
    own_world: World, client: ReferenceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def for_ever(*arguments: object, **named: object) -> None:
        await anyio.sleep_forever()

    with monkeypatch.context() as slow:
        slow.setattr(Server, "authenticate", for_ever)
        await client.connect(retries=50, options={"connectionAckWaitTimeout": 300})
        await client.subscribe("a", VIEWER)
        assert (await client.happened("closed"))["code"] == 4504
    await client.happened("complete", name="a")


async def test_pings_of_the_client_are_answered(client: ReferenceClient) -> None:
    await client.connect(options={"keepAlive": 50, "lazy": False})
    for _ in range(3):
        assert (await client.happened("pong"))["received"]


async def test_an_operation_completed_in_the_middle_is_told_nothing_more(
    own_world: World, client: ReferenceClient
) -> None:
    hub = own_world.server.parts.wakeups.hub
    await client.connect()
    await follow(own_world, client, "completed", after=0)
    await follow(own_world, client, "neighbour", after=1)
    await client.do("complete", name="completed")
    await client.happened("complete", name="completed")
    while hub.follower_count > 1:
        await anyio.sleep(0.01)

    await make(own_world.server, own_world.apps["bare"], "after-one-has-gone")

    while (told := await client.next())["happened"] != "next":
        pass
    assert told["name"] == "neighbour"


@pytest.mark.parametrize("query", ["subscription {", "{ viewer { nothing } }", "{ ...A }"])
async def test_an_operation_that_fails_leaves_its_neighbours(
    own_world: World, client: ReferenceClient, query: str
) -> None:
    await client.connect()
    await follow(own_world, client, "neighbour", after=0)
    await client.subscribe("broken", query)
    assert (await client.happened("error", name="broken"))["errors"]

    name = f"beside-{len(query)}"
    await make(own_world.server, own_world.apps["bare"], name)
    assert await name_told(client, "neighbour") == name


async def test_who_is_told_to_come_back_later_comes_back_and_is_served(
    own_world: World, client: ReferenceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(graphql_ws, "MAXIMUM_OPERATIONS", 1)
        await client.connect(retries=200)
        await follow(own_world, client, "first", after=0)
        await client.subscribe("second", EVENTS, app=own_world.apps["bare"])
        assert (await client.happened("closed"))["code"] == 1013
    await until_followers(own_world.server.parts.wakeups.hub, 2)

    await make(own_world.server, own_world.apps["bare"], "when-there-is-room")
    assert await name_told(client, "second") == "when-there-is-room"


async def test_a_client_goes_on_at_another_server_without_a_gap_when_its_own_is_restarted(
    settings: Settings, database_url: str
) -> None:
    quiet = without_polling(settings)
    async with (
        running_server(quiet, database_url, with_worker=False) as other,
        running_server(quiet, database_url, with_worker=False) as first,
        reference_client(first.base, first.token) as client,
    ):
        more = "... on CreateAppSuccess { app { id } }"
        app = (await mutate(first, "createApp", {"name": "shop"}, more=more))["app"]["id"]
        await client.connect(retries=200)
        await client.subscribe("a", EVENTS, app=app)
        await until_followers(first.parts.wakeups.hub, 1)
        await make(first, app, "before")
        assert await name_told(client, "a") == "before"

        await client.do("point", url=other.base.replace("http", "ws", 1) + "/graphql")
        first.parts.stopping.begin(0)
        assert (await client.happened("closed"))["code"] == 1012
        await make(other, app, "between")
        await until_followers(other.parts.wakeups.hub, 1)
        await make(other, app, "after")

        assert [await name_told(client, "a") for _ in range(2)] == ["between", "after"]
