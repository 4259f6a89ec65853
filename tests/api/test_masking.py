"""A bug of ours tells the client a request id and nothing else, and harms nobody beside it."""

from collections.abc import Generator, MutableMapping
from typing import Any

import pytest
import structlog
from anyio import fail_after

from pinmark.server_state import Server
from services import events, finding, promotions
from tests.support.collecting import until_followers
from tests.support.graphql_ws import OperationFailed
from tests.support.mutations import mutate
from tests.support.subscriptions import APP_EVENTS
from tests.support.worlds import World

SECRET = "password=hunter2"
APP = '{ app(name: "triage") { id } }'


class Bug(Exception):
    """Something that nobody foresaw."""


async def break_down(*args: object, **named: object) -> object:
    raise Bug(SECRET)


@pytest.fixture
def logs() -> Generator[list[MutableMapping[str, Any]]]:
    with structlog.testing.capture_logs() as logs:
        yield logs


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "app_by_name", break_down)
    monkeypatch.setattr(promotions, "promote_environment", break_down)
    monkeypatch.setattr(events, "read_app_events", break_down)


def check_masked(error: dict[str, Any], text: str) -> str:
    extensions = error["extensions"]
    assert set(extensions) == {"code", "requestId"}
    assert extensions["code"] == "INTERNAL_SERVER_ERROR"
    assert SECRET not in text
    assert "Bug" not in text
    assert "Traceback" not in text
    return str(extensions["requestId"])


async def test_a_bug_before_an_operation_is_masked_and_logged_with_its_request(
    world: World, logs: list[MutableMapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "authenticate", break_down)
    response = await world.server.client.post(
        "/graphql",
        json={"query": APP},
        headers={"Authorization": f"Bearer {world.server.token}"},
    )
    assert response.status_code == 500
    request_id = check_masked(response.json()["errors"][0], response.text)
    assert response.headers["X-Request-Id"] == request_id
    assert request_id in {entry.get("request_id") for entry in logs}


@pytest.mark.usefixtures("broken", "logs")
async def test_a_bug_in_a_query_is_masked_and_logged_with_its_request(
    world: World, logs: list[MutableMapping[str, Any]]
) -> None:
    response = await world.server.client.post(
        "/graphql",
        json={"query": APP},
        headers={"Authorization": f"Bearer {world.server.token}"},
    )
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    request_id = check_masked(error, response.text)
    assert response.headers["x-request-id"] == request_id
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert entry["request_id"] == request_id
    assert isinstance(entry["exc_info"], Bug)


@pytest.mark.usefixtures("broken", "logs")
async def test_a_bug_in_one_field_leaves_the_others(world: World) -> None:
    answer = await world.server.graphql('{ viewer { name } app(name: "triage") { id } }')
    assert answer["data"] == {"viewer": {"name": "owner"}, "app": None}
    check_masked(answer["errors"][0], str(answer))
    assert answer["errors"][0]["path"] == ["app"]


@pytest.mark.usefixtures("broken", "logs")
async def test_a_bug_in_a_mutation_is_masked(world: World) -> None:
    answer = await world.server.graphql(
        """mutation ($source: ID!, $target: ID!) {
          promoteEnvironment(input: {sourceId: $source, targetId: $target}) { __typename }
        }""",
        source=world.environments["triage/dev"],
        target=world.environments["triage/empty"],
    )
    check_masked(answer["errors"][0], str(answer))


@pytest.mark.usefixtures("logs")
async def test_a_bug_on_a_socket_is_masked_and_its_neighbours_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = world.server.parts.wakeups.hub
    async with world.server.socket() as socket:
        neighbour = {"query": APP_EVENTS, "variables": {"app": world.apps["bare"]}}
        await socket.send({"id": "neighbour", "type": "subscribe", "payload": neighbour})
        await until_followers(hub, 1)
        with monkeypatch.context() as breaking:
            breaking.setattr(finding, "app_by_name", break_down)
            await socket.send({"id": "query", "type": "subscribe", "payload": {"query": APP}})
            message = await socket.receive()
            assert message["type"] == "next"
            check_masked(message["payload"]["errors"][0], str(message))
            assert await socket.receive() == {"id": "query", "type": "complete"}
            breaking.setattr(events, "read_app_events", break_down)
            with fail_after(60), pytest.raises(OperationFailed) as failed:
                async for _ in socket.run(APP_EVENTS, app=world.apps["triage"]):
                    pass
            check_masked(failed.value.errors[0], str(failed.value.errors))
        made = await mutate(
            world.server,
            "createEnvironment",
            {"appId": world.apps["bare"], "name": "after-the-bug"},
        )
        assert made["__typename"] == "CreateEnvironmentSuccess"
        with fail_after(60):
            message = await socket.receive()
        assert message["id"] == "neighbour"
        event = message["payload"]["data"]["appEvents"]
        assert event["environment"] == {"name": "after-the-bug"}
