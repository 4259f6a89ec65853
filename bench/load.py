"""Asking a server over a few connections that stay open, and what that cost it."""

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Target:
    """Where to send what, and the process that answers."""

    name: str
    port: int
    path: str
    body: bytes
    token: str
    process: int

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


def processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


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

    def close(self) -> None:
        self._writer.close()


async def ask_once(target: Target) -> bytes:
    client = await Client.open(target.port)
    try:
        return await client.ask(target.request)
    finally:
        client.close()


async def load(target: Target, taken: Taken, *, requests: int, clients: int) -> None:
    """Send so many requests over so many connections, one after the other on each."""
    opened = [await Client.open(target.port) for _ in range(clients)]

    async def send(client: Client) -> None:
        for _ in range(requests // clients):
            began = time.perf_counter()
            await client.ask(target.request)
            taken.latencies.append(time.perf_counter() - began)

    before, began = processor_seconds(target.process), time.perf_counter()
    await asyncio.gather(*(send(client) for client in opened))
    taken.seconds += time.perf_counter() - began
    taken.cpu += processor_seconds(target.process) - before
    for client in opened:
        client.close()
