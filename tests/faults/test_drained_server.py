"""SIGTERM: the server says so, lets what is under way finish, and goes; nothing is lost by it."""

import signal
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress

import anyio
import httpx2
import psycopg
import pytest
from anyio import fail_after

from pinmark.settings import Settings
from schema.ids import decode_id
from services.builds import HANDED_BACK
from tests.support.graphql_ws import GraphQLSocket
from tests.support.metrics import scrape
from tests.support.processes import ServerProcess, Site
from tests.support.promoting import (
    PROMOTE,
    AppInUse,
    ask_promotion,
    build_log,
    cancel,
    deployment_seen,
    make_app,
    promote,
    until,
    until_building,
)
from tests.support.repositories import Repository
from tests.support.samples import ENDLESS_HANDLER, handler_until

HANG_SECONDS = 240
SERVICE_RESTART = 1012
FOLLOW = "subscription ($app: ID!) { appEvents(appId: $app) { cursor } }"
BEGUN = """
    SELECT count(*) FROM buildlogline WHERE deployment_id = %s AND text LIKE 'build cache:%%'
"""
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@contextmanager
def held(site: Site, environment: str) -> Generator[None]:
    """Hold the environment's row: who promotes into it waits for the block's end."""
    with psycopg.connect(site.database_url) as connection:
        connection.execute("SELECT FROM environment WHERE name = %s FOR UPDATE", [environment])
        yield


async def until_somebody_waits(site: Site) -> None:
    async def waits() -> bool:
        with psycopg.connect(site.database_url) as connection:
            return connection.execute(WAITS).fetchone() == (1,)

    await until(waits)


async def until_not_ready(server: ServerProcess) -> None:
    async def is_not_ready() -> bool:
        return (await server.client.get("/readyz")).status_code == 503

    await until(is_not_ready)


@asynccontextmanager
async def followers(
    server: ServerProcess, app: AppInUse, count: int
) -> AsyncGenerator[list[GraphQLSocket]]:
    """Sockets with a subscription each, all of them under way."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(server.socket()) for _ in range(count)]
        for socket in sockets:
            payload = {"query": FOLLOW, "variables": {"app": app.id}}
            await socket.send({"id": "1", "type": "subscribe", "payload": payload})

        async def all_follow() -> bool:
            return (await scrape(server.client)).total("pinmark_subscriptions") == count

        await until(all_follow)
        yield sockets


async def closings(sockets: list[GraphQLSocket]) -> list[tuple[int, float]]:
    """With which code each was closed, and when."""
    seen: list[tuple[int, float]] = []

    async def watch(socket: GraphQLSocket) -> None:
        code = await socket.close_code()
        seen.append((code, time.monotonic()))

    async with anyio.create_task_group() as group:
        for socket in sockets:
            group.start_soon(watch, socket)
    return seen


@pytest.mark.long
async def test_a_server_that_stops_is_not_ready_first_and_still_answers(
    site: Site, linkable: Repository
) -> None:
    site.settings["PINMARK_DRAIN_SECONDS"] = "2"
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            server.program.process.terminate()
            await until_not_ready(server)

            assert (await server.client.get("/readyz")).json()["serving"] is False
            assert (await server.client.get("/healthz")).status_code == 200
            assert await server.data("{ viewer { __typename } }")
            assert await server.program.ended() == 0, server.program.said


async def test_a_mutation_under_way_is_answered_before_the_server_ends(
    site: Site, linkable: Repository
) -> None:
    answers: list[str] = []

    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=["staging"])

            async def ask() -> None:
                dev, staging = app.environments["dev"], app.environments["staging"]
                answer = await ask_promotion(server, source=dev, target=staging)
                answers.append(answer["__typename"])

            async with anyio.create_task_group() as group:
                with held(site, "staging"):
                    group.start_soon(ask)
                    await until_somebody_waits(site)
                    server.program.process.terminate()
                    await until_not_ready(server)
            assert answers == ["PromoteEnvironmentSuccess"]
            assert await server.program.ended() == 0, server.program.said


@pytest.mark.long
@pytest.mark.parametrize("edge", ["graphql", "rest"])
async def test_what_cannot_finish_is_told_that_it_was_cut_short(
    site: Site, linkable: Repository, edge: str
) -> None:
    answers: list[httpx2.Response] = []

    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=["staging"])

            async def ask() -> None:
                answers.append(await ask_to_promote(server, app, edge))

            async with anyio.create_task_group() as group:
                # Its Postgres ends with the server, and with it what held the row.
                with suppress(psycopg.OperationalError), held(site, "staging"):
                    group.start_soon(ask)
                    await until_somebody_waits(site)
                    assert await server.program.terminate() == 0, server.program.said
    assert answers[0].status_code == 503
    assert "was stopped before this was over" in answers[0].text
    assert "Exception in ASGI application" not in server.program.said


async def ask_to_promote(
    server: ServerProcess, app: AppInUse, edge: str, name: str = "staging"
) -> httpx2.Response:
    """From dev, by either edge; its answer, whatever that is."""
    source, target = app.environments["dev"], app.environments[name]
    headers = {
        "Authorization": f"Bearer {server.token}",
        "X-Agentmark-App-Id": app.database_id,
    }
    if edge == "graphql":
        body = {"query": PROMOTE, "variables": {"source": source, "target": target}}
        return await server.client.post("/graphql", json=body, headers=headers)
    ids = [decode_id("Environment", each) for each in (source, target)]
    return await server.client.post(
        f"/v1/environments/{ids[1]}/promote",
        json={"source_environment_id": str(ids[0])},
        headers=headers,
    )


@pytest.mark.long
async def test_a_mutation_on_a_socket_is_answered_before_the_socket_closes(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=["staging"])
            variables = {"source": app.environments["dev"], "target": app.environments["staging"]}
            payload = {"query": PROMOTE, "variables": variables}
            async with followers(server, app, 5) as idle, server.socket() as busy:
                with held(site, "staging"):
                    await busy.send({"id": "2", "type": "subscribe", "payload": payload})
                    await until_somebody_waits(site)
                    server.program.process.terminate()
                    codes = {code for code, _ in await closings(idle)}
                answered = (await busy.receive())["payload"]["data"]["promoteEnvironment"]
                assert codes == {SERVICE_RESTART}
                assert answered["__typename"] == "PromoteEnvironmentSuccess"
                assert await busy.close_code() == SERVICE_RESTART
            assert await server.program.ended() == 0, server.program.said


@pytest.mark.long
async def test_sockets_are_closed_to_come_again_and_not_all_at_once(
    site: Site, linkable: Repository
) -> None:
    site.settings["PINMARK_DRAIN_SECONDS"] = "2"
    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=[])
            async with followers(server, app, 40) as sockets:
                server.program.process.terminate()
                seen = await closings(sockets)
            assert {code for code, _ in seen} == {SERVICE_RESTART}
            moments = [moment for _, moment in seen]
            assert max(moments) - min(moments) > 1
            assert await server.program.ended() == 0, server.program.said


async def test_who_connects_while_the_server_stops_is_told_to_come_again(
    site: Site, linkable: Repository
) -> None:
    site.settings["PINMARK_DRAIN_SECONDS"] = "3"
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            server.program.process.terminate()
            await until_not_ready(server)
            async with server.socket() as socket:
                assert await socket.close_code() == SERVICE_RESTART


@pytest.mark.long
async def test_a_server_with_everything_under_way_ends_within_fifteen_seconds(
    site: Site, linkable: Repository
) -> None:
    """The promise is a time, so here time is what is looked at."""
    site.settings["PINMARK_DRAIN_SECONDS"] = str(Settings.model_fields["drain_seconds"].default)
    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=["staging", "prod"])
            linkable.commit(handler_until(time.time() + HANG_SECONDS))
            dev, staging = app.environments["dev"], app.environments["staging"]
            accepted = await promote(server, source=dev, target=staging)
            await until_building(server, accepted["id"])

            async def ask() -> None:
                with suppress(httpx2.TransportError):  # whatever it is told, if it is
                    await ask_to_promote(server, app, "graphql", "prod")

            async with followers(server, app, 20), anyio.create_task_group() as group:
                # Held until Postgres itself ends: this one cannot finish.
                with suppress(psycopg.OperationalError), held(site, "prod"):
                    group.start_soon(ask)
                    await until_somebody_waits(site)
                    began = time.monotonic()
                    assert await server.program.terminate() in (0, -signal.SIGALRM)
                    assert time.monotonic() - began < 15
                    group.cancel_scope.cancel()


@pytest.mark.long
@pytest.mark.parametrize("program", ["serve", "worker"])
async def test_a_second_signal_ends_it_at_once_and_leaves_nothing(
    site: Site, linkable: Repository, program: str
) -> None:
    site.settings["PINMARK_DRAIN_SECONDS"] = "10"
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            worker = site.working()
            app = await make_app(server, linkable.path, environments=["staging"])
            linkable.commit(handler_until(time.time() + HANG_SECONDS))
            dev, staging = app.environments["dev"], app.environments["staging"]
            accepted = await promote(server, source=dev, target=staging)
            await until_building(server, accepted["id"])

            told = server.program if program == "serve" else worker
            told.left = told.below()
            while told.process.poll() is None:  # two that come at once are one to the kernel
                told.process.terminate()
                await anyio.sleep(0.05)

            assert told.process.poll() == 128 + signal.SIGTERM


@pytest.mark.long
async def test_a_worker_that_stops_hands_its_build_back_and_no_attempt_is_lost(
    site: Site, linkable: Repository
) -> None:
    """However often workers are replaced; tried three times in vain, it would have failed."""
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            worker = site.working()
            app = await make_app(server, linkable.path, environments=["staging"])
            linkable.commit(ENDLESS_HANDLER)
            dev, staging = app.environments["dev"], app.environments["staging"]
            accepted = await promote(server, source=dev, target=staging)
            for time in (1, 2, 3, 4):
                await until_begun(site, accepted["databaseId"], times=time)
                assert await worker.terminate() == 0
                worker = site.working()
            await until_begun(site, accepted["databaseId"], times=5)

            assert (await deployment_seen(server, accepted["id"]))["status"] == "IN_PROGRESS"
            await cancel(server, accepted["id"])
            log = await build_log(server, accepted["id"])
            assert log.count(HANDED_BACK) == 4
            assert not any(line.startswith("attempt ") for line in log)


async def until_begun(site: Site, deployment: str, *, times: int) -> None:
    """Wait until a build of the deployment was begun so often, as its log tells."""

    async def is_so() -> bool:
        with psycopg.connect(site.database_url) as connection:
            return connection.execute(BEGUN, [deployment]).fetchone() == (times,)

    await until(is_so)
