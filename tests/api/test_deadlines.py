"""An operation ends in time; what it writes is not undone for that.

The clock is the test's: an operation's time is over when it has come to a certain step.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from anyio import fail_after

from pinmark.server_state import Server
from schema.context import Context
from services import apps, finding
from tests.support.collecting import until_followers
from tests.support.graphql_ws import HANG_GUARD, GraphQLSocket, OperationFailed
from tests.support.mutations import mutate
from tests.support.servers import RunningServer
from tests.support.subscriptions import APP_EVENTS

SLOW = '{ viewer { name } app(name: "slow") { id } }'
CREATE = """mutation ($name: String!) {
  createApp(input: { name: $name, idempotencyKey: "k" }) {
    __typename ... on CreateAppSuccess { app { id name } }
  }
}"""
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[Context]:
    """Those of the operations that have begun, oldest first."""
    begun: list[Context] = []
    make = Server.context

    def context(*arguments: Any, **named: Any) -> Context:
        begun.append(make(*arguments, **named))
        return begun[-1]

    monkeypatch.setattr(Server, "context", context)
    return begun


def end_time_of(context: Context) -> None:
    assert context.limit is not None
    assert context.limit.when() is not None
    context.limit.reschedule(asyncio.get_running_loop().time())


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, contexts: list[Context]) -> None:
    """To find an app takes longer than its operation has time."""

    async def for_ever(*arguments: object, **named: object) -> None:
        end_time_of(contexts[-1])
        await anyio.sleep_forever()

    monkeypatch.setattr(finding, "app_by_name", for_ever)


class Held:
    """An app is created, and committed only once it is let go."""

    def __init__(self) -> None:
        self.created, self._released = asyncio.Event(), asyncio.Event()

    def let_go(self) -> None:
        self._released.set()

    async def until_let_go(self) -> None:
        self.created.set()
        await self._released.wait()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held, create = Held(), apps.create_app

    async def create_and_wait(*arguments: Any, **named: Any) -> Any:
        made = await create(*arguments, **named)
        await held.until_let_go()
        return made

    monkeypatch.setattr(apps, "create_app", create_and_wait)
    return held


async def until(happened: Callable[[list[str]], bool], server: RunningServer) -> None:
    """Wait until the names of the apps are so."""
    with fail_after(HANG_GUARD):
        while True:
            answer = await server.data("{ apps { nodes { name } } }")
            if happened([app["name"] for app in answer["apps"]["nodes"]]):
                return


@pytest.mark.usefixtures("slow")
async def test_a_query_that_takes_too_long_is_given_up(idle_server: RunningServer) -> None:
    pool = idle_server.parts.installation.database.pool
    response = await idle_server.client.post(
        "/graphql",
        json={"query": SLOW},
        headers={"Authorization": f"Bearer {idle_server.token}", "Accept": GRAPHQL_JSON},
    )

    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    assert (response.status_code, error["extensions"]["code"]) == (503, "TIMEOUT")
    with fail_after(HANG_GUARD):
        while idle_server.parts.installation.database.pool.in_use > pool.in_use:
            await anyio.sleep(0.01)


@pytest.mark.usefixtures("slow")
async def test_on_a_socket_it_ends_alone(idle_server: RunningServer) -> None:
    async with idle_server.socket() as socket:
        with fail_after(HANG_GUARD), pytest.raises(OperationFailed) as failed:
            _ = [data async for data in socket.run(SLOW)]
        answers = [data async for data in socket.run("{ viewer { name } }")]

    assert failed.value.errors[0]["extensions"]["code"] == "TIMEOUT"
    assert answers == [{"viewer": {"name": "owner"}}]


async def test_a_write_whose_answer_comes_too_late_takes_effect_once(
    idle_server: RunningServer, contexts: list[Context], held: Held
) -> None:
    answer = asyncio.create_task(idle_server.graphql(CREATE, name="late"))
    await held.created.wait()
    end_time_of(contexts[-1])
    late = await answer
    held.let_go()
    await until(lambda names: names == ["late"], idle_server)
    again = await idle_server.data(CREATE, name="late")

    (error,) = late["errors"]
    assert "data" not in late
    assert error["extensions"]["code"] == "TIMEOUT"
    assert "idempotencyKey" in error["message"]
    assert again["createApp"]["app"]["name"] == "late"
    await until(lambda names: names == ["late"], idle_server)


async def test_a_write_that_its_client_completes_in_the_middle_takes_effect(
    idle_server: RunningServer, held: Held
) -> None:
    async with idle_server.socket() as socket:
        payload = {"query": CREATE, "variables": {"name": "completed"}}
        await socket.send({"id": "1", "type": "subscribe", "payload": payload})
        await held.created.wait()
        await socket.send({"id": "1", "type": "complete"})
        assert [data async for data in socket.run("{ viewer { name } }")]
        held.let_go()

        await until(lambda names: names == ["completed"], idle_server)


async def test_the_time_of_a_subscription_is_never_over(
    idle_server: RunningServer, contexts: list[Context]
) -> None:
    more = "... on CreateAppSuccess { app { id } }"
    made = await mutate(idle_server, "createApp", {"name": "shop"}, more=more)
    async with following(idle_server, made["app"]["id"]) as events:
        followed = contexts[-1]
        assert followed.limit is not None
        assert followed.limit.when() is None
        for name in ("later", "latest"):
            given = {"appId": made["app"]["id"], "name": name}
            await mutate(idle_server, "createEnvironment", given)
            assert (await anext(events))["environment"] == {"name": name}
            assert followed.limit is None or followed.limit.when() is None


@asynccontextmanager
async def following(
    server: RunningServer, app: str
) -> AsyncGenerator[AsyncGenerator[dict[str, Any]]]:
    """The app's events, followed from before the block is entered."""

    async def events(socket: GraphQLSocket) -> AsyncGenerator[dict[str, Any]]:
        while True:
            with fail_after(HANG_GUARD):
                message = await socket.receive()
            yield message["payload"]["data"]["appEvents"]

    async with server.socket() as socket:
        payload = {"query": APP_EVENTS, "variables": {"app": app}}
        await socket.send({"id": "1", "type": "subscribe", "payload": payload})
        await until_followers(server.parts.wakeups.hub, 1)
        yield events(socket)
