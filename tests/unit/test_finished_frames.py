"""Finished frames: what a client gets is what it would have got of messages."""

import asyncio
import base64
import os
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from anyio import fail_after
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from pinmark.finished_frames import FinishedFramesProtocol, take_writer, text_frame
from tests.support.frame_servers import FrameServer, frame_server, hold
from tests.support.git_host import write_certificate

HANG_SECONDS = 60
SIZES = (0, 1, 125, 126, 65_535, 65_536, 1_000_000)
MEGABYTES = "x" * 20_000_000  # more than the kernel takes at once


@pytest.fixture(params=[True, False], ids=["uvloop", "asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """The loop of a server that we start, and that of others."""
    return "asyncio", {"use_uvloop": request.param}


@asynccontextmanager
async def raw_connection(
    server: FrameServer,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A websocket as its bytes, past the handshake."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    key = base64.b64encode(os.urandom(16))
    writer.write(
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % key
    )
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.close()


def frame_of(text: str) -> bytes:
    return text_frame(text.encode())


async def received(client: ClientConnection, count: int) -> list[Any]:
    return [await client.recv() for _ in range(count)]


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_is_what_the_library_makes(size: int) -> None:
    payload = os.urandom(size)

    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_parts_is_the_frame_of_the_whole(size: int) -> None:
    assert text_frame(b'{"id":"1","payload":', b"x" * size, b"}") == text_frame(
        b'{"id":"1","payload":' + b"x" * size + b"}"
    )


@pytest.mark.parametrize("text", ["", "short", "é" * 100, "𝄞" * 20_000])
async def test_on_the_wire_a_frame_is_what_a_message_is(text: str) -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, raw_connection(server) as (reader, _):
            websocket, writer = await server.accepted()
            await websocket.send_text(text)
            of_message = await reader.readexactly(len(frame_of(text)))
            assert writer.write(frame_of(text))
            of_frame = await reader.readexactly(len(of_message))

    assert of_frame == of_message


async def test_frames_messages_and_pongs_come_in_order() -> None:
    """The client asks in fragments, with a ping in the middle of each, and is answered in turns."""

    async def answer(websocket: WebSocket) -> None:
        writer = take_writer(websocket.scope)
        assert writer is not None
        for number in range(100):
            asked = await websocket.receive_text()
            assert writer.write(frame_of(f"frame {number} of {asked}"))
            await websocket.send_text(f"message {number} of {asked}")
            assert writer.write(frame_of(f"frame again {number}"))
        await hold(websocket)

    async def fragments(client: ClientConnection, number: int) -> AsyncGenerator[str]:
        yield "asked"
        pongs.append(await client.ping(str(number)))
        yield f"-{number}"

    pongs: list[Any] = []
    with fail_after(HANG_SECONDS):
        async with frame_server(answer) as server, connect(server.address()) as client:
            told: list[Any] = []
            for number in range(100):
                await client.send(fragments(client, number))
                told += await received(client, 3)
            await asyncio.gather(*pongs)

    assert told == [
        said
        for number in range(100)
        for said in (
            f"frame {number} of asked-{number}",
            f"message {number} of asked-{number}",
            f"frame again {number}",
        )
    ]


async def test_our_own_pings_come_between_frames() -> None:
    with fail_after(HANG_SECONDS):
        async with (
            frame_server(ws_ping_interval=0.01, ws_ping_timeout=5) as server,
            connect(server.address()) as client,
        ):
            _, writer = await server.accepted()
            for number in range(100):
                assert writer.write(frame_of(str(number)))
                await asyncio.sleep(0.002)

            assert await received(client, 100) == [str(number) for number in range(100)]


async def test_what_the_kernel_does_not_take_at_once_follows_whole_and_before_the_next() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, connect(server.address(), max_size=None) as client:
            websocket, writer = await server.accepted()
            assert writer.write(frame_of(MEGABYTES))
            sending = asyncio.create_task(websocket.send_text("after it"))

            assert await received(client, 2) == [MEGABYTES, "after it"]
            await sending


async def test_what_the_kernel_does_not_take_at_all_is_not_lost() -> None:
    transports: list[asyncio.BaseTransport] = []

    class Noted(FinishedFramesProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(transport)
            super().connection_made(transport)

    frame, sent = frame_of(MEGABYTES), 0
    with fail_after(HANG_SECONDS):
        async with frame_server(ws=Noted) as server, raw_connection(server) as (reader, _):
            _, writer = await server.accepted()
            descriptor = transports[0].get_extra_info("socket").fileno()
            with suppress(BlockingIOError):  # until it is full
                while True:
                    sent += os.write(descriptor, frame[sent:])
            assert writer.write(frame[sent:])

            assert await reader.readexactly(len(frame)) == frame


async def test_who_has_not_taken_the_last_frame_is_not_written_the_next() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, raw_connection(server) as (reader, _):
            _, writer = await server.accepted()
            assert writer.write(frame_of(MEGABYTES))
            assert not writer.write(frame_of("more"))
            await reader.readexactly(len(frame_of(MEGABYTES)))
            while not writer.write(frame_of("at last")):  # until the server sees that it was taken
                await asyncio.sleep(0.01)

            assert await reader.readexactly(len(frame_of("at last"))) == frame_of("at last")


async def test_nothing_is_written_after_the_close_of_the_server() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, raw_connection(server) as (reader, _):
            websocket, writer = await server.accepted()
            await websocket.close(1012, "going")
            assert not writer.write(frame_of("late"))
            head, size = await reader.readexactly(2)

            assert head == 0x88
            assert (await reader.readexactly(size))[2:] == b"going"
    assert not writer.write(frame_of("later"))


async def test_nothing_is_written_after_the_close_of_the_client() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server:
            async with connect(server.address()):
                _, writer = await server.accepted()
                assert writer.write(frame_of("in time"))
            while writer.write(frame_of("late")):  # until the server hears of it
                await asyncio.sleep(0.001)
            assert not writer.write(frame_of("later"))


async def test_a_client_that_breaks_the_protocol_is_written_nothing_more() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, raw_connection(server) as (reader, client):
            _, writer = await server.accepted()
            client.write(b"\xff\xff\xff\xff")
            head, _ = await reader.readexactly(2)

            assert head == 0x88
            assert not writer.write(frame_of("late"))


async def test_a_descriptor_that_another_has_by_now_is_left_alone() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server:
            async with connect(server.address()) as client:
                gone, writer = await server.accepted()
                client.transport.abort()
                await _until_gone(gone)
            async with raw_connection(server) as (reader, _):
                other, _ = await server.accepted()
                assert not writer.write(frame_of("of another"))
                await other.send_text("its own")

                assert await reader.readexactly(len(frame_of("its own"))) == frame_of("its own")


async def test_a_client_that_is_gone_is_found_out_by_writing() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server, raw_connection(server) as (_, client):
            websocket, writer = await server.accepted()
            linger = (1).to_bytes(4, "little") + bytes(4)
            client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            client.transport.abort()  # resets it
            while writer.write(frame_of("anybody?")):
                await asyncio.sleep(0)
            await _until_gone(websocket)


async def test_an_encrypted_socket_is_written_to_through_its_encryption(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    write_certificate(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with fail_after(HANG_SECONDS):
        async with (
            frame_server(ssl_certfile=certificate) as server,
            connect(server.address("wss"), ssl=trusting) as client,
        ):
            _, writer = await server.accepted()
            assert writer.write(frame_of("secret"))

            assert await client.recv() == "secret"


@pytest.mark.parametrize(
    "options",
    [{"ws": "websockets-sansio"}, {"ws": "wsproto"}, {"ws_per_message_deflate": True}],
    ids=["another protocol", "another library", "compressed"],
)
async def test_where_a_frame_would_be_another_none_is_offered(options: dict[str, Any]) -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server(**options) as server, connect(server.address()) as client:
            websocket = await server.sockets.get()
            assert take_writer(websocket.scope) is None
            await websocket.send_text("a message")

            assert await client.recv() == "a message"


async def test_a_handshake_that_is_refused_is_answered() -> None:
    with fail_after(HANG_SECONDS):
        async with frame_server() as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            assert (await reader.readline()).startswith(b"HTTP/1.1 400")
            writer.close()


async def _until_gone(websocket: WebSocket) -> None:
    while websocket.client_state.name != "DISCONNECTED":
        await asyncio.sleep(0.001)
