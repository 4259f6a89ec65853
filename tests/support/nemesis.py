"""Who kills processes and breaks the network, one fault at a time, and mends each."""

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import httpx2
import psycopg

from pinmark.embedded_postgres import EmbeddedPostgres, run_embedded_postgres
from tests.support.broken_network import BrokenNetwork
from tests.support.processes import Program, Site

LOOK_SECONDS = 0.05
Way = Callable[[], Coroutine[Any, Any, None]]
BACKENDS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid()
"""


def free_port() -> int:
    """A port to come back to: below those that outgoing connections are given meanwhile."""
    for port in SystemRandom().sample(range(20_000, 30_000), k=100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@dataclass
class KillablePostgres:
    """A Postgres of the test's own, killed whole and started again on the same data."""

    directory: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _running: EmbeddedPostgres | None = None

    @property
    def server(self) -> EmbeddedPostgres:
        assert self._running is not None
        return self._running

    def start(self) -> None:
        running = run_embedded_postgres(self.directory, settings={"max_connections": "300"})
        self._running = self._stack.enter_context(running)

    def stop(self) -> None:
        self._stack.close()

    def kill(self) -> None:
        """``kill -9`` of the whole of it, and another start, which recovers."""
        os.kill(self.server.process.pid, signal.SIGKILL)
        self.server.wait()
        self.stop()
        self.start()


@contextmanager
def killable_postgres(directory: Path) -> Generator[KillablePostgres]:
    postgres = KillablePostgres(directory)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


@dataclass
class Nemesis:
    """Two workers and a server on a fixed port, and somebody who means them no good."""

    site: Site
    postgres: KillablePostgres
    network: BrokenNetwork
    port: int
    random: Random
    kills: Counter[str] = field(default_factory=Counter[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    server: Program | None = None
    workers: list[Program] = field(default_factory=list[Program])
    _drawn: list[Way] = field(default_factory=list[Way])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Straight to Postgres, whatever becomes of the network."""
        return self.postgres.server.url()

    async def start(self) -> None:
        self.workers = [self.site.working(), self.site.working()]
        await self._serve()

    async def strike(self) -> str:
        """One fault, and what it takes until all is in order again; what it was.

        Each comes once before any comes again, in an order that the seed draws.
        """
        if not self._drawn:
            ways = self._ways()
            self._drawn = self.random.sample(ways, k=len(ways))
        way = self._drawn.pop()
        await way()
        return way.__name__.strip("_").replace("_", " ")

    def _ways(self) -> list[Way]:
        return [
            self._kill_server,
            self._kill_worker,
            self._kill_backend,
            self._end_backends,
            self._kill_postgres,
            self._delay,
            self._cut,
            self._swallow,
        ]

    async def _serve(self) -> None:
        """Start the server, again should it not come up, until it answers."""
        while True:
            self.server = self.site.start("serve", "--no-worker", "--port", str(self.port))
            if await self._is_ready(self.server):
                return

    async def _is_ready(self, server: Program) -> bool:
        async with httpx2.AsyncClient(base_url=self.base, timeout=5) as client:
            while server.process.poll() is None:
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        return True
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _kill_server(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.kills["server"] += 1
        await self._serve()

    async def _kill_worker(self) -> None:
        number = self.random.randrange(len(self.workers))
        self.workers[number].kill()
        self.kills["worker"] += 1
        self.workers[number] = self.site.working()

    async def _kill_backend(self) -> None:
        """``kill -9`` of one backend, at which Postgres ends all others and recovers."""
        os.kill(self.random.choice(self._backends()), signal.SIGKILL)
        self.kills["backend"] += 1
        await self._until_recovered()

    async def _end_backends(self) -> None:
        """Some connections end as an administrator ends them, in whatever they are doing."""
        pids = self._backends()
        with psycopg.connect(self.url, autocommit=True) as connection:
            for pid in self.random.sample(pids, k=min(len(pids), 5)):
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])
                self.faults["backend ended"] += 1

    def _backends(self) -> list[int]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return [pid for (pid,) in connection.execute(BACKENDS)]

    async def _until_recovered(self) -> None:
        while True:
            try:
                with psycopg.connect(self.url):
                    return
            except psycopg.OperationalError:
                await asyncio.sleep(LOOK_SECONDS)

    async def _kill_postgres(self) -> None:
        self.postgres.kill()
        self.kills["postgres"] += 1
        await self._until_recovered()

    async def _delay(self) -> None:
        self.faults["delay"] += 1
        self.network.delay(self.random.uniform(0.01, 0.1))
        await self._mend_after(1.0)

    async def _cut(self) -> None:
        self.faults["cut"] += 1
        self.network.cut()

    async def _swallow(self) -> None:
        """A partition: it ends, or the connections do."""
        self.faults["swallow"] += 1
        self.network.swallow()
        await self._mend_after(3.0)
        if self.random.random() < 0.5:
            self.network.cut()

    async def _mend_after(self, at_most: float) -> None:
        await asyncio.sleep(self.random.uniform(0.1, at_most))
        self.network.heal()
