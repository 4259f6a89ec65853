"""graphql-transport-ws by the book: handshake, close codes, ids, neighbours."""

import gc
from contextlib import suppress
from typing import Any

import pytest
from anyio import fail_after, sleep
from websockets.exceptions import ConnectionClosed

from pinmark import graphql_ws
from tests.support.graphql_ws import GraphQLSocket, OperationFailed, raw_socket
from tests.support.subscriptions import APP_EVENTS
from tests.support.worlds import World

VIEWER = "{ viewer { name } }"
DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000
DEEP_LIST = "[" * 100_000 + "]" * 100_000


async def subscribe(socket: GraphQLSocket, identity: Any, query: str, **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    await socket.send({"id": identity, "type": "subscribe", "payload": payload})


async def follow_events(world: World, socket: GraphQLSocket, identity: str) -> None:
    await subscribe(socket, identity, APP_EVENTS, app=world.apps["triage"])


async def answers_still(socket: GraphQLSocket) -> bool:
    return [data async for data in socket.run(VIEWER)] == [{"viewer": {"name": "owner"}}]


async def test_who_says_nothing_is_closed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_ws, "INIT_SECONDS", 0.05)
    async with raw_socket(world.server.base) as socket:
        assert await socket.close_code() == 4408


async def test_pings_do_not_put_off_the_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphql_ws, "INIT_SECONDS", 0.2)
    async with raw_socket(world.server.base) as socket:
        with fail_after(60), suppress(ConnectionClosed):
            while True:
                await socket.send({"type": "ping"})
                assert (await socket.receive())["type"] == "pong"
        assert socket.connection.close_code == 4408


@pytest.mark.parametrize(
    "payload",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": ""},
        {"Authorization": "Bearer \u00e9\N{PILE OF POO}"},
        {"Authorization": "Bearer a\u0000b"},
        {"Authorization": "x" * 100_000},
        {"Authorization": None},
        {"Authorization": ["Bearer"]},
        {},
        None,
    ],
    ids=repr,
)
async def test_a_wrong_token_is_unauthorized(world: World, payload: object) -> None:
    async with raw_socket(world.server.base) as socket:
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.close_code() == 4401


async def test_an_init_without_a_payload_is_unauthorized(world: World) -> None:
    async with raw_socket(world.server.base) as socket:
        await socket.send({"type": "connection_init"})
        assert await socket.close_code() == 4401


@pytest.mark.parametrize("payload", [[], "Bearer", 1, True])
async def test_an_init_payload_that_is_no_object_is_a_bad_request(
    world: World, payload: object
) -> None:
    async with raw_socket(world.server.base) as socket:
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.close_code() == 4400


async def test_the_bare_token_is_taken_too(world: World) -> None:
    async with raw_socket(world.server.base) as socket:
        payload = {"authorization": world.server.token}
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.receive() == {"type": "connection_ack"}


async def test_a_second_init_is_one_too_many(world: World) -> None:
    async with world.server.socket() as socket:
        await socket.send({"type": "connection_init", "payload": {}})
        assert await socket.close_code() == 4429


async def test_two_inits_at_once_are_one_too_many(world: World) -> None:
    async with raw_socket(world.server.base) as socket:
        payload = {"Authorization": f"Bearer {world.server.token}"}
        for _ in range(2):
            await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.close_code() == 4429


async def test_an_operation_before_the_init_is_unauthorized(world: World) -> None:
    async with raw_socket(world.server.base) as socket:
        await subscribe(socket, "1", VIEWER)
        assert await socket.close_code() == 4401


async def test_an_id_in_use_is_refused(world: World) -> None:
    async with world.server.socket() as socket:
        await follow_events(world, socket, "1")
        await follow_events(world, socket, "1")
        assert await socket.close_code() == 4409


@pytest.mark.parametrize("protocol", ["graphql-ws", "something-else"])
async def test_another_protocol_is_not_acceptable(world: World, protocol: str) -> None:
    async with raw_socket(world.server.base, protocol=protocol) as socket:
        assert await socket.close_code() == 4406


BROKEN = [
    "",
    "[]",
    "null",
    "1",
    "true",
    '"text"',
    "not JSON",
    "{",
    "9" * 5000,
    '{"type": ' + "9" * 5000 + "}",
    '{"type": "ping", "payload": ' + "9" * 5000 + "}",
    '{"type": NaN}',
    '{"type": "\\ud800"}',
    '{"type": ["ping"]}',
    '{"type": {"ping": 1}}',
    '{"type": null}',
    '{"type": "start", "id": "1"}',
    "{}",
    DEEP,
    DEEP_LIST,
    b"\x00\xff",
    b'{"type": "ping"}',
]


@pytest.mark.parametrize("frame", BROKEN, ids=lambda frame: repr(frame)[:24])
@pytest.mark.parametrize("initialised", [False, True])
async def test_a_broken_message_closes_with_a_code_of_the_protocol(
    world: World, frame: str | bytes, initialised: bool
) -> None:
    async with raw_socket(world.server.base) as socket:
        if initialised:
            await socket.initialise(world.server.token)
        await socket.connection.send(frame)
        assert await socket.close_code() in {4400, 4401}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "subscribe", "payload": {"query": VIEWER}},
        {"type": "subscribe", "id": "", "payload": {"query": VIEWER}},
        {"type": "subscribe", "id": 1, "payload": {"query": VIEWER}},
        {"type": "subscribe", "id": None, "payload": {"query": VIEWER}},
        {"type": "subscribe", "id": ["1"], "payload": {"query": VIEWER}},
        {"type": "subscribe", "id": "1"},
        {"type": "subscribe", "id": "1", "payload": None},
        {"type": "subscribe", "id": "1", "payload": []},
        {"type": "subscribe", "id": "1", "payload": VIEWER},
        {"type": "subscribe", "id": "1", "payload": {}},
        {"type": "subscribe", "id": "1", "payload": {"query": None}},
        {"type": "subscribe", "id": "1", "payload": {"query": 1}},
        {"type": "subscribe", "id": "1", "payload": {"query": VIEWER, "variables": []}},
        {"type": "subscribe", "id": "1", "payload": {"query": VIEWER, "operationName": 1}},
        {"type": "complete"},
        {"type": "complete", "id": 1},
    ],
    ids=str,
)
async def test_a_malformed_operation_is_a_bad_request(world: World, message: object) -> None:
    async with world.server.socket() as socket:
        await socket.send(message)
        assert await socket.close_code() == 4400


async def test_a_message_too_large_closes_the_socket(world: World) -> None:
    async with world.server.socket() as socket:
        with suppress(ConnectionClosed):
            await socket.send({"type": "ping", "payload": {"a": "x" * 20_000_000}})
        assert await socket.close_code() == 1009
    assert (await world.server.data(VIEWER))["viewer"] == {"name": "owner"}


@pytest.mark.parametrize("payload", [{"a": [1, None]}, {}])
async def test_a_ping_is_echoed(world: World, payload: object) -> None:
    async with world.server.socket() as socket:
        await socket.send({"type": "ping", "payload": payload})
        assert await socket.receive() == {"type": "pong", "payload": payload}
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}
        await socket.send({"type": "pong", "payload": payload})
        assert await answers_still(socket)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { nothing } }", "BAD_USER_INPUT"),
        ("", None),
        ("fragment A on App { id }", None),
        ("subscription { appEvents(appId: 1) { cursor } deploymentProgress { cursor } }", None),
    ],
)
async def test_a_broken_operation_ends_alone(world: World, query: str, code: str | None) -> None:
    async with world.server.socket() as socket:
        await follow_events(world, socket, "neighbour")
        with fail_after(60), pytest.raises(OperationFailed) as failed:
            _ = [data async for data in socket.run(query)]
        (first, *_) = failed.value.errors
        assert first["extensions"]["code"] == code or code is None
        assert first["extensions"]["code"] != "INTERNAL_SERVER_ERROR"
        assert await answers_still(socket)
        await subscribe(socket, "neighbour", VIEWER)
        assert await socket.close_code() == 4409


async def test_a_completed_operation_stops_and_frees_its_id(world: World) -> None:
    hub = world.server.parts.wakeups.hub
    before = hub.follower_count
    async with world.server.socket() as socket:
        for _ in range(3):
            await follow_events(world, socket, "1")
            await socket.send({"id": "1", "type": "complete"})
        await socket.send({"id": "never begun", "type": "complete"})
        assert await answers_still(socket)
        assert hub.follower_count == before


@pytest.mark.filterwarnings(
    # a connection of the pool that was just being opened is left to the garbage collector
    "ignore:unclosed connection:ResourceWarning",
)
@pytest.mark.parametrize(
    "query",
    [
        "{ apps { nodes { environments { nodes { deployments { nodes { id } } } } } } }",
        'mutation { createApp(input: {name: "triage", idempotencyKey: "k"}) { __typename } }',
    ],
)
async def test_an_operation_completed_in_the_middle_leaves_its_neighbours(
    world: World, query: str
) -> None:
    async with world.server.socket() as socket:
        await follow_events(world, socket, "neighbour")
        for turn in range(40):
            await subscribe(socket, "fleeting", query)
            await sleep(turn / 2000)  # wherever in its course the operation may be
            await socket.send({"id": "fleeting", "type": "complete"})
        assert await answers_still(socket)
        await follow_events(world, socket, "neighbour")
        assert await socket.close_code() == 4409
    gc.collect()


async def test_an_id_is_free_once_its_operation_has_completed(world: World) -> None:
    async with world.server.socket() as socket:
        for _ in range(3):
            await subscribe(socket, "1", VIEWER)
            kinds = [(await socket.receive())["type"] for _ in range(2)]
            assert kinds == ["next", "complete"]


async def test_an_id_is_free_once_its_operation_has_failed(world: World) -> None:
    async with world.server.socket() as socket:
        for _ in range(3):
            await subscribe(socket, "1", "{")
            assert (await socket.receive())["type"] == "error"


async def test_queries_and_mutations_run_over_the_socket(world: World) -> None:
    mutation = """mutation ($input: CreateAppInput!) {
        createApp(input: $input) { __typename ... on UserError { code } }
    }"""
    async with world.server.socket() as socket:
        assert await answers_still(socket)
        answers = [data async for data in socket.run(mutation, input={"name": "triage"})]
        assert answers == [{"createApp": {"__typename": "NameTakenError", "code": "NAME_TAKEN"}}]


async def test_an_operation_is_chosen_by_its_name(world: World) -> None:
    query = "query A { viewer { name } } query B { a: viewer { name } }"
    async with world.server.socket() as socket:
        payload = {"query": query, "operationName": "B"}
        await socket.send({"id": "1", "type": "subscribe", "payload": payload})
        message = await socket.receive()
        assert message["payload"]["data"] == {"a": {"name": "owner"}}


async def test_more_operations_than_a_socket_may_run_are_turned_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphql_ws, "MAXIMUM_OPERATIONS", 2)
    async with world.server.socket() as socket:
        for identity in ("1", "2", "3"):
            await follow_events(world, socket, identity)
        assert await socket.close_code() == 1013
