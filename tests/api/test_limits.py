"""Documents that ask for too much are refused before anything works on them."""

import pytest
from anyio import fail_after

from pinmark.settings import Settings
from tests.support.servers import RunningServer, running_server
from tests.unit.test_limits import bomb

INTROSPECTION = "{ __schema { types { name } } }"


async def test_a_fragment_bomb_is_refused_at_once(server: RunningServer) -> None:
    with fail_after(60):
        answer = await server.graphql(bomb(40))

    [error] = answer["errors"]
    assert "data" not in answer
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["cost"] == 2**40


async def test_lists_inside_lists_are_refused_by_what_they_could_answer(
    server: RunningServer,
) -> None:
    inner = "nodes { id }"
    for _ in range(4):
        inner = f"nodes {{ environment {{ deployments(first: 100) {{ {inner} }} }} }}"

    answer = await server.graphql(f"{{ apps {{ nodes {{ environments {{ {inner} }} }} }} }}")

    assert answer["errors"][0]["extensions"]["maximumCost"] == 50_000


@pytest.mark.parametrize("query", [INTROSPECTION, '{ __type(name: "App") { name } }'])
async def test_production_keeps_the_schema_to_itself(
    settings: Settings, database_url: str, query: str
) -> None:
    production = settings.model_copy(update={"production": True})
    async with running_server(production, database_url) as server:
        refused = await server.graphql(query)
        served = await server.graphql("{ viewer { name } }")

    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert served["data"] == {"viewer": {"name": "owner"}}


async def test_elsewhere_the_schema_describes_itself(server: RunningServer) -> None:
    assert (await server.data(INTROSPECTION))["__schema"]["types"]
