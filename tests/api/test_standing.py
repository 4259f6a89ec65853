"""Open sockets obey: they end with what their client showed, and carry nothing it may not have."""

from datetime import timedelta

import pytest
from anyio import fail_after

from models import utc_now
from services import authentication
from services.doorbell import CREDENTIALS
from services.principals import Permission
from tests.support.asked_keys import ask_for_key
from tests.support.graphql_ws import GraphQLSocket
from tests.support.mutations import mutate
from tests.support.permissions import forbid
from tests.support.worlds import World

HANG_GUARD = 30
APP_EVENTS = "subscription ($app: ID!) { appEvents(appId: $app) { kind } }"
VIEWER = "{ viewer { permissions } }"


async def follow(world: World, socket: GraphQLSocket) -> None:
    payload = {"query": APP_EVENTS, "variables": {"app": world.apps["triage"]}}
    await socket.send({"id": "events", "type": "subscribe", "payload": payload})


async def test_a_revoked_keys_socket_is_closed(own_world: World) -> None:
    made = await ask_for_key(
        own_world, "triage/staging", permissions=["environment.read", "app.read"]
    )
    async with own_world.server.socket(token=made["plaintext"]) as socket:
        await follow(own_world, socket)
        await mutate(own_world.server, "revokeApiKey", {"apiKeyId": made["apiKey"]["id"]})
        assert await socket.close_code() == 4401


async def test_a_socket_that_carries_nothing_is_closed_too(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", permissions=["environment.read"])
    async with own_world.server.socket(token=made["plaintext"]) as socket:
        await mutate(own_world.server, "revokeApiKey", {"apiKeyId": made["apiKey"]["id"]})
        assert await socket.close_code() == 4401


async def test_a_key_that_ends_by_itself_takes_its_socket_along(own_world: World) -> None:
    ends = utc_now() + timedelta(seconds=1)
    made = await ask_for_key(
        own_world,
        "triage/staging",
        permissions=["environment.read", "app.read"],
        expiresAt=ends.isoformat(),
    )
    async with own_world.server.socket(token=made["plaintext"]) as socket:
        await follow(own_world, socket)
        assert await socket.close_code() == 4401
        assert utc_now() >= ends


async def test_deleting_an_environment_closes_the_sockets_of_its_keys(own_world: World) -> None:
    made = await ask_for_key(
        own_world, "triage/empty", permissions=["environment.read", "app.read"]
    )
    async with own_world.server.socket(token=made["plaintext"]) as socket:
        await follow(own_world, socket)
        answer = await mutate(
            own_world.server,
            "deleteEnvironment",
            {
                "environmentId": own_world.environments["triage/empty"],
                "confirmationName": "empty",
            },
        )
        assert answer["__typename"] == "DeleteEnvironmentSuccess"
        assert await socket.close_code() == 4401


async def test_who_may_follow_no_more_is_told_that_it_is_forbidden(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with own_world.server.socket() as socket:
        await follow(own_world, socket)
        forbid(own_world.server, monkeypatch, Permission.ENVIRONMENT_READ)
        own_world.server.parts.wakeups.hub.ring(CREDENTIALS)
        assert await socket.close_code() == 4403


async def test_a_socket_lives_on_as_who_its_client_now_is(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with own_world.server.socket() as socket:
        await follow(own_world, socket)
        forbid(own_world.server, monkeypatch, Permission.ENVIRONMENT_DELETE)
        own_world.server.parts.wakeups.hub.ring(CREDENTIALS)
        with fail_after(HANG_GUARD):
            while True:
                (answer,) = [data async for data in socket.run(VIEWER)]
                if Permission.ENVIRONMENT_DELETE not in answer["viewer"]["permissions"]:
                    break


async def test_a_database_that_does_not_answer_closes_nothing(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def unreachable(*given: object, **named: object) -> None:
        asked.append("asked")
        raise ConnectionRefusedError

    async with own_world.server.socket() as socket:
        await follow(own_world, socket)
        with monkeypatch.context() as away:
            away.setattr(authentication, "recognise", unreachable)
            own_world.server.parts.wakeups.hub.ring(CREDENTIALS)
            with fail_after(HANG_GUARD):
                while not asked:
                    await socket.send({"type": "ping"})
                    assert (await socket.receive())["type"] == "pong"
        assert [data async for data in socket.run("{ viewer { name } }")]
