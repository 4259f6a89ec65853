"""A read costs what it returns, and not what there is."""

import pytest

from models import Environment
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import promoted_and_settled
from tests.support.plans import lengthen_history, rows_looked_at, sent_statements
from tests.support.servers import RunningServer

LONG = 20_000
PAGE = 20
MENU = """{
  app(name: "triage") {
    environments(first: 50) { nodes { name pin { version since commit { sha } } deploying { id } } }
  }
}"""
HISTORY = """{
  environment(app: "triage", name: "staging") {
    deployments(first: %d%s) {
      nodes { version status commit { sha } source { name } } pageInfo { hasNextPage endCursor }
    }
  }
}"""


async def looked_at(server: RunningServer, url: str, query: str) -> int:
    """How many deployments are looked at to answer."""
    with sent_statements() as statements:
        await server.data(query)
    assert statements
    return sum([await rows_looked_at(url, each, "deployment") for each in statements])


@pytest.fixture
async def long_history(
    installation: Installation,
    owner: Principal,
    database_url: str,
    dev: Environment,
    staging: Environment,
) -> None:
    deployment = await promoted_and_settled(installation, owner, source=dev, target=staging)
    lengthen_history(database_url, deployment=deployment.id, count=LONG)


async def test_a_menu_looks_at_the_deployments_that_it_shows(
    long_history: None, idle_server: RunningServer, database_url: str
) -> None:
    assert 0 < await looked_at(idle_server, database_url, MENU) < 10


async def test_a_page_of_a_history_looks_at_its_own_deployments(
    long_history: None, idle_server: RunningServer, database_url: str
) -> None:
    first = HISTORY % (PAGE, "")
    assert PAGE <= await looked_at(idle_server, database_url, first) <= PAGE + 10


async def test_a_page_far_down_a_history_looks_at_its_own_deployments(
    long_history: None, idle_server: RunningServer, database_url: str
) -> None:
    after = ""
    for _ in range(3):
        answer = await idle_server.data(HISTORY % (100, after))
        end = answer["environment"]["deployments"]["pageInfo"]["endCursor"]
        after = f', after: "{end}"'

    assert PAGE <= await looked_at(idle_server, database_url, HISTORY % (PAGE, after)) <= PAGE + 10


async def test_a_history_is_counted_when_somebody_wants_to_know(
    long_history: None, idle_server: RunningServer, database_url: str
) -> None:
    query = HISTORY.replace("pageInfo", "totalCount pageInfo") % (PAGE, "")
    assert await looked_at(idle_server, database_url, query) > LONG
