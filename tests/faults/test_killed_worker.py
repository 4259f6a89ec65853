"""A worker that dies or freezes in the middle of a build: another takes it up, once.

The seconds after which a silent worker counts as dead are not waited for: nobody is left to
send a heartbeat, and the last one is made old.
"""

import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from anyio import fail_after

from schema.ids import encode_id
from tests.support.histories import read_history, settled_history
from tests.support.history_rules import assert_whole
from tests.support.processes import Program, ServerProcess, Site, open_site
from tests.support.promoting import (
    AppInUse,
    build_log,
    cancel,
    make_app,
    promote,
    settled,
    until,
)
from tests.support.repositories import Repository, make_repository
from tests.support.samples import ENDLESS_HANDLER, FIRST_COMMIT, WITH_HANDLER, handler_until

HANG_SECONDS = 120
A_BUILD_OF_SECONDS = 10.0
BUILDING = """
    SELECT coalesce(array_agg(attempt), '{}') FROM deployment
    WHERE app_id = %s AND code_build = 'BUILDING'
"""


@dataclass(frozen=True)
class Workshop:
    """A server without a worker, the site to start workers on, and an app to build."""

    site: Site
    server: ServerProcess
    repository: Repository
    app: AppInUse

    async def promote(self, code: Mapping[str, bytes | None]) -> str:
        """The deployment of a promotion of new code, which dev builds at the same time."""
        self.repository.commit(code)
        source, target = self.app.environments["dev"], self.app.environments["staging"]
        return (await promote(self.server, source=source, target=target))["id"]

    async def until_both_build(self, *, attempt: int) -> None:
        """Wait until dev's build and the promotion's are in that attempt."""

        async def look() -> bool:
            with psycopg.connect(self.site.database_url) as connection:
                row = connection.execute(BUILDING, [self.app.database_id]).fetchone()
            return row == ([attempt, attempt],)

        await until(look)

    async def assert_settled_once(self) -> None:
        url = self.site.database_url
        assert_whole(await settled_history(url, UUID(self.app.database_id)))

    async def cancel_what_builds(self) -> None:
        history = await read_history(self.site.database_url, UUID(self.app.database_id))
        for deployment in history.unsettled:
            await cancel(self.server, encode_id("Deployment", deployment.id))


@pytest.fixture(scope="module")
async def idle_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[tuple[Site, ServerProcess]]:
    with open_site(tmp_path_factory.mktemp("workshop")) as site:
        async with site.serving("--no-worker") as server:
            yield site, server


@pytest.fixture
async def worker(idle_server: tuple[Site, ServerProcess]) -> AsyncGenerator[Program]:
    """The first worker. It and every other that the test starts end with the test."""
    site, _ = idle_server
    before = len(site.programs)
    yield site.working()
    for program in site.programs[before:]:
        program.kill()


@pytest.fixture
async def workshop(
    idle_server: tuple[Site, ServerProcess], worker: Program
) -> AsyncGenerator[Workshop]:
    site, server = idle_server
    name = f"app-{len(site.programs)}"
    repository = make_repository(site.repositories / f"{name}.git")
    repository.commit({**FIRST_COMMIT, **WITH_HANDLER})
    app = await make_app(server, repository.path, environments=["staging"], name=name)
    workshop = Workshop(site, server, repository, app)
    yield workshop
    await workshop.cancel_what_builds()


@pytest.mark.long
async def test_the_build_of_a_killed_worker_is_taken_up_by_another(
    workshop: Workshop, worker: Program
) -> None:
    with fail_after(HANG_SECONDS):
        accepted = await workshop.promote(handler_until(time.time() + A_BUILD_OF_SECONDS))
        await workshop.until_both_build(attempt=1)

        worker.kill()
        workshop.site.let_a_minute_pass()
        successor = workshop.site.working()

        assert (await settled(workshop.server, accepted))["status"] == "DEPLOYED"
        log = await build_log(workshop.server, accepted)
        assert log.count("attempt 2") == log.count("The moment has come.") == 1
        await workshop.assert_settled_once()
        assert await successor.terminate() == 0


@pytest.mark.long
async def test_a_frozen_worker_that_wakes_up_cannot_write_and_takes_new_work(
    workshop: Workshop, worker: Program
) -> None:
    async def has_lost_both() -> bool:
        return worker.said.count("build lost its attempt") == 2

    with fail_after(HANG_SECONDS):
        accepted = await workshop.promote(ENDLESS_HANDLER)
        await workshop.until_both_build(attempt=1)

        worker.freeze()
        workshop.site.let_a_minute_pass()
        successor = workshop.site.working()
        await workshop.until_both_build(attempt=2)
        worker.wake()
        await until(has_lost_both)

        await workshop.cancel_what_builds()
        log = await build_log(workshop.server, accepted)
        assert log.count("attempt 2") == 1
        assert len(speakers(log[: log.index("attempt 2")])) <= 1
        assert len(speakers(log[log.index("attempt 2") :])) <= 1
        await workshop.assert_settled_once()

        assert await successor.terminate() == 0
        accepted = await workshop.promote(WITH_HANDLER)
        assert (await settled(workshop.server, accepted))["status"] == "DEPLOYED"
        assert await worker.terminate() == 0


def speakers(log: list[str]) -> set[str]:
    """Which processes of the endless handler are heard in these lines."""
    return {line for line in log if line.startswith("I am ")}


@pytest.mark.long
async def test_a_build_whose_worker_dies_three_times_fails_and_the_pin_stays(
    workshop: Workshop, worker: Program
) -> None:
    with fail_after(HANG_SECONDS):
        accepted = await workshop.promote(ENDLESS_HANDLER)

        for attempt in (1, 2, 3):
            await workshop.until_both_build(attempt=attempt)
            worker.kill()
            workshop.site.let_a_minute_pass()
            worker = workshop.site.working()

        failed = await settled(workshop.server, accepted)
        assert failed["failureClass"] == "INFRASTRUCTURE"
        assert "It was tried 3 times and never finished" in failed["failureReason"]
        await workshop.assert_settled_once()
        assert (await workshop.app.now(workshop.server))["staging"]["pin"] is None
