"""The one way to a repository's host: a gate on loopback, alive for one transfer.

libgit2 resolves names itself, so a name that was checked beforehand could lead elsewhere a
moment later; it waits as long as a server drips; and its own TLS through a proxy touches freed
memory when a certificate is refused. So it is given a plain address on loopback. The gate
resolves the host's name once, judges every address it leads to, connects to exactly those,
makes sure that it is the host, lends the credential, counts what comes in, and hangs up at the
deadline. The address has a secret in it, which keeps other users of the machine from reading
through the gate.
"""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

from services.errors import RepositoryUnreachable
from services.git.deadline import Budget, Deadline

CHUNK = 1 << 16


class Gate(ABC):
    """Connections to the host of one repository; ``failure`` is why one was given up, if so."""

    def __init__(self, *, deadline: Deadline, budget: int) -> None:
        self.failure: RepositoryUnreachable | None = None
        self._deadline = deadline
        self._budget = Budget(budget)
        self._secret = f"/{secrets.token_urlsafe(24)}"
        self._authority = ""
        self._connections: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    @abstractmethod
    def url(self) -> str:
        """The repository's address for libgit2."""

    @abstractmethod
    async def _pass_through(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Let one connection of libgit2's through to the host, until either ends it."""

    def listens_at(self, port: int) -> None:
        self._authority = f"127.0.0.1:{port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of libgit2's; asyncio calls this, and it never raises."""
        connection = asyncio.ensure_future(self._pass_through(reader, writer))
        self._connections.add(connection)
        self._idle.clear()
        _, unfinished = await asyncio.wait([connection], timeout=self._deadline.remaining)
        if unfinished:
            self.failure = self._deadline.refusal
            connection.cancel()
        # Anything but a refusal is a broken connection, which libgit2 sees and names itself.
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


Opened = TypeVar("Opened", bound=Gate)


@asynccontextmanager
async def open_gate(gate: Opened) -> AsyncGenerator[Opened]:
    """Let libgit2 through the gate for the block."""
    server = await asyncio.start_server(gate.serve, "127.0.0.1", 0, limit=CHUNK)
    gate.listens_at(server.sockets[0].getsockname()[1])
    try:
        yield gate
    finally:
        server.close()
        await gate.close()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()


async def first_of(*directions: Coroutine[object, object, None]) -> None:
    """Run all directions until one ends, then end the others; a failure of any is raised."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
