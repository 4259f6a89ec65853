"""An answer is given again while nothing has changed, and never after."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import psycopg
import pytest
from httpx2 import Response
from pydantic import SecretStr
from starlette.requests import Request

from models import App, Environment, Role
from pinmark import graphql_http
from pinmark.graphql_requests import read_request
from pinmark.rest import asking
from pinmark.rest.answers import read_bytes
from pinmark.settings import Settings
from services.apps import NewApp, create_app
from services.installation import Installation
from services.principals import Principal
from tests.api.conftest import without_polling
from tests.support.apps import (
    environment_named,
    make_environment,
    promoted,
    push,
    settle_all,
)
from tests.support.callers import Caller
from tests.support.late_bodies import post_late
from tests.support.metrics import Scrape, scrape
from tests.support.people import deactivate, give_role, join
from tests.support.repositories import Repository
from tests.support.servers import RunningServer, running_server
from tests.support.variables import put

SECONDS = "pinmark_http_request_seconds_count"
OPERATIONS = "pinmark_graphql_operation_seconds_count"
NAMES = '{ app(name: "triage") { environments { nodes { name } } } }'
WHOLE_APP = """{
  app(name: "triage") {
    plan eventCursor viewerCapabilities { createEnvironment { allowed reason } }
    repository { url head { sha message } }
    environments {
      totalCount
      nodes {
        name state pinLabel currentVersion
        pin { version since commit { sha } }
        deploying { id status }
        contentCommit { sha } codeCommit { sha } runtime { state }
      }
    }
  }
}"""
WHOLE_ENVIRONMENT = """{
  environment(app: "triage", name: "staging") {
    deployments {
      totalCount
      nodes {
        kind version status note createdAt settledAt actor { name kind } commit { sha }
        source { name pinLabel } fileSync { status } codeBuild { status cacheDecision { kind } }
      }
    }
    viewerCapabilities { promote { allowed reason } rollback { allowed reason } }
  }
}"""
FOLLOWED_BY = """
    SELECT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND query LIKE '%pg_current_snapshot%'
"""
AUDIT = "{ auditLog { nodes { seq } } }"
VIEWER = "{ viewer { name sessions { totalCount } } }"


class Executions:
    """Counts the operations that were executed, and executes them."""

    def __init__(self) -> None:
        self.count = 0

    async def execute(self, *given: Any, **more: Any) -> Any:
        self.count += 1
        return await execute(*given, **more)


execute = graphql_http.execute


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> Executions:
    counted = Executions()
    monkeypatch.setattr(graphql_http, "execute", counted.execute)
    return counted


@pytest.fixture
async def other_server(
    settings: Settings, database_url: str, idle_server: RunningServer
) -> AsyncGenerator[RunningServer]:
    """Another server on the same database."""
    quiet = without_polling(settings)
    async with running_server(quiet, database_url, with_worker=False) as server:
        yield server


async def settle(server: RunningServer) -> None:
    """Have the use of the token noted, which is a write."""
    await server.data("{ viewer { name } }")


async def test_a_query_is_executed_once_while_nothing_changes(
    staging: Environment, idle_server: RunningServer, executions: Executions
) -> None:
    await settle(idle_server)
    executions.count = 0

    answers = [await idle_server.graphql(NAMES) for _ in range(20)]

    assert executions.count < 5  # a server has heartbeats of its own to write
    assert answers == 20 * answers[:1]


async def test_an_answer_about_an_app_is_given_again_while_another_app_is_written_to(
    installation: Installation,
    owner: Principal,
    staging: Environment,
    idle_server: RunningServer,
    executions: Executions,
) -> None:
    async with installation.database.transaction() as session:
        other = await create_app(session, principal=owner, request=NewApp(name="other"))
    await settle(idle_server)
    before = await idle_server.graphql(NAMES)
    executions.count = 0

    for number in range(10):
        await make_environment(installation, owner, other, f"e{number}")
        assert await idle_server.graphql(NAMES) == before

    assert executions.count <= 2  # its heart beats now and then, and its token's use is noted


async def test_whatever_is_written_what_is_given_again_is_what_would_be_made(
    installation: Installation,
    owner: Principal,
    app: App,
    repository: Repository,
    staging: Environment,
    settings: Settings,
    database_url: str,
    idle_server: RunningServer,
) -> None:
    caller = Caller(installation, owner)
    dev = await environment_named(installation, app, "dev")
    making = without_polling(settings).model_copy(update={"kept_answers_mib": 0})

    async def write(number: int) -> None:
        match number % 5:
            case 0:
                await promoted(installation, owner, source=dev, target=staging)
            case 1:
                await settle_all(installation)
            case 2:
                repository.commit({"README.md": f"The {number}th".encode()})
                await push(installation, app)
            case 3:
                await put(caller, staging, "GREETING", f"hello {number}")
            case _:
                await make_environment(installation, owner, app, f"e{number}")

    async with running_server(making, database_url, with_worker=False) as anew:
        for number in range(10):
            await write(number)
            for query in (WHOLE_APP, WHOLE_ENVIRONMENT, NAMES):
                kept = [await idle_server.data(query) for _ in range(3)]
                assert kept == 3 * [await anew.data(query)]


async def test_what_was_written_is_in_the_next_answer_of_every_server(
    installation: Installation,
    owner: Principal,
    app: Any,
    idle_server: RunningServer,
    other_server: RunningServer,
) -> None:
    for number in range(10):
        name = f"e{number}"
        await make_environment(installation, owner, app, name)
        for server in (idle_server, other_server):
            answer = await server.data(NAMES)
            names = [each["name"] for each in answer["app"]["environments"]["nodes"]]
            assert name in names


async def test_a_lowered_role_is_obeyed_by_the_next_answer(
    installation: Installation, owner: Principal, idle_server: RunningServer
) -> None:
    for number in range(5):
        person = await join(installation, owner, f"person{number}", Role.ADMIN)
        assert "errors" not in await idle_server.graphql(AUDIT, token=person.token)
        await give_role(installation, owner, person.id, Role.READ)

        refused = await idle_server.graphql(AUDIT, token=person.token)

        assert refused["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def test_who_was_deactivated_is_nobody_to_the_next_request(
    installation: Installation, owner: Principal, idle_server: RunningServer
) -> None:
    for number in range(5):
        person = await join(installation, owner, f"person{number}")
        assert "errors" not in await idle_server.graphql(NAMES, token=person.token)
        await deactivate(installation, owner, person.id)

        refused = await idle_server.graphql(NAMES, token=person.token)

        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("path", "sent"), [("/graphql", {"query": NAMES}), ("/v1/apps", {"name": "late"})]
)
async def test_who_is_nobody_by_the_time_their_body_comes_is_answered_nothing(
    installation: Installation,
    owner: Principal,
    idle_server: RunningServer,
    requests_read: list[Request],
    path: str,
    sent: dict[str, Any],
) -> None:
    person = await join(installation, owner, "ada", Role.ADMIN)
    requests_read.clear()

    async def leave() -> None:
        while not requests_read:  # whose they are is known by now
            await asyncio.sleep(0.01)
        await deactivate(installation, owner, person.id)
        idle_server.parts.authenticator.forget()  # as the bell does, which is on its way

    answered = await post_late(idle_server, path, sent, token=person.token, meanwhile=leave)

    assert answered == 401


async def test_what_changes_is_followed_over_the_direct_connection(
    settings: Settings, database_url: str, staging: Environment
) -> None:
    """A pooler's connection outlives a crash of Postgres, and what was noted does not."""
    more = "&" if "?" in database_url else "?"
    direct = SecretStr(f"{database_url}{more}application_name=direct")
    behind_a_pooler = without_polling(settings).model_copy(update={"listen_url": direct})
    async with running_server(behind_a_pooler, database_url, with_worker=False) as server:
        await server.data(NAMES)
        with psycopg.connect(database_url) as connection:
            followed_by = connection.execute(FOLLOWED_BY).fetchall()

    assert followed_by == [("direct",)]


async def test_an_answer_is_nobody_elses(
    installation: Installation, owner: Principal, idle_server: RunningServer
) -> None:
    person = await join(installation, owner, "ada")
    query = "{ viewer { name } }"
    answers = [await idle_server.data(query, token=token) for token in (None, person.token) * 3]

    assert {answer["viewer"]["name"] for answer in answers[1::2]} == {"ada"}
    assert "ada" not in {answer["viewer"]["name"] for answer in answers[::2]}


async def test_what_changes_by_itself_is_made_anew(
    idle_server: RunningServer, executions: Executions
) -> None:
    await settle(idle_server)
    executions.count = 0

    for _ in range(3):
        await idle_server.data(VIEWER)

    assert executions.count == 3


def dress(answer: Response) -> frozenset[tuple[str, str]]:
    """The headers but for those that are another each time."""
    return frozenset(set(answer.headers.items()) - {("date", answer.headers["date"])}) - {
        ("x-request-id", answer.headers["x-request-id"])
    }


def counted(seen: Scrape) -> float:
    """How often somebody was answered at ``/graphql``, as a request and as an operation."""
    return seen.value(SECONDS, method="POST", route="/graphql", status="200") + seen.value(
        OPERATIONS, transport="http", kind="query", outcome="ok"
    )


@pytest.fixture
def requests_read(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """The requests that were read, because they did not come before."""
    found: list[Request] = []

    async def noted(request: Request) -> Any:
        found.append(request)
        return await read_request(request)

    async def noted_rest(request: Request) -> bytes:
        found.append(request)
        return await read_bytes(request)

    monkeypatch.setattr(graphql_http, "read_request", noted)
    monkeypatch.setattr(asking, "read_bytes", noted_rest)
    return found


async def test_a_request_that_comes_again_is_not_read_again(
    staging: Environment, idle_server: RunningServer, requests_read: list[Request]
) -> None:
    await settle(idle_server)
    requests_read.clear()

    answers = [await idle_server.graphql(NAMES) for _ in range(20)]

    assert len(requests_read) < 10  # a server has heartbeats of its own to write
    assert answers == 20 * answers[:1]


async def test_a_request_that_comes_again_is_measured_and_dressed_as_any(
    staging: Environment, idle_server: RunningServer
) -> None:
    headers = {"Authorization": f"Bearer {idle_server.token}"}

    async def ask() -> Response:
        return await idle_server.client.post("/graphql", json={"query": NAMES}, headers=headers)

    before = await scrape(idle_server.client)
    answers = [await ask() for _ in range(10)]
    after = await scrape(idle_server.client)

    assert len({each.headers["x-request-id"] for each in answers}) == 10
    assert len({dress(each) for each in answers}) == 1
    assert counted(after) - counted(before) == 20


async def test_a_request_that_comes_again_is_of_those_that_may_come_so_often(
    settings: Settings, database_url: str, staging: Environment
) -> None:
    slow = without_polling(settings).model_copy(
        update={"requests_per_minute": 1, "request_burst": 5}
    )
    async with running_server(slow, database_url, with_worker=False) as server:
        answers = [await server.graphql(NAMES) for _ in range(10)]

    codes = [each["errors"][0]["extensions"]["code"] for each in answers if "errors" in each]
    assert codes == 5 * ["RATE_LIMITED"]


async def test_who_wants_another_form_is_given_it_however_often_they_ask(
    idle_server: RunningServer,
) -> None:
    forms = ["application/json", "application/graphql-response+json"]

    for accept in forms * 4:
        headers = {"Authorization": f"Bearer {idle_server.token}", "Accept": accept}
        answer = await idle_server.client.post("/graphql", json={"query": NAMES}, headers=headers)
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"


async def test_every_answer_has_a_request_id_of_its_own(idle_server: RunningServer) -> None:
    headers = {"Authorization": f"Bearer {idle_server.token}"}
    body = {"query": "{ viewer { name } }"}
    ids = {
        (await idle_server.client.post("/graphql", json=body, headers=headers)).headers[
            "x-request-id"
        ]
        for _ in range(3)
    }

    assert len(ids) == 3
