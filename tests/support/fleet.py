"""Two servers behind a balancer and three workers, on one Postgres, with Redis or without."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import psycopg

from tests.support.broken_network import BrokenNetwork, broken_network
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.nemesis import KillablePostgres, killable_postgres
from tests.support.processes import Program, ServerProcess, Site, address_of, open_site, until_ready
from tests.support.promoting import AppInUse, make_app
from tests.support.redis_server import RedisServer, running_redis
from tests.support.repositories import Repository, make_repository
from tests.support.round_robin import RoundRobin, round_robin
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import Client

CARRIERS = ("postgres", "redis")
SERVERS, WORKERS = 2, 3
PATIENCE_SECONDS = 60.0
LISTENERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'pinmark-listen' AND datname = current_database()
"""


@dataclass
class Fleet:
    """``front`` asks through the balancer, a new connection for each question."""

    site: Site
    postgres: KillablePostgres
    network: BrokenNetwork
    redis: RedisServer | None
    balancer: RoundRobin
    front: Client
    servers: list[ServerProcess] = field(default_factory=list[ServerProcess])
    workers: list[Program] = field(default_factory=list[Program])

    @property
    def url(self) -> str:
        return self.site.database_url

    def in_turn(self) -> Iterator[ServerProcess]:
        """The servers, one after the other, for ever."""
        return cycle(self.servers)

    async def make_app(self, *environments: str) -> tuple[AppInUse, Repository]:
        """An app of its own for whoever asks, without a handler."""
        name = f"app-{uuid4().hex[:8]}"
        repository = make_repository(self.site.repositories / f"{name}.git")
        repository.commit(FIRST_COMMIT)
        made = await make_app(self.front, repository.path, environments=environments, name=name)
        return made, repository

    async def start_server(self) -> ServerProcess:
        """Another server, that the balancer knows once it is ready."""
        program = self.site.start("serve", "--no-worker", "--port", "0")
        base = await address_of(program)
        client = httpx2.AsyncClient(base_url=base, timeout=PATIENCE_SECONDS)
        await until_ready(client)
        token = (self.site.data / "owner.token").read_text().strip()
        server = ServerProcess(base, token, client, program)
        self.servers.append(server)
        self._tell_balancer()
        return server

    def kill_server(self, server: ServerProcess) -> None:
        """``kill -9``; a balancer finds out by itself."""
        server.program.kill()

    async def forget(self, server: ServerProcess) -> None:
        """The server has ended; the balancer is told."""
        self.servers.remove(server)
        await server.client.aclose()
        self._tell_balancer()

    def start_worker(self) -> Program:
        self.workers.append(self.site.working())
        return self.workers[-1]

    async def lose_the_carrier(self) -> None:
        """End what carries wake-ups, for all servers at once; it comes back by itself."""
        if self.redis is not None:
            await asyncio.to_thread(self.redis.restart)
            return
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            await connection.execute(LISTENERS)

    def _tell_balancer(self) -> None:
        ports = [urlsplit(server.base).port for server in self.servers]
        self.balancer.ports = [port for port in ports if port is not None]


@asynccontextmanager
async def open_fleet(
    root: Path, carrier: str, *, servers: int = SERVERS, workers: int = WORKERS
) -> AsyncGenerator[Fleet]:
    """A fleet that is up; nothing of it is left after the block."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(killable_postgres(root / "postgres"))
        # One address for good, wherever Postgres is once it was started again.
        network = stack.enter_context(broken_network(root / "postgres"))
        url = f"postgresql://{postgres.server.user}@127.0.0.1:{network.port}/pinmark"
        variables = {
            "PINMARK_DATABASE_URL": url,
            **UNHURRIED_VARIABLES,
        }
        redis = None
        if carrier == "redis":
            redis = stack.enter_context(running_redis(root / "redis"))
            variables["PINMARK_BROADCAST_URL"] = redis.url
        site = stack.enter_context(open_site(root / "site", **variables))
        balancer = await stack.enter_async_context(round_robin())
        client = await stack.enter_async_context(
            httpx2.AsyncClient(
                base_url=f"http://127.0.0.1:{balancer.port}",
                timeout=PATIENCE_SECONDS,
                limits=httpx2.Limits(max_keepalive_connections=0),
            )
        )
        front = Client(str(client.base_url).rstrip("/"), "", client)
        fleet = Fleet(site, postgres, network, redis, balancer, front)
        for _ in range(servers):
            await fleet.start_server()
        fleet.front = Client(front.base, fleet.servers[0].token, client)
        for _ in range(workers):
            fleet.start_worker()
        try:
            yield fleet
        finally:
            for server in list(fleet.servers):
                await server.client.aclose()
