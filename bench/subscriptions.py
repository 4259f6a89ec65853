"""Open subscriptions by the thousand: ``python -m bench.subscriptions [SOCKETS] [EVENTS]``.

A real server process on an embedded Postgres, and followers in this process, one socket each. Two
servers one after another: first everybody follows one app, then everybody follows one of ten,
half of them with what a page asks for. Printed: memory of the server, how long an event takes to
all and what it costs, what a ``kill -9`` of the server comes to, and a drain. Checked: that
everybody was told of everything once and in order, over the restart too.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
import psycopg
import uvloop

from bench.bare_sending import bare_sending
from bench.light_followers import Crowd, Followed
from bench.promote import describe_machine
from services.cursors import encode_event
from services.sandbox.tree import descendants
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.nemesis import free_port
from tests.support.processes import Program, Site, open_site
from tests.support.promoting import CREATE_APP, make_environment
from tests.support.servers import Client

SOCKETS = 5_000
EVENTS = 5
APPS = 10
IDLE_SECONDS = 20.0
READY_SECONDS = 0.02
SAMPLES = 5
SERVICE_RESTART = 1012
PROCESS_CLOCK = 2  # what Linux calls another process's clock, beside its id
MIB = 1024.0
PLAIN = """
subscription ($app: ID!, $after: String) { appEvents(appId: $app, after: $after) { cursor kind } }
"""
OF_A_PAGE = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) {
    cursor kind occurredAt
    actor { name kind }
    environment { id name currentVersion pin { version } deploying { id } }
  }
}
"""


@dataclass(frozen=True)
class Use:
    """What the server and its Postgres have used, in seconds of CPU and KiB."""

    server: float
    postgres: float
    resident: int
    peak: int

    def __sub__(self, other: "Use") -> "Use":
        """What was used since; the memory is that of now."""
        return Use(
            self.server - other.server,
            self.postgres - other.postgres,
            self.resident,
            self.peak,
        )


@dataclass
class Measured:
    """A server process that is measured, killed, drained and started again on one port."""

    site: Site
    port: int
    program: Program

    @property
    def use(self) -> Use:
        pid = self.program.process.pid
        children = [each.pid for each in descendants(pid)[1:]]
        return Use(_seconds(pid), sum(_seconds(each) for each in children), *_memory(pid))


def _seconds(pid: int) -> float:
    """CPU that the process has used, to the nanosecond; none when it is gone."""
    try:
        return time.clock_gettime(~pid << 3 | PROCESS_CLOCK)
    except OSError:
        return 0.0


def _memory(pid: int) -> tuple[int, int]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    return int(found["VmRSS"].split()[0]), int(found["VmHWM"].split()[0])


@asynccontextmanager
async def measured(site: Site) -> AsyncGenerator[tuple[Measured, Client]]:
    port = free_port()
    server = Measured(site, port, await start(site, port))
    token = (site.data / "owner.token").read_text().strip()
    base = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(base_url=base, timeout=600) as http:
        try:
            yield server, Client(base, token, http)
        finally:
            server.program.kill()


async def start(site: Site, port: int) -> Program:
    """A server that is ready; nobody builds anything."""
    program = site.start("serve", "--no-worker", "--port", str(port))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        while True:
            assert program.process.poll() is None, program.said
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return program
            except httpx2.TransportError:
                pass
            await asyncio.sleep(READY_SECONDS)


class Apps:
    """Apps in which something happens when it is told to: an environment is made."""

    def __init__(self, site: Site, client: Client) -> None:
        self._site = site
        self._client = client
        self._made = 0
        self.ids: dict[str, UUID] = {}

    async def make(self, count: int) -> None:
        for number in range(count):
            made = (await self._client.data(CREATE_APP, name=f"app-{number}"))["createApp"]["app"]
            self.ids[made["id"]] = UUID(made["databaseId"])

    async def happen(self, app: str) -> str:
        """Have something happen in the app; the cursor of its event."""
        self._made += 1
        await make_environment(self._client, app, f"environment-{self._made}")
        return self.newest(app)

    def newest(self, app: str) -> str:
        return encode_event(self.ids[app], self._sequence(app))

    def after(self, app: str, cursor: str) -> list[str]:
        """Every cursor past the one that is given, in order."""
        told = [encode_event(self.ids[app], seq) for seq in range(self._sequence(app) + 1)]
        return told[told.index(cursor) + 1 :]

    def _sequence(self, app: str) -> int:
        with psycopg.connect(self._site.database_url) as connection:
            query = "SELECT event_sequence FROM app WHERE id = %s"
            row = connection.execute(query, [self.ids[app]]).fetchone()
        assert row is not None
        return row[0]


async def of_making(server: Measured, apps: Apps, unheard: str) -> Use:
    """What it takes to have something happen that nobody follows, the least of several times."""
    least: Use | None = None
    for _ in range(SAMPLES):
        before = server.use
        await apps.happen(unheard)
        used = server.use - before
        least = used if least is None or used.server < least.server else least
    assert least is not None
    print(f"  an event that nobody follows takes {1e3 * least.server:.1f} ms of the server's CPU")
    return least


async def deliver(
    server: Measured, crowd: Crowd, apps: Apps, followed: Sequence[Followed], making: Use
) -> str:
    """One event to everybody who follows the app; how long and how dear that was."""
    before, began = server.use, time.perf_counter()
    cursor = await apps.happen(followed[0].app)
    last = max([await crowd.until_told(each, cursor) for each in followed])
    used = server.use - before - making
    count = sum(each.told[cursor] for each in followed)
    return (
        f"  to {count:5} sockets: {last - began:5.2f} s from asking to the last; per delivery "
        f"{1e6 * used.server / count:6.1f} µs of the server's CPU, "
        f"{1e6 * used.postgres / count:5.1f} µs of Postgres's"
    )


async def arrive(
    server: Measured, crowd: Crowd, groups: Sequence[tuple[Followed, str]], sockets: int
) -> None:
    before, began = server.use, time.perf_counter()
    await crowd.arrive(groups, sockets)
    taken, after = time.perf_counter() - began, server.use
    print(
        f"{sockets} sockets open and following after {taken:.1f} s, "
        f"{1e6 * (after.server - before.server) / sockets:.0f} µs of the server's CPU each\n"
        f"  memory: {before.resident / MIB:.0f} MiB without them, {after.resident / MIB:.0f} MiB "
        f"with: {(after.resident - before.resident) / sockets:.1f} KiB a subscriber"
    )


async def idle(server: Measured) -> None:
    before = server.use
    await asyncio.sleep(IDLE_SECONDS)
    after = server.use
    print(
        f"while nothing happens: {100 * (after.server - before.server) / IDLE_SECONDS:.0f} % of "
        f"a core for the server, {100 * (after.postgres - before.postgres) / IDLE_SECONDS:.0f} % "
        "for Postgres"
    )


async def storm(server: Measured, crowd: Crowd, apps: Apps, followed: Followed) -> None:
    """``kill -9``, another start, and everybody back with the cursor they had."""
    crowd.closed.clear()
    server.program.kill()
    began = time.perf_counter()
    server.program = await start(server.site, server.port)
    ready = time.perf_counter()
    missed = await apps.happen(followed.app)
    await crowd.until_all_follow()
    last = max(await crowd.until_told(followed, missed), time.perf_counter())
    use = server.use
    print(
        f"after kill -9: ready again after {ready - began:.1f} s; all {len(crowd.followers)} are "
        f"back and told {last - ready:.1f} s later\n"
        f"  memory: {use.peak / MIB:.0f} MiB at most, {use.resident / MIB:.0f} MiB then; "
        f"{1e6 * use.server / len(crowd.followers):.0f} µs of the server's CPU each, start and all"
    )


async def drain(server: Measured, crowd: Crowd) -> None:
    crowd.closed.clear()
    crowd.returning = False
    began = time.perf_counter()
    code = await server.program.terminate()
    print(f"SIGTERM: exit code {code} after {time.perf_counter() - began:.1f} s")
    await crowd.until_none_follows()
    print(f"  sockets closed, by code: {dict(crowd.closed)}")
    assert code == 0
    assert crowd.closed == {SERVICE_RESTART: len(crowd.followers)}


def check(crowd: Crowd, apps: Apps, groups: Sequence[tuple[Followed, str]]) -> None:
    """Everybody was told of everything past where they began, once and in order."""
    expected = {id(each): apps.after(each.app, after) for each, after in groups}
    wrong = sum(each.cursors != expected[id(each.followed)] for each in crowd.followers)
    told = sum(len(each.cursors) for each in crowd.followers)
    print(f"checked: {told} deliveries, {wrong} followers missed one or were told twice")
    assert not wrong


async def of_one_app(site: Site, sockets: int, events: int) -> None:
    async with measured(site) as (server, client):
        print(describe_machine(site))
        apps = Apps(site, client)
        await apps.make(2)
        app, unheard = apps.ids
        followed = Followed(app, PLAIN)
        groups = [(followed, apps.newest(app))]
        crowd = Crowd(server.port, client.token)
        print("\nEverybody follows one app:")
        await arrive(server, crowd, groups, sockets)
        await idle(server)
        making = await of_making(server, apps, unheard)
        for _ in range(events):
            print(await deliver(server, crowd, apps, [followed], making))
        print(f"  memory: {server.use.resident / MIB:.0f} MiB, {server.use.peak / MIB:.0f} at most")
        await storm(server, crowd, apps, followed)
        check(crowd, apps, groups)
        await drain(server, crowd)
        await crowd.leave()
    bare = await bare_sending(sockets, followed.size)
    print(
        f"a loop of send() of {followed.size} bytes to {sockets} sockets: {bare:.1f} µs of CPU "
        "each; a delivery is to take no more than 1.6 times that"
    )


async def of_ten_apps(site: Site, sockets: int, events: int) -> None:
    async with measured(site) as (server, client):
        apps = Apps(site, client)
        await apps.make(APPS + 1)
        *followed, unheard = apps.ids
        groups = [
            (Followed(app, document), apps.newest(app))
            for app in followed
            for document in (PLAIN, OF_A_PAGE)
        ]
        crowd = Crowd(server.port, client.token)
        print(f"\nEverybody follows one of {APPS} apps, half of them with what a page asks for:")
        await arrive(server, crowd, groups, sockets)
        making = await of_making(server, apps, unheard)
        for app in followed[:events]:
            of_app = [each for each, _ in groups if each.app == app]
            print(await deliver(server, crowd, apps, of_app, making))
        check(crowd, apps, groups)
        await drain(server, crowd)
        await crowd.leave()


def allow_files(count: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(count, most)))


async def main(sockets: int, events: int) -> None:
    limits = {
        "PINMARK_CONNECTIONS": str(2 * sockets),
        "PINMARK_CONNECTIONS_PER_PRINCIPAL": str(2 * sockets),
        **UNHURRIED_VARIABLES,
        "PINMARK_DRAIN_SECONDS": "3",
    }
    for run in (of_one_app, of_ten_apps):
        with tempfile.TemporaryDirectory() as folder, open_site(Path(folder), **limits) as site:
            await run(site, sockets, events)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SOCKETS
    allow_files(2 * count + 1_000)
    uvloop.run(main(count, int(sys.argv[2]) if len(sys.argv) > 2 else EVENTS))
