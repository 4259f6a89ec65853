"""Promises of GraphQL over a websocket."""

from contextlib import suppress
from typing import Any

from anyio import fail_after
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.graphql_ws import GraphQLSocket
from tests.support.promises.asking import ANSWERED, SESSION, VIEWER, Promise, Server

FOLLOW = 'subscription { appEvents(appId: "QXBwOjE=") { cursor } }'


async def close_code(server: Server, socket: GraphQLSocket) -> int | None:
    """What the server closes the socket with, whatever it says before."""
    with fail_after(server.patience), suppress(ConnectionClosed):
        while True:
            await socket.connection.recv()
    return socket.connection.close_code


async def closed_for(server: Server, *messages: str | bytes) -> int | None:
    """What a socket is closed with on which the first thing said are these messages."""
    async with server.open() as socket:
        with suppress(ConnectionClosed):
            for message in messages:
                await socket.connection.send(message)
        return await close_code(server, socket)


async def subscribe(socket: GraphQLSocket, identity: Any, query: object) -> None:
    payload = {"query": query}
    await socket.send({"id": identity, "type": "subscribe", "payload": payload})


async def ends_alone(server: Server, query: str) -> None:
    """An operation that fails is told so, and another on its socket is answered after it."""
    async with server.initialised() as socket:
        await subscribe(socket, "broken", query)
        with fail_after(server.patience):
            assert (await socket.receive())["type"] == "error"
            await subscribe(socket, "neighbour", VIEWER)
            assert (await socket.receive())["payload"]["data"] == ANSWERED


async def the_protocol_of_old_is_not_acceptable(server: Server) -> None:
    async with server.open(protocol="graphql-ws") as socket:
        assert await close_code(server, socket) == 4406


async def a_list_is_a_bad_message(server: Server) -> None:
    assert await closed_for(server, "[]") == 4400


async def null_is_a_bad_message(server: Server) -> None:
    assert await closed_for(server, "null") == 4400


async def a_number_of_five_thousand_digits_is_a_bad_message(server: Server) -> None:
    assert await closed_for(server, '{"type": ' + "9" * 5000 + "}") in {4400, 4401}


async def a_message_nested_without_end_is_a_bad_message(server: Server) -> None:
    assert await closed_for(server, '{"a":' * 100_000 + "1" + "}" * 100_000) == 4400


async def bytes_are_a_bad_message(server: Server) -> None:
    assert await closed_for(server, b"\x00\xff") == 4400


async def a_message_of_two_megabytes_is_too_large(server: Server) -> None:
    assert (
        await closed_for(server, '{"type": "ping", "payload": {"a": "%s"}}' % ("x" * 2**21)) == 1009
    )


async def who_says_nothing_is_closed(server: Server) -> None:
    assert await closed_for(server) == 4408


async def an_operation_before_the_greeting_is_unauthorized(server: Server) -> None:
    assert await closed_for(server, '{"id": "1", "type": "subscribe", "payload": {}}') == 4401


async def who_is_not_let_in_is_told_not_to_try_again(server: Server) -> None:
    greeting = '{"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}}'
    assert await closed_for(server, greeting) == 4401


async def a_greeting_may_say_null(server: Server) -> None:
    shown = {"Cookie": f"{SESSION}={server.session}", "Origin": server.base}
    async with server.open(**shown) as socket:
        await socket.send({"type": "connection_init", "payload": None})
        with fail_after(server.patience):
            assert (await socket.receive())["type"] == "connection_ack"


async def a_socket_of_another_page_has_no_use_of_the_session(server: Server) -> None:
    shown = {"Cookie": f"{SESSION}={server.session}", "Origin": "https://elsewhere.example"}
    with suppress(InvalidStatus):  # not to open it at all is as good
        async with server.open(**shown) as socket:
            await socket.send({"type": "connection_init", "payload": {}})
            assert await close_code(server, socket) == 4401


async def a_socket_by_another_name_is_refused(server: Server) -> None:
    refused = False
    try:
        async with server.open(Host="rebound.example"):
            pass
    except InvalidStatus:
        refused = True
    assert refused


async def a_ping_is_echoed(server: Server) -> None:
    async with server.initialised() as socket:
        await socket.send({"type": "ping", "payload": {"a": [1, None]}})
        with fail_after(server.patience):
            assert await socket.receive() == {"type": "pong", "payload": {"a": [1, None]}}


async def an_id_that_is_no_text_is_a_bad_message(server: Server) -> None:
    async with server.initialised() as socket:
        await subscribe(socket, 1, VIEWER)
        assert await close_code(server, socket) == 4400


async def a_query_that_is_no_text_is_a_bad_message(server: Server) -> None:
    async with server.initialised() as socket:
        await subscribe(socket, "1", 1)
        assert await close_code(server, socket) == 4400


async def a_syntax_error_ends_its_operation_alone(server: Server) -> None:
    await ends_alone(server, "subscription {")


async def an_operation_without_any_ends_alone(server: Server) -> None:
    await ends_alone(server, "fragment A on Viewer { name }")


async def a_bug_on_a_socket_is_told_by_its_request_alone(server: Server) -> None:
    async with server.initialised() as socket:
        await subscribe(socket, "1", '{ app(name: "broken") { name } }')
        with fail_after(server.patience):
            (error,) = (await socket.receive())["payload"]["errors"]
        assert "hunter2" not in str(error)
        assert error["extensions"]["requestId"]


async def an_id_in_use_is_refused(server: Server) -> None:
    async with server.initialised() as socket:
        for _ in range(2):
            await subscribe(socket, "1", FOLLOW)
        assert await close_code(server, socket) == 4409


async def a_second_greeting_is_one_too_many(server: Server) -> None:
    async with server.initialised() as socket:
        await socket.send({"type": "connection_init", "payload": {}})
        assert await close_code(server, socket) == 4429


OVER_WEBSOCKET: tuple[Promise, ...] = (
    the_protocol_of_old_is_not_acceptable,
    a_list_is_a_bad_message,
    null_is_a_bad_message,
    a_number_of_five_thousand_digits_is_a_bad_message,
    a_message_nested_without_end_is_a_bad_message,
    bytes_are_a_bad_message,
    a_message_of_two_megabytes_is_too_large,
    who_says_nothing_is_closed,
    an_operation_before_the_greeting_is_unauthorized,
    who_is_not_let_in_is_told_not_to_try_again,
    a_greeting_may_say_null,
    a_socket_of_another_page_has_no_use_of_the_session,
    a_socket_by_another_name_is_refused,
    a_ping_is_echoed,
    an_id_that_is_no_text_is_a_bad_message,
    a_query_that_is_no_text_is_a_bad_message,
    a_syntax_error_ends_its_operation_alone,
    an_operation_without_any_ends_alone,
    a_bug_on_a_socket_is_told_by_its_request_alone,
    an_id_in_use_is_refused,
    a_second_greeting_is_one_too_many,
)
