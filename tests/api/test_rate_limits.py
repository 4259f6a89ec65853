"""One caller who asks too often is told when to come back; nobody else notices."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from websockets.exceptions import ConnectionClosed

from models import Role
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.api.conftest import without_polling
from tests.support.graphql_ws import GraphQLSocket
from tests.support.people import join
from tests.support.servers import RunningServer, running_server

BURST = 3
VIEWER = "{ viewer { name } }"


@pytest.fixture
async def hurried(
    settings: Settings, database_url: str, installation: Installation
) -> AsyncGenerator[RunningServer]:
    """A server that takes three requests at once and one a second."""
    limits = {
        "requests_per_minute": 60,
        "request_burst": BURST,
        "sign_in_attempts_per_minute": BURST,
        "connections": 4,
        "connections_per_principal": 2,
    }
    strict = without_polling(settings).model_copy(update=limits)
    async with running_server(strict, database_url, with_worker=False) as server:
        yield server


async def spend(server: RunningServer) -> None:
    for _ in range(BURST):
        assert "errors" not in await server.graphql(VIEWER)


async def test_who_asks_too_often_is_told_when_to_come_back_and_is_served_then(
    hurried: RunningServer,
) -> None:
    await spend(hurried)
    response = await hurried.client.post(
        "/graphql",
        json={"query": VIEWER},
        headers={"Authorization": f"Bearer {hurried.token}"},
    )
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 1}
    await asyncio.sleep(1)
    assert "errors" not in await hurried.graphql(VIEWER)


async def test_graphql_and_rest_are_asked_out_of_one_bucket(hurried: RunningServer) -> None:
    await spend(hurried)
    response = await hurried.client.get(
        "/v1/config", headers={"Authorization": f"Bearer {hurried.token}"}
    )
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    assert response.json()["error"]["code"] == "rate_limited"


async def test_one_callers_haste_is_no_other_callers_trouble(
    hurried: RunningServer, installation: Installation, owner: Principal
) -> None:
    ada = await join(installation, owner, "ada", Role.READ)
    await spend(hurried)
    assert "errors" in await hurried.graphql(VIEWER)
    assert "errors" not in await hurried.graphql(VIEWER, token=ada.token)


async def test_a_guess_at_a_token_spends_nothing_of_anybodys(hurried: RunningServer) -> None:
    for _ in range(2 * BURST):
        assert "errors" in await hurried.graphql(VIEWER, token="sk_pinmark_" + "a" * 43)
    await spend(hurried)


async def test_over_a_socket_the_operation_is_refused_and_its_neighbours_go_on(
    hurried: RunningServer,
) -> None:
    async with hurried.socket() as socket:
        for name in ("a", "b", "c", "d"):
            await begin(socket, name)
        answers = [await socket.receive() for _ in range(2 * BURST + 1)]
        refused = [each for each in answers if each["type"] == "error"]
        assert [each["id"] for each in refused] == ["d"]
        assert refused[0]["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await asyncio.sleep(1)
        await begin(socket, "d")
        assert (await socket.receive())["type"] == "next"


async def test_attempts_to_get_in_are_limited_by_address(hurried: RunningServer) -> None:
    for _ in range(BURST):
        guess = await hurried.client.post(
            "/v1/invitations/accept", json={"token": "guess", "name": "eve"}
        )
        assert guess.status_code == 404
    refused = [
        await hurried.client.post("/v1/invitations/accept", json={"token": "guess", "name": "eve"}),
        await hurried.client.post("/auth/link", data={"token": "guess"}),
        await hurried.client.get("/auth/sign-in"),
        await hurried.client.get("/auth/callback"),
    ]
    assert {each.status_code for each in refused} == {429}
    assert all(0 < int(each.headers["retry-after"]) <= 20 for each in refused)
    assert "errors" not in await hurried.graphql(VIEWER)


async def test_one_callers_sockets_are_limited_and_one_that_closes_makes_room(
    hurried: RunningServer, installation: Installation, owner: Principal
) -> None:
    ada = await join(installation, owner, "ada", Role.READ)
    async with hurried.socket():
        async with hurried.socket():
            with pytest.raises(ConnectionClosed) as closed:
                async with hurried.socket():
                    pass
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013
            assert closed.value.rcvd.reason == "At most 2 connections at a time"
            async with hurried.socket(token=ada.token):
                pass
        await until_closed(hurried, 1)
        async with hurried.socket():
            pass


async def test_all_sockets_together_are_limited(
    hurried: RunningServer, installation: Installation, owner: Principal
) -> None:
    ada = await join(installation, owner, "ada", Role.READ)
    async with (
        hurried.socket(),
        hurried.socket(),
        hurried.socket(token=ada.token),
        hurried.socket(token=ada.token),
    ):
        with pytest.raises(ConnectionClosed) as closed:
            async with hurried.socket():
                pass
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013


async def begin(socket: GraphQLSocket, name: str) -> None:
    await socket.send({"id": name, "type": "subscribe", "payload": {"query": VIEWER}})


async def until_closed(server: RunningServer, left: int) -> None:
    """Wait until the server has noticed that sockets are closed."""
    while server.parts.connections.open > left:
        await asyncio.sleep(0.01)
