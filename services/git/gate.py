"""The one way out to a repository's host: a proxy on loopback that lives as long as one transfer.

libgit2 resolves names itself, so a name that was checked beforehand could lead elsewhere a
moment later. It is told to connect through this gate instead. The gate resolves the name once,
judges every address it leads to, connects to exactly those, and passes TLS through unread, so
the certificate is still checked by libgit2 against the host's name. It lets nobody through to
any other host or port, counts what comes in, and hangs up at the deadline: libgit2 cannot wait
longer than that, however slowly a server drips.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress

from services.errors import RepositoryUnreachable
from services.git.addresses import AddressPolicy, is_refused, parse_address
from services.git.deadline import Deadline

CHUNK = 1 << 16


class Gate:
    """Connections to one host and port; ``failure`` is why it let none through, if so."""

    def __init__(
        self, host: str, port: int, policy: AddressPolicy, *, deadline: Deadline, budget: int
    ) -> None:
        self.failure: RepositoryUnreachable | None = None
        self.url = ""
        self._host = host
        self._port = port
        self._policy = policy
        self._deadline = deadline
        self._budget = budget
        self._connections: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of libgit2's; asyncio calls this, and it never raises."""
        connection = asyncio.ensure_future(self._pass_through(reader, writer))
        self._connections.add(connection)
        self._idle.clear()
        _, unfinished = await asyncio.wait([connection], timeout=self._deadline.remaining)
        if unfinished:
            self.failure = self._deadline.refusal
            connection.cancel()
        [outcome] = await asyncio.gather(connection, return_exceptions=True)
        if isinstance(outcome, RepositoryUnreachable):
            self.failure = outcome
        writer.close()
        self._connections.discard(connection)
        if not self._connections:
            self._idle.set()

    async def close(self) -> None:
        for connection in self._connections:
            connection.cancel()
        await self._idle.wait()

    async def _pass_through(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if request.split(b"\r\n", 1)[0] != self._expected_request():
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            raise RepositoryUnreachable("it redirects elsewhere; link its final address")
        host_reader, host_writer = await self._connect()
        with closing(host_writer):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await first_of(self._take_in(host_reader, writer), pass_on(reader, host_writer))

    def _expected_request(self) -> bytes:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"CONNECT {host}:{self._port} HTTP/1.1".encode()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for address in await self._addresses():
            with suppress(OSError):
                return await asyncio.open_connection(address, self._port)
        raise RepositoryUnreachable(f"{self._host} does not accept connections")

    async def _addresses(self) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise RepositoryUnreachable(f"{self._host} cannot be found") from error
        addresses = [str(address[0]) for *_, address in found]
        if self._host not in self._policy.hosts and any(
            is_refused(parse_address(address)) for address in addresses
        ):
            raise RepositoryUnreachable(
                f"{self._host} has a private address, and this installation does not allow that"
            )
        return addresses

    async def _take_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            self._budget -= len(chunk)
            if self._budget < 0:
                raise RepositoryUnreachable("it sends more than is allowed")
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def open_gate(
    host: str, port: int, policy: AddressPolicy, *, deadline: Deadline, budget: int
) -> AsyncGenerator[Gate]:
    gate = Gate(host, port, policy, deadline=deadline, budget=budget)
    async with AsyncExitStack() as stack:
        server = await asyncio.start_server(gate.serve, "127.0.0.1", 0)
        stack.push_async_callback(gate.close)
        stack.callback(server.close)
        gate.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield gate


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()


async def first_of(*directions: Coroutine[object, object, None]) -> None:
    """Run both directions until one ends, then end the other; a failure of either is raised."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
