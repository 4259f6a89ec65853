"""An answer is given again while nothing has changed, and never after."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from models import Environment, Role
from pinmark import graphql_http
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.api.conftest import without_polling
from tests.support.apps import make_environment
from tests.support.people import deactivate, give_role, join
from tests.support.servers import RunningServer, running_server

NAMES = '{ app(name: "triage") { environments { nodes { name } } } }'
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
