"""A worker that dies or freezes in the middle of a build: another takes it up, once.

The seconds after which a silent worker counts as dead are not waited for: nobody is left to
send a heartbeat, and the last one is made old.
"""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from anyio import fail_after

from tests.support.histories import assert_whole, settled_history
from tests.support.processes import Program, ServerProcess, Site, open_site
from tests.support.promoting import (
    AppInUse,
    build_log,
    make_app,
    promote,
    settled,
    until,
)
from tests.support.repositories import make_repository, reopen_repository
from tests.support.samples import FIRST_COMMIT, WITH_HANDLER, handler_until

HANG_SECONDS = 120
A_BUILD_OF_SECONDS = 6.0
NEVER = 1e12
BUILDING = """
    SELECT coalesce(array_agg(attempt), '{}') FROM deployment
    WHERE app_id = %s AND code_build = 'BUILDING'
"""


@dataclass(frozen=True)
class Workshop:
    """A server without a worker, and the site that workers are started on."""

    site: Site
    server: ServerProcess

    async def app(self, name: str) -> AppInUse:
        """An app with one more environment; a worker must be there to build its first push."""
        repository = make_repository(self.site.repositories / f"{name}.git")
        repository.commit({**FIRST_COMMIT, **WITH_HANDLER})
        return await make_app(self.server, repository.path, environments=["staging"], name=name)

    async def promote_code_that_builds_until(self, moment: float, app: AppInUse) -> str:
        """The deployment of a promotion of HEAD; dev's own build of it lasts as long."""
        reopen_repository(self.site.repositories / f"{app.name}.git").commit(handler_until(moment))
        accepted = await promote(
            self.server, source=app.environments["dev"], target=app.environments["staging"]
        )
        return accepted["id"]

    async def until_both_build(self, app: AppInUse, *, attempt: int) -> None:
        """Wait until dev's build and the promotion's are in that attempt."""

        async def look() -> bool:
            with psycopg.connect(self.site.database_url) as connection:
                row = connection.execute(BUILDING, [app.database_id]).fetchone()
            return row == ([attempt, attempt],)

        await until(look)


@pytest.fixture(scope="module")
async def workshop(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Workshop]:
    with open_site(tmp_path_factory.mktemp("workshop")) as site:
        async with site.serving("--no-worker") as server:
            yield Workshop(site, server)


async def assert_settled_once(workshop: Workshop, app: AppInUse) -> None:
    url = workshop.site.database_url
    assert_whole(await settled_history(url, UUID(app.database_id)))


async def test_the_build_of_a_killed_worker_is_taken_up_by_another(workshop: Workshop) -> None:
    with fail_after(HANG_SECONDS):
        worker = workshop.site.working()
        app = await workshop.app("killed")
        moment = time.time() + A_BUILD_OF_SECONDS
        accepted = await workshop.promote_code_that_builds_until(moment, app)
        await workshop.until_both_build(app, attempt=1)

        worker.kill()
        workshop.site.let_a_minute_pass()
        successor = workshop.site.working()

        assert (await settled(workshop.server, accepted))["status"] == "DEPLOYED"
        log = await build_log(workshop.server, accepted)
        assert log.count("attempt 2") == log.count("The moment has come.") == 1
        await assert_settled_once(workshop, app)
        assert await successor.terminate() == 0


async def test_a_frozen_worker_that_wakes_up_cannot_write(workshop: Workshop) -> None:
    with fail_after(HANG_SECONDS):
        worker = workshop.site.working()
        app = await workshop.app("frozen")
        moment = time.time() + A_BUILD_OF_SECONDS
        accepted = await workshop.promote_code_that_builds_until(moment, app)
        await workshop.until_both_build(app, attempt=1)

        worker.freeze()
        workshop.site.let_a_minute_pass()
        successor = workshop.site.working()
        await workshop.until_both_build(app, attempt=2)
        worker.wake()

        assert (await settled(workshop.server, accepted))["status"] == "DEPLOYED"
        await until(lambda: has_lost_both(worker))
        log = await build_log(workshop.server, accepted)
        assert log.count("attempt 2") == log.count("The moment has come.") == 1
        await assert_settled_once(workshop, app)
        assert await successor.terminate() == 0
        assert await worker.terminate() == 0


async def has_lost_both(worker: Program) -> bool:
    return worker.said.count("build lost its attempt") == 2


async def test_a_build_whose_worker_dies_three_times_fails_and_the_pin_stays(
    workshop: Workshop,
) -> None:
    with fail_after(HANG_SECONDS):
        worker = workshop.site.working()
        app = await workshop.app("deadly")
        accepted = await workshop.promote_code_that_builds_until(NEVER, app)

        for attempt in (1, 2, 3):
            await workshop.until_both_build(app, attempt=attempt)
            worker.kill()
            workshop.site.let_a_minute_pass()
            worker = workshop.site.working()

        failed = await settled(workshop.server, accepted)
        assert failed["failureClass"] == "INFRASTRUCTURE"
        assert failed["failureReason"].startswith("It was tried 3 times and never finished")
        await assert_settled_once(workshop, app)
        assert (await app.now(workshop.server))["staging"]["pin"] is None
        assert await worker.terminate() == 0
