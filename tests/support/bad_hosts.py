"""Hosts that misbehave on purpose, on loopback."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from services.git.gate import pass_on


@asynccontextmanager
async def listener(answer: bytes | None, pause: float = 0) -> AsyncGenerator[int]:
    """A port that says nothing at all, or one byte of ``answer`` after another for ever."""
    hung_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while answer is not None and not hung_up.is_set():
                writer.write(answer)
                await writer.drain()
                await asyncio.sleep(pause)
            await hung_up.wait()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        hung_up.set()
        server.close()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def cut_line(port: int, after: int, *, hang_up: bool) -> AsyncGenerator[int]:
    """A port that leads to another, until so many bytes came back: then silence, or the end."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host_reader, host_writer = await asyncio.open_connection("127.0.0.1", port)
        going = asyncio.ensure_future(pass_on(reader, host_writer))
        try:
            left = after
            while left and (chunk := await host_reader.read(left)):
                left -= len(chunk)
                writer.write(chunk)
            await writer.drain()
            if not hang_up:
                await done.wait()
        except ConnectionError:
            pass
        finally:
            going.cancel()
            writer.close()
            host_writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        done.set()
        server.close()
        await asyncio.sleep(0.05)
