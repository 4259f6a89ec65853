"""A proxy of the sort that lets no event stream through, though everything else."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing

NO_STREAMS = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 3\r\n"
    b"Connection: close\r\n\r\nNo\n"
)


@asynccontextmanager
async def without_streams(base: str) -> AsyncGenerator[str]:
    """The address of such a proxy before the server at ``base``."""
    host, _, port = base.removeprefix("http://").partition(":")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"accept: text/event-stream" in head.lower():
                writer.write(NO_STREAMS)
                await writer.drain()
                return
            behind, before = await asyncio.open_connection(host, int(port))
            with closing(before):
                head = head.replace(b"keep-alive", b"close")
                before.write(head)
                length = _length(head)
                before.write(await reader.readexactly(length))
                writer.write(await behind.read())
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
