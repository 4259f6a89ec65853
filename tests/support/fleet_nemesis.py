"""Who kills parts of a fleet, one after another, and replaces each."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from tests.support.fleet import Fleet


@dataclass
class FleetNemesis:
    """A server and a worker at least live through each of its strikes."""

    fleet: Fleet
    random: Random
    kills: Counter[str] = field(default_factory=Counter[str])

    async def strike(self) -> None:
        ways: list[Callable[[], Awaitable[None]]] = [
            self._kill_server,
            self._drain_server,
            self._kill_worker,
            self._kill_postgres,
            self._cut,
            self._lose_the_carrier,
        ]
        await self.random.choice(ways)()

    async def _kill_server(self) -> None:
        server = self.random.choice(self.fleet.servers)
        self.fleet.kill_server(server)
        self.kills["server"] += 1
        await self.fleet.forget(server)
        await self.fleet.start_server()

    async def _drain_server(self) -> None:
        server = self.random.choice(self.fleet.servers)
        await server.program.terminate()
        self.kills["drained server"] += 1
        await self.fleet.forget(server)
        await self.fleet.start_server()

    async def _kill_worker(self) -> None:
        worker = self.random.choice(self.fleet.workers)
        worker.kill()
        self.kills["worker"] += 1
        self.fleet.workers.remove(worker)
        self.fleet.start_worker()

    async def _kill_postgres(self) -> None:
        self.fleet.postgres.kill()
        self.kills["postgres"] += 1

    async def _cut(self) -> None:
        self.fleet.network.cut()
        self.kills["connections"] += 1
        await asyncio.sleep(self.random.uniform(0, 0.5))

    async def _lose_the_carrier(self) -> None:
        await self.fleet.lose_the_carrier()
        self.kills["carrier"] += 1
