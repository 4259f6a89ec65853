"""Asking a server over a few connections that stay open, and what that cost it."""

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

CLIENTS = 8
SCHEDULED = 2
"""Which of a process's clocks: the one by the scheduler, in nanoseconds."""


Form = Callable[[Any], Any]


def as_it_is(data: Any) -> Any:
    return data


@dataclass(frozen=True)
class Target:
    """Where to send what, and the process that answers; ``form`` puts what it answers into the
    form that all are compared in.
    """

    name: str
    port: int
    path: str
    body: bytes
    token: str
    process: int
    form: Form = as_it_is

    @property
    def request(self) -> bytes:
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass
class Taken:
    """Of all rounds together."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list[float])

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of the server's processor for one request."""
        return 1e6 * self.cpu / len(self.latencies)

    @property
    def p50(self) -> float:
        return 1000 * statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        return 1000 * statistics.quantiles(self.latencies, n=100)[98]

    @contextmanager
    def taking(self, process: int) -> Generator[None]:
        """Count the time of the block, and what the process works meanwhile."""
        before, began = processor_seconds(process), time.perf_counter()
        yield
        self.seconds += time.perf_counter() - began
        self.cpu += processor_seconds(process) - before


def processor_seconds(process: int) -> float:
    """What a process has worked so far, the threads that have ended too: Linux's clock of it."""
    return time.clock_gettime((~process << 3) | SCHEDULED)


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> bytes:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return await self._reader.readexactly(length)

    async def measured(self, request: bytes, taken: Taken) -> bytes:
        began = time.perf_counter()
        answer = await self.ask(request)
        taken.latencies.append(time.perf_counter() - began)
        return answer

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def connected(port: int, count: int) -> AsyncGenerator[Sequence[Client]]:
    opened = [await Client.open(port) for _ in range(count)]
    try:
        yield opened
    finally:
        for client in opened:
            client.close()


async def ask_once(target: Target) -> bytes:
    async with connected(target.port, 1) as (client,):
        return await client.ask(target.request)


Each = Callable[[Client, int], Awaitable[object]]


async def load(target: Target, taken: Taken, send: Each) -> None:
    """Have each connection send what it has to; ``send`` is told which one it is."""
    async with connected(target.port, CLIENTS) as opened:
        with taken.taking(target.process):
            await asyncio.gather(*(send(client, place) for place, client in enumerate(opened)))


def reading(target: Target, taken: Taken, times: int) -> Each:
    """The same request again and again."""

    async def send(client: Client, place: int) -> None:
        for _ in range(times):
            await client.measured(target.request, taken)

    return send
