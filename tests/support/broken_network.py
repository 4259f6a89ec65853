"""A network between the programs and their Postgres that delays, cuts and swallows."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

CHUNK = 65536


class BrokenNetwork:
    """Carries connections of a TCP port to a Unix socket, as badly as it is told to.

    What it swallows arrives once it is open again, as after a partition that TCP survives.
    """

    def __init__(self, socket: Callable[[], Path]) -> None:
        self._socket = socket
        self._open = asyncio.Event()
        self._open.set()
        self._lines: set[asyncio.Task[None]] = set()
        self.delay = 0.0
        self.port = 0

    def swallow(self) -> None:
        """Take everything and deliver nothing."""
        self._open.clear()

    def cut(self) -> None:
        """Break every connection there is."""
        for line in self._lines:
            line.cancel()

    def heal(self) -> None:
        self.delay = 0.0
        self._open.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        try:
            await self._open.wait()
            await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # a line that is cut or leads nowhere is what this is for
        finally:
            self._lines.discard(line)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, back = None, None
        far_reader, far_writer = await asyncio.open_unix_connection(str(self._socket()))
        try:
            to = asyncio.ensure_future(self._pump(reader, far_writer))
            back = asyncio.ensure_future(self._pump(far_reader, writer))
            await asyncio.wait({to, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ways = [way for way in (to, back) if way is not None]
            for way in ways:
                way.cancel()
            far_writer.transport.abort()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await self._open.wait()
            if self.delay:
                await asyncio.sleep(self.delay)
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def broken_network(socket: Callable[[], Path]) -> AsyncGenerator[BrokenNetwork]:
    """The network, in order for now; ``socket`` says where Postgres is at the moment."""
    network = BrokenNetwork(socket)
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0)
    network.port = server.sockets[0].getsockname()[1]
    try:
        yield network
    finally:
        server.close()
        network.heal()
        network.cut()
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 5)
