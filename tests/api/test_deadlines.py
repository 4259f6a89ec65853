"""An operation ends in time; what it writes is not undone for that."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from anyio import fail_after

from pinmark.settings import Settings
from services import apps, finding
from tests.api.conftest import without_polling
from tests.support.graphql_ws import HANG_GUARD, OperationFailed
from tests.support.mutations import mutate
from tests.support.servers import RunningServer, running_server
from tests.support.subscriptions import APP_EVENTS

SECONDS = 0.5
SLOW = '{ viewer { name } app(name: "slow") { id } }'
CREATE = """mutation ($name: String!) {
  createApp(input: { name: $name, idempotencyKey: "k" }) {
    __typename ... on CreateAppSuccess { app { id name } }
  }
}"""
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture
async def hasty(settings: Settings, database_url: str) -> AsyncGenerator[RunningServer]:
    """A server whose operations have half a second."""
    given = without_polling(settings).model_copy(update={"operation_seconds": SECONDS})
    async with running_server(given, database_url, with_worker=False) as server:
        yield server


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """To find an app takes for ever."""
    monkeypatch.setattr(finding, "app_by_name", lambda *_, **__: anyio.sleep_forever())


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """An app is created, and committed only once this is set."""
    released, create = asyncio.Event(), apps.create_app

    async def create_and_wait(*arguments: Any, **named: Any) -> Any:
        made = await create(*arguments, **named)
        await released.wait()
        return made

    monkeypatch.setattr(apps, "create_app", create_and_wait)
    return released


async def until(happened: Callable[[list[str]], bool], server: RunningServer) -> None:
    """Wait until the names of the apps are so."""
    with fail_after(HANG_GUARD):
        while True:
            answer = await server.data("{ apps { nodes { name } } }")
            if happened([app["name"] for app in answer["apps"]["nodes"]]):
                return


@pytest.mark.usefixtures("slow")
async def test_a_query_that_takes_too_long_is_given_up(hasty: RunningServer) -> None:
    pool = hasty.parts.installation.database.pool
    response = await hasty.client.post(
        "/graphql",
        json={"query": SLOW},
        headers={"Authorization": f"Bearer {hasty.token}", "Accept": GRAPHQL_JSON},
    )

    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    assert (response.status_code, error["extensions"]["code"]) == (503, "TIMEOUT")
    with fail_after(HANG_GUARD):
        while hasty.parts.installation.database.pool.in_use > pool.in_use:
            await anyio.sleep(0.01)


@pytest.mark.usefixtures("slow")
async def test_on_a_socket_it_ends_alone(hasty: RunningServer) -> None:
    async with hasty.socket() as socket:
        with fail_after(HANG_GUARD), pytest.raises(OperationFailed) as failed:
            _ = [data async for data in socket.run(SLOW)]
        answers = [data async for data in socket.run("{ viewer { name } }")]

    assert failed.value.errors[0]["extensions"]["code"] == "TIMEOUT"
    assert answers == [{"viewer": {"name": "owner"}}]


async def test_a_write_whose_answer_comes_too_late_takes_effect_once(
    hasty: RunningServer, held: asyncio.Event
) -> None:
    late = await hasty.graphql(CREATE, name="late")
    held.set()
    await until(lambda names: names == ["late"], hasty)
    again = await hasty.data(CREATE, name="late")

    (error,) = late["errors"]
    assert "data" not in late
    assert error["extensions"]["code"] == "TIMEOUT"
    assert "idempotencyKey" in error["message"]
    assert again["createApp"]["app"]["name"] == "late"
    await until(lambda names: names == ["late"], hasty)


async def test_a_write_that_its_client_completes_in_the_middle_takes_effect(
    hasty: RunningServer, held: asyncio.Event
) -> None:
    async with hasty.socket() as socket:
        payload = {"query": CREATE, "variables": {"name": "completed"}}
        await socket.send({"id": "1", "type": "subscribe", "payload": payload})
        await anyio.sleep(SECONDS / 5)
        await socket.send({"id": "1", "type": "complete"})
        held.set()

        await until(lambda names: names == ["completed"], hasty)


async def test_a_subscription_goes_on_when_the_time_of_an_operation_is_over(
    hasty: RunningServer,
) -> None:
    more = "... on CreateAppSuccess { app { id } }"
    app = (await mutate(hasty, "createApp", {"name": "shop"}, more=more))["app"]["id"]
    async with following(hasty, app) as told:
        await anyio.sleep(SECONDS * 3)
        await mutate(hasty, "createEnvironment", {"appId": app, "name": "later"})
        with fail_after(HANG_GUARD):
            event = (await anext(told))["appEvents"]

    assert event["environment"] == {"name": "later"}


@asynccontextmanager
async def following(
    server: RunningServer, app: str
) -> AsyncGenerator[AsyncGenerator[dict[str, Any]]]:
    async with server.socket() as socket:
        yield socket.run(APP_EVENTS, app=app)
