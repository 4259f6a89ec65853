"""A process that dies or freezes at any step of any act: another goes on, and all is done once.

By default a few steps that the seed draws; in ``make faults`` every one, by death and by frost.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from uuid import UUID

import psycopg
import pytest
from anyio import create_task_group, fail_after, sleep

from services.faults import Point
from tests.support.fault_acts import Stage, make_stage
from tests.support.fault_scale import SEED, WHOLE, report
from tests.support.histories import read_history
from tests.support.nemesis import killable_postgres
from tests.support.processes import LET_A_MINUTE_PASS, Program, ServerProcess, Site, open_site
from tests.support.promoting import AppInUse, make_app
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT

HANG_SECONDS = 300
LOOK_SECONDS = 0.05
DEATHS = [(point, kind) for point in Point for kind in ("exit", "hang")]
DRAWN = DEATHS if WHOLE else Random(SEED).sample(DEATHS, k=1)
UNSETTLED = "SELECT count(*) FROM deployment WHERE settled_at IS NULL"
# What ten seconds do by themselves to whoever freezes in a transaction.
LET_TEN_SECONDS_PASS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'
"""


@dataclass
class Ward:
    """A Postgres that outlives every process on it, and a server that nothing happens to."""

    url: str
    site: Site
    server: ServerProcess
    repository: Repository
    app: AppInUse

    async def work(self) -> None:
        """Have a worker settle everything, and end."""
        if not self.count(UNSETTLED):
            return
        worker = self.site.working()
        while self.count(UNSETTLED):
            await sleep(LOOK_SECONDS)
        assert await worker.terminate() == 0

    def count(self, statement: str) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]

    def let_time_pass(self) -> None:
        """Nobody waits for whoever is dead or frozen any more."""
        self.count(LET_TEN_SECONDS_PASS)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(LET_A_MINUTE_PASS.encode())

    @contextmanager
    def harming(self, point: Point, kind: str) -> Generator[None]:
        """Whatever is started meanwhile comes to harm at the point."""
        self.site.settings["PINMARK_FAULT"] = f"{point}:{kind}"
        yield
        del self.site.settings["PINMARK_FAULT"]


async def until_struck(program: Program) -> None:
    """Wait until the process is dead, or has frozen."""
    while program.process.poll() is None and not program.is_frozen:
        await sleep(LOOK_SECONDS)


@pytest.fixture(scope="module")
async def ward(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Ward]:
    directory = tmp_path_factory.mktemp("ward")
    with killable_postgres(directory / "postgres") as postgres:
        url = postgres.server.url()
        with open_site(directory / "site", PINMARK_DATABASE_URL=url) as site:
            async with site.serving("--no-worker") as server:
                repository = make_repository(site.repositories / "app.git")
                repository.commit(FIRST_COMMIT)
                worker = site.working()
                app = await make_app(server, repository.path, environments=[])
                assert await worker.terminate() == 0
                yield Ward(url, site, server, repository, app)


@pytest.mark.long
@pytest.mark.parametrize(("point", "kind"), DRAWN)
async def test_what_dies_or_freezes_at_any_point_loses_nothing_and_repeats_nothing(
    ward: Ward, point: Point, kind: str
) -> None:
    with fail_after(HANG_SECONDS):
        stage = await make_stage(ward.server, ward.repository, ward.app, point, ward.work)
        before = await read_history(ward.url, UUID(ward.app.database_id))
        if stage.asked is None:
            await _harm_a_worker(ward, point, kind)
        else:
            await _harm_a_server(ward, stage, point, kind)
        await stage.assert_done_once(ward.url, before, ward.server)
    report("death", point=point, kind=kind)


async def _harm_a_worker(ward: Ward, point: Point, kind: str) -> None:
    with ward.harming(point, kind):
        worker = ward.site.working()
    await until_struck(worker)
    ward.let_time_pass()
    await ward.work()
    if kind == "hang":
        worker.wake()
        assert await worker.terminate() == 0


async def _harm_a_server(ward: Ward, stage: Stage, point: Point, kind: str) -> None:
    with ward.harming(point, kind):
        async with ward.site.serving("--no-worker") as server, create_task_group() as group:
            group.start_soon(stage.strike, server)
            await until_struck(server.program)
            if kind == "hang":
                ward.let_time_pass()
                await stage.ask(ward.server)
                server.program.wake()
