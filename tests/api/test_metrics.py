"""What Prometheus is told is what happens; and it is told the names of nobody."""

import socket
from uuid import UUID

import psycopg
import pytest
from anyio import fail_after
from psycopg.conninfo import conninfo_to_dict

from models import App
from pinmark.settings import Settings
from services import jobs
from services.installation import Installation
from tests.api.conftest import without_polling
from tests.conftest import run_sql
from tests.support.graphql_ws import GraphQLSocket
from tests.support.metrics import Scrape, scrape
from tests.support.promoting import make_app, promote, settled, until
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, FIRST_COMMIT, WITH_HANDLER
from tests.support.servers import RunningServer, running_server
from tests.support.subscriptions import APP_EVENTS

HANG_SECONDS = 120
VIEWER = "{ viewer { name } }"
SECONDS = "pinmark_http_request_seconds_count"
OPERATIONS = "pinmark_graphql_operation_seconds_count"


async def follow(connection: GraphQLSocket, app_id: str) -> None:
    payload = {"query": APP_EVENTS, "variables": {"app": app_id}}
    await connection.send({"id": "1", "type": "subscribe", "payload": payload})


async def test_requests_are_counted_by_route_and_status_and_never_by_path(
    idle_server: RunningServer,
) -> None:
    for path in (
        "/v1/content/secret-plan.md",
        "/v1/content/other.md",
        "/hidden/nowhere",
        "/v1/nothing",
    ):
        await idle_server.client.get(path)
    await idle_server.client.request("PROPFIND", "/healthz")
    await idle_server.graphql(VIEWER)

    seen = await scrape(idle_server.client)

    route = "/v1/content/{path:any}"
    assert seen.value(SECONDS, method="GET", route=route, status="401") == 2
    assert seen.value(SECONDS, method="GET", route="other", status="404") == 1
    assert seen.value(SECONDS, method="GET", route="/v1/{path:any}", status="404") == 1
    assert seen.value(SECONDS, method="POST", route="/graphql", status="200") == 1
    assert seen.total(SECONDS, method="other", route="/healthz") == 1
    assert "secret-plan" not in seen.text
    assert "PROPFIND" not in seen.text


async def test_operations_are_counted_by_kind_and_by_what_became_of_them(
    idle_server: RunningServer, database_url: str
) -> None:
    await idle_server.data(VIEWER)
    await idle_server.graphql("{ nothing }")
    await idle_server.graphql('mutation { createApp(input: {name: "a-name"}) { __typename } }')
    async with idle_server.socket() as connection:
        assert [each async for each in connection.run(VIEWER)]
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("ALTER TABLE invitation RENAME TO elsewhere")
    await idle_server.graphql("{ invitations { nodes { email } } }")

    seen = await scrape(idle_server.client)

    assert seen.value(OPERATIONS, transport="http", kind="query", outcome="ok") == 1
    assert seen.value(OPERATIONS, transport="http", kind="query", outcome="refused") == 1
    assert seen.value(OPERATIONS, transport="http", kind="mutation", outcome="ok") == 1
    assert seen.value(OPERATIONS, transport="http", kind="query", outcome="failed") == 1
    assert seen.value(OPERATIONS, transport="websocket", kind="query", outcome="ok") == 1


async def test_sockets_subscriptions_and_the_way_of_an_event_are_measured(
    server: RunningServer, repository: Repository
) -> None:
    async def arrived() -> bool:
        return (await scrape(server.client)).value("pinmark_event_lag_seconds_count") > 0

    async def gone() -> bool:
        return (await scrape(server.client)).value("pinmark_open_connections") == 0

    with fail_after(HANG_SECONDS):
        app = await make_app(server, repository.path, environments=["staging"])
        async with server.socket() as first, server.socket():
            await follow(first, app.id)

            async def followed() -> bool:
                return (await scrape(server.client)).value("pinmark_subscriptions") == 1

            await until(followed)
            assert (await scrape(server.client)).value("pinmark_open_connections") == 2
            await promote(
                server, source=app.environments["dev"], target=app.environments["staging"]
            )
            await until(arrived)
        await until(gone)

    seen = await scrape(server.client)
    lags = seen.value("pinmark_event_lag_seconds_count")
    assert seen.value("pinmark_event_lag_seconds_sum") / lags < 10
    assert seen.value("pinmark_subscriptions") == 0


@pytest.mark.long
async def test_builds_are_measured_by_what_became_of_the_deployment(
    server: RunningServer, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({**FIRST_COMMIT, **WITH_HANDLER})
        app = await make_app(server, repository.path, environments=["staging"])
        dev, staging = app.environments["dev"], app.environments["staging"]
        await settled(server, (await promote(server, source=dev, target=staging))["id"])
        repository.commit(BROKEN_HANDLER)
        await settled(server, (await promote(server, source=dev, target=staging))["id"])

        async def counted() -> bool:
            seen = await scrape(server.client)
            return (
                seen.value("pinmark_build_seconds_count", result="DEPLOYED") >= 1
                and seen.value("pinmark_build_seconds_count", result="BUILD") >= 1
                and seen.value("pinmark_runtimes", state="HEALTHY") >= 1
                and seen.value("pinmark_builds_running") == 0
                and seen.value("pinmark_jobs_total", task="build_code", outcome="done") >= 3
            )

        await until(counted)


async def test_what_waits_in_the_queue_is_told_with_its_age(
    idle_server: RunningServer, installation: Installation, app: App
) -> None:
    async with installation.database.transaction() as session:
        await jobs.enqueue_look(session, app_id=app.id)

    async def waits() -> bool:
        seen = await scrape(idle_server.client)
        depth = seen.value("pinmark_queue_jobs", task="observe_head", status="todo")
        age = seen.value("pinmark_queue_oldest_seconds", task="observe_head", status="todo")
        return depth == 1 and age > 0

    with fail_after(HANG_SECONDS):
        await until(waits)


async def test_requests_that_came_too_soon_and_connections_too_many_are_counted(
    settings: Settings, database_url: str, installation: Installation
) -> None:
    strict = without_polling(settings).model_copy(
        update={"requests_per_minute": 60, "request_burst": 1, "connections_per_principal": 1}
    )
    async with running_server(strict, database_url, with_worker=False) as server:
        await server.graphql(VIEWER)
        await server.graphql(VIEWER)
        async with server.socket():
            with pytest.raises(Exception, match="1013"):
                async with server.socket():
                    pass
            seen = await scrape(server.client)

    assert seen.value("pinmark_rate_limited_total", bucket="principal") == 1
    assert seen.value("pinmark_connections_refused_total", limit="principal") == 1


def listener_up(seen: Scrape) -> float:
    return seen.value("pinmark_listener_up", carrier="postgres")


async def test_the_listener_and_postgres_are_seen_to_be_lost_and_found(
    idle_server: RunningServer, database_url: str, postgres: str
) -> None:
    name = str(conninfo_to_dict(database_url)["dbname"])
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"

    async def lost() -> bool:
        seen = await scrape(idle_server.client)
        return listener_up(seen) == seen.value("pinmark_postgres_up") == 0

    async def found() -> bool:
        seen = await scrape(idle_server.client)
        again = seen.value("pinmark_listener_connections_total", carrier="postgres") >= 2
        return again and listener_up(seen) == seen.value("pinmark_postgres_up") == 1

    with fail_after(HANG_SECONDS):
        assert (await scrape(idle_server.client)).value("pinmark_postgres_up") == 1
        run_sql(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        run_sql(postgres, end.format(name))
        await until(lost)
        run_sql(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await until(found)


async def test_no_label_is_a_name_or_anything_that_a_client_sent(
    server: RunningServer, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        app = await make_app(server, repository.path, environments=["hidden-place"], name="mystery")
        accepted = await promote(
            server, source=app.environments["dev"], target=app.environments["hidden-place"]
        )
        await settled(server, accepted["id"])
        await server.client.get("/v1/content/mystery?token=hunter2")
        before = await scrape(server.client)
        for number in range(50):
            await server.graphql(f"query Named{number} {{ viewer {{ name }} }}")
            await server.client.get(f"/v1/templates/{number}?x={number}")
        after = await scrape(server.client)

    for word in ("mystery", "hidden-place", "hunter2", "Named1", "demo", app.database_id):
        assert word not in after.text
    assert not any(_is_uuid(value) for _, value in after.labels)
    assert len(after.samples) - len(before.samples) < 60


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


async def test_metrics_can_be_switched_off(settings: Settings, database_url: str) -> None:
    off = without_polling(settings).model_copy(update={"metrics": False})
    async with running_server(off, database_url, with_worker=False) as server:
        assert (await server.client.get("/metrics")).status_code == 404


async def test_metrics_can_be_answered_apart_from_everything_else(
    settings: Settings, database_url: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    apart = without_polling(settings).model_copy(update={"metrics_address": address})
    async with running_server(apart, database_url, with_worker=False) as server:
        assert (await server.client.get("/metrics")).status_code == 404

        async def answers() -> bool:
            try:
                await scrape(server.client, f"http://{address}/metrics")
            except OSError:
                return False
            return True

        with fail_after(HANG_SECONDS):
            await until(answers)
        assert (await server.client.get(f"http://{address}/graphql")).status_code == 404
