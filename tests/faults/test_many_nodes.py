"""Two servers and three workers on one Postgres keep every promise of one, with Redis or without.

One fleet a carrier for all tests here, each with an app of its own; what a test kills it replaces.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from anyio import fail_after

from schema.ids import encode_id
from tests.support.fault_scale import WHOLE
from tests.support.fleet import CARRIERS, Fleet, open_fleet
from tests.support.histories import read_history, settled_history
from tests.support.history_rules import assert_whole
from tests.support.promoting import (
    ask_promotion,
    build_log,
    cancel,
    mutate,
    promote,
    settled,
    until,
    until_building,
)
from tests.support.runtimes import SAYS_WHO_IT_IS, call
from tests.support.samples import handler_until
from tests.support.travelling import Traveller

pytestmark = pytest.mark.long

HANG_SECONDS = 900
ROUNDS = 40 if WHOLE else 4
A_BUILD_OF_SECONDS = 8.0
SERVICE_RESTART = 1012
IMPORTS = """
    SELECT count(*) FROM buildlogline WHERE deployment_id = %s AND text = 'Importing handler.py.'
"""
WATCH = """
subscription ($id: ID!) {
  deploymentProgress(id: $id) { fileSyncStatus codeBuildStatus }
}
"""
CREATE_KEY = """
    mutation ($environment: ID!) {
      createApiKey(input: {
        environmentId: $environment, name: "ci", permissions: ["app.read", "environment.read"]
      }) { ... on CreateApiKeySuccess { plaintext apiKey { id } } }
    }
"""
REVOKE_KEY = "mutation ($key: ID!) { revokeApiKey(input: { apiKeyId: $key }) { __typename } }"
APP_EVENTS = "subscription ($app: ID!) { appEvents(appId: $app) { kind } }"
SET_VARIABLE = """
    mutation ($environment: ID!, $value: String!) {
      setEnvironmentVariable(input: {
        environmentId: $environment, name: "GREETING", value: $value
      }) { __typename }
    }
"""
VARIABLES = """
    query ($environment: ID!) {
      node(id: $environment) { ... on Environment { variables { nodes { name updatedAt } } } }
    }
"""


@pytest.fixture(scope="module", params=CARRIERS)
async def fleet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Fleet]:
    with fail_after(HANG_SECONDS):
        opening = open_fleet(tmp_path_factory.mktemp("fleet"), request.param)
        fleet = await opening.__aenter__()
    try:
        yield fleet
    finally:
        await opening.__aexit__(None, None, None)


@asynccontextmanager
async def one_less(fleet: Fleet) -> AsyncGenerator[Any]:
    """One of the servers, for the test to end; another takes its place after the block."""
    server = fleet.servers[0]
    yield server
    await fleet.forget(server)
    await fleet.start_server()


@asynccontextmanager
async def on_the_way(traveller: Traveller, fleet: Fleet) -> AsyncGenerator[None]:
    """The traveller follows through the balancer for as long as the block lasts."""
    following = asyncio.create_task(traveller.keep_following(fleet.front))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def until_begun(fleet: Fleet, deployment: str) -> None:
    """Wait until the deployment's handler is being imported, and its worker has processes."""

    async def is_so() -> bool:
        async with await psycopg.AsyncConnection.connect(fleet.url) as connection:
            return (await (await connection.execute(IMPORTS, [deployment])).fetchone()) == (1,)

    await until(is_so)


async def test_the_main_job_is_done_whichever_server_is_asked(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, repository = await fleet.make_app("staging", "prod")
        repository.commit({"handler.py": SAYS_WHO_IT_IS})
        tested = await promote(
            fleet.front, source=app.environments["dev"], target=app.environments["staging"]
        )
        async with fleet.front.socket() as socket:
            story = [
                answer["deploymentProgress"]["codeBuildStatus"]
                async for answer in socket.run(WATCH, id=tested["id"])
            ]
        assert story == ["PENDING", "BUILDING", "DEPLOYED"]
        shipped = await promote(
            fleet.front, source=app.environments["staging"], target=app.environments["prod"]
        )
        assert (await settled(fleet.front, shipped["id"]))["status"] == "DEPLOYED"
        for server in fleet.servers:  # also the one that does not supervise the runtimes
            answer = await call(server, app.environments["prod"], {"ticket": 1})
            assert answer.json()["environment"] == "prod"
        assert_whole(await settled_history(fleet.url, UUID(app.database_id)))


async def test_who_goes_from_server_to_server_is_told_everything_once_and_in_order(
    fleet: Fleet,
) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging", "prod")
        traveller, servers = Traveller(app), fleet.in_turn()

        async def travel() -> None:
            while True:
                await traveller.follow(next(servers), at_most=2)

        travelling = asyncio.create_task(travel())
        try:
            for number in range(ROUNDS):
                for name in ("staging", "prod"):
                    source = app.environments["dev"]
                    accepted = await promote(
                        fleet.front, source=source, target=app.environments[name]
                    )
                    await settled(fleet.front, accepted["id"])
                if number % 2:
                    await fleet.lose_the_carrier()
            history = await settled_history(fleet.url, UUID(app.database_id))
            await traveller.until_told_all(history)
        finally:
            travelling.cancel()
            await asyncio.gather(travelling, return_exceptions=True)
        assert traveller.cursors == traveller.expected(history)
        assert_whole(history)


async def test_one_idempotency_key_at_both_servers_has_one_effect(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging")
        asked = {
            "sourceId": app.environments["dev"],
            "targetId": app.environments["staging"],
            "idempotencyKey": uuid4().hex,
        }
        servers = fleet.in_turn()
        answers = await asyncio.gather(
            *(mutate(next(servers), "promoteEnvironment", asked) for _ in range(10))
        )
        assert len({answer["deployment"]["id"] for answer in answers}) == 1
        history = await settled_history(fleet.url, UUID(app.database_id))
        assert len([each for each in history.deployments if each.kind == "PROMOTION"]) == 1


async def test_of_promotions_that_race_at_both_servers_one_is_in_flight(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging")
        dev, staging = app.environments["dev"], app.environments["staging"]
        servers = fleet.in_turn()
        accepted = 0
        for _ in range(ROUNDS):
            answers = await asyncio.gather(
                *(ask_promotion(next(servers), source=dev, target=staging) for _ in range(8))
            )
            told = Counter(answer["__typename"] for answer in answers)
            assert set(told) <= {"PromoteEnvironmentSuccess", "EnvironmentBusyError"}
            accepted += told["PromoteEnvironmentSuccess"]
            await settled_history(fleet.url, UUID(app.database_id))
        history = await settled_history(fleet.url, UUID(app.database_id))
        promotions = [each for each in history.deployments if each.kind == "PROMOTION"]
        assert len(promotions) == accepted >= ROUNDS
        assert_whole(history)


async def test_a_key_revoked_at_one_server_is_nobodys_at_the_other(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging")
        one, other = fleet.servers
        answer = await one.data(CREATE_KEY, environment=app.environments["staging"])
        made = answer["createApiKey"]
        async with other.socket(token=made["plaintext"]) as socket:
            payload = {"query": APP_EVENTS, "variables": {"app": app.id}}
            await socket.send({"id": "1", "type": "subscribe", "payload": payload})
            await one.data(REVOKE_KEY, key=made["apiKey"]["id"])
            assert await socket.close_code() == 4401
        refused = await other.graphql("{ viewer { name } }", token=made["plaintext"])
        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_what_is_set_at_one_server_holds_at_the_other_at_once(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging")
        staging = app.environments["staging"]
        one, other = fleet.servers
        seen: list[str] = []
        for setter, reader in ((one, other), (other, one)):
            answer = await setter.data(SET_VARIABLE, environment=staging, value=setter.base)
            assert answer["setEnvironmentVariable"]["__typename"].endswith("Success"), answer
            found = await reader.data(VARIABLES, environment=staging)
            (variable,) = found["node"]["variables"]["nodes"]
            seen.append(variable["updatedAt"])
        assert seen == sorted(set(seen))


async def test_a_build_whose_worker_is_killed_is_done_by_another_of_the_three(
    fleet: Fleet,
) -> None:
    with fail_after(HANG_SECONDS):
        app, repository = await fleet.make_app("staging")
        repository.commit(handler_until(time.time() + A_BUILD_OF_SECONDS))
        accepted = await promote(
            fleet.front, source=app.environments["dev"], target=app.environments["staging"]
        )
        await until_begun(fleet, accepted["databaseId"])
        for worker in [each for each in fleet.workers if each.below()]:  # whoever builds
            worker.kill()
            fleet.workers.remove(worker)
            fleet.start_worker()
        await asyncio.to_thread(fleet.site.let_a_minute_pass)  # the network is of this very loop

        found = await settled(fleet.front, accepted["id"])
        assert found["status"] == "DEPLOYED", found
        log = await build_log(fleet.front, accepted["id"])
        assert log.count("attempt 2") == 1
        assert_whole(await settled_history(fleet.url, UUID(app.database_id)))


async def test_a_killed_server_is_missed_by_nobody(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging", "prod")
        dev = app.environments["dev"]
        traveller = Traveller(app)
        async with on_the_way(traveller, fleet), one_less(fleet) as server:
            await traveller.until_told(1)
            first = await promote(fleet.front, source=dev, target=app.environments["staging"])
            fleet.kill_server(server)
            second = await promote(fleet.front, source=dev, target=app.environments["prod"])
            for accepted in (first, second):
                assert (await settled(fleet.front, accepted["id"]))["status"] == "DEPLOYED"
            history = await settled_history(fleet.url, UUID(app.database_id))
            await traveller.until_told_all(history)
        assert traveller.cursors == traveller.expected(history)
        assert_whole(history)


async def test_clients_of_a_server_that_drains_go_on_at_the_other(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, _ = await fleet.make_app("staging", "prod")
        dev = app.environments["dev"]
        travellers = [Traveller(app) for _ in range(6)]
        async with one_less(fleet) as server:
            following = [
                asyncio.create_task(each.keep_following(fleet.front)) for each in travellers
            ]
            for each in travellers:
                await each.until_told(1)
            server.program.process.terminate()
            for name in ("staging", "prod"):  # and whoever asks meanwhile is answered
                accepted = await promote(fleet.front, source=dev, target=app.environments[name])
                assert (await settled(fleet.front, accepted["id"]))["status"] == "DEPLOYED"
            # On a busy machine the kernel may have ended it at last, which loses nothing either.
            assert await server.program.ended() in (0, -signal.SIGALRM), server.program.said
            history = await settled_history(fleet.url, UUID(app.database_id))
            for each in travellers:
                await each.until_told_all(history)
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
        assert all(each.cursors == each.expected(history) for each in travellers)
        codes = [code for each in travellers for code in each.closings]
        assert SERVICE_RESTART in codes
        assert set(codes) <= {SERVICE_RESTART}


async def test_what_is_cancelled_at_one_server_is_killed_wherever_it_builds(fleet: Fleet) -> None:
    with fail_after(HANG_SECONDS):
        app, repository = await fleet.make_app("staging")
        repository.commit(handler_until(time.time() + HANG_SECONDS))
        one, other = fleet.servers
        accepted = await promote(
            one, source=app.environments["dev"], target=app.environments["staging"]
        )
        await until_building(other, accepted["id"])
        await cancel(other, accepted["id"])
        assert (await settled(one, accepted["id"]))["failureClass"] == "CANCELLED"

        async def dev_too() -> bool:
            history = await read_history(fleet.url, UUID(app.database_id))
            for each in history.unsettled:
                await cancel(one, encode_id("Deployment", each.id))
            return not history.unsettled

        await until(dev_too)
