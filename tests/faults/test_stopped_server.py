"""A server that is told to stop, or that loses its Postgres, goes in order and loses nothing."""

import os
import signal
import time
from uuid import UUID

import pytest
from anyio import fail_after

from services.builds import HANDED_BACK
from services.sandbox.tree import until_gone
from tests.support.histories import settled_history
from tests.support.history_rules import assert_whole
from tests.support.processes import Site
from tests.support.promoting import (
    build_log,
    make_app,
    promote,
    settled,
    until_building,
)
from tests.support.repositories import Repository
from tests.support.samples import handler_until

HANG_SECONDS = 120
A_BUILD_OF_SECONDS = 8.0


@pytest.mark.long
async def test_a_server_told_to_stop_leaves_nothing_behind_and_its_next_start_finishes_the_work(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=["staging"])
            linkable.commit(handler_until(time.time() + A_BUILD_OF_SECONDS))
            dev, staging = app.environments["dev"], app.environments["staging"]
            accepted = await promote(server, source=dev, target=staging)
            await until_building(server, accepted["id"])
            below = server.program.below()

            assert await server.program.terminate() == 0
            assert until_gone(below, seconds=0)

        async with site.serving() as server:
            assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
            assert (await build_log(server, accepted["id"])).count(HANDED_BACK) == 1
            assert_whole(await settled_history(site.database_url, UUID(app.database_id)))


@pytest.mark.long
async def test_a_server_whose_postgres_dies_says_so_and_ends_and_a_worker_follows_the_next_one(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            worker = site.working()
            app = await make_app(server, linkable.path, environments=["staging"])
            linkable.commit(handler_until(time.time() + A_BUILD_OF_SECONDS))
            dev, staging = app.environments["dev"], app.environments["staging"]
            accepted = await promote(server, source=dev, target=staging)
            await until_building(server, accepted["id"])

            os.kill(site.postgres, signal.SIGKILL)

            assert await server.program.ended() == 1
            assert "pinmark: Postgres ended by itself (status -9)" in server.program.said

        async with site.serving("--no-worker") as server:
            site.let_a_minute_pass()
            assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
            assert_whole(await settled_history(site.database_url, UUID(app.database_id)))
            assert await worker.terminate() == 0
