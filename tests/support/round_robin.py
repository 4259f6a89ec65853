"""A balancer before several servers: each connection goes to the next that takes it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

CHUNK = 65_536


class RoundRobin:
    """``ports`` are the servers' on this machine, and may change at any time."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.port = 0
        self._next = 0
        self._lines: set[asyncio.Task[None]] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        try:
            await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # one of both ends went away, or the test did
        finally:
            self._lines.discard(line)
            writer.transport.abort()

    def close(self) -> None:
        for line in self._lines:
            line.cancel()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await self._connect()
        ways = [
            asyncio.ensure_future(_pump(reader, far_writer)),
            asyncio.ensure_future(_pump(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await writer.drain()
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            far_writer.close()
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the server whose turn it is, or to the first after it that is there."""
        refused: OSError | None = None
        for _ in self.ports:
            self._next = (self._next + 1) % len(self.ports)
            try:
                return await asyncio.open_connection("127.0.0.1", self.ports[self._next])
            except OSError as error:
                refused = error
        raise refused or ConnectionRefusedError("there is no server")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def round_robin() -> AsyncGenerator[RoundRobin]:
    balancer = RoundRobin()
    server = await asyncio.start_server(balancer.carry, "127.0.0.1", 0)
    balancer.port = server.sockets[0].getsockname()[1]
    try:
        yield balancer
    finally:
        server.close()
        balancer.close()
