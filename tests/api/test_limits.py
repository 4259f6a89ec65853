"""Documents that ask for too much are refused before anything works on them."""

import re

import orjson
import pytest
from anyio import fail_after

from pinmark.limits import MAXIMUM_COST
from pinmark.settings import Settings
from tests.support.servers import RunningServer, running_server
from tests.unit.test_limits import bomb

INTROSPECTION = "{ __schema { types { name } } }"


async def test_a_fragment_bomb_is_refused_at_once(server: RunningServer) -> None:
    with fail_after(60):
        answer = await server.graphql(bomb(40))

    [error] = answer["errors"]
    assert "data" not in answer
    weighed = {"requested": 2**40, "budget": MAXIMUM_COST}
    assert error["extensions"] == {"code": "COST_EXCEEDED", "cost": weighed}
    assert answer["extensions"] == {"cost": weighed}
    assert str(2**40) in error["message"]


async def test_lists_inside_lists_are_refused_by_what_they_could_answer(
    server: RunningServer,
) -> None:
    inner = "nodes { id }"
    for _ in range(4):
        inner = f"nodes {{ environment {{ deployments(first: 100) {{ {inner} }} }} }}"

    answer = await server.graphql(f"{{ apps {{ nodes {{ environments {{ {inner} }} }} }} }}")

    [error] = answer["errors"]
    assert error["extensions"]["code"] == "COST_EXCEEDED"
    assert error["extensions"]["cost"]["requested"] > error["extensions"]["cost"]["budget"]


PAGE = """query ($first: Int, $inner: Int) {
  apps(first: $first) { nodes { environments(first: $inner) { nodes { name } } } }
}"""
OF_PAGE = 1 + 3 * (1 + 1 + 4 * (1 + 1))


async def test_every_answer_says_what_it_cost_and_what_it_might_have(
    server: RunningServer,
) -> None:
    weighed = {"cost": {"requested": OF_PAGE, "budget": MAXIMUM_COST}}

    answer = await server.graphql(PAGE, first=3, inner=4)
    wrong = await server.graphql("{ apps(first: -1) { totalCount } }")
    unknown = await server.graphql("{ apps { nothing } }")

    assert answer["extensions"] == weighed
    assert wrong["errors"][0]["path"] == ["apps"]
    assert wrong["extensions"]["cost"]["requested"] == 1
    assert unknown["extensions"]["cost"]["requested"] == 21


async def test_a_document_that_was_good_is_weighed_anew_for_other_pages(
    server: RunningServer,
) -> None:
    deep = PAGE.replace("name", "deployments(first: $inner) { nodes { id } }")
    small = [await server.graphql(deep, first=3, inner=4) for _ in range(3)]
    large = [await server.graphql(deep, first=100, inner=100) for _ in range(2)]
    wrong = [await server.graphql(deep, first="three") for _ in range(2)]

    assert small[0]["data"] is not None
    assert small == 3 * small[:1]
    assert {each["errors"][0]["extensions"]["code"] for each in large} == {"COST_EXCEEDED"}
    assert large[0] == large[1]
    assert "data" not in large[0]
    assert {each["errors"][0]["extensions"]["code"] for each in wrong} == {"BAD_USER_INPUT"}
    assert wrong[0] == wrong[1]


async def test_an_answer_on_a_socket_or_a_stream_says_its_cost_too(server: RunningServer) -> None:
    weighed = {"cost": {"requested": 2, "budget": MAXIMUM_COST}}
    stream = await server.client.post(
        "/graphql",
        json={"query": "{ viewer { name } }"},
        headers={"Authorization": f"Bearer {server.token}", "Accept": "text/event-stream"},
    )
    async with server.socket() as socket:
        payload = {"query": "{ viewer { name } }"}
        await socket.send({"id": "1", "type": "subscribe", "payload": payload})
        message = await socket.receive()

    assert message["payload"]["extensions"] == weighed
    (told,) = re.findall("^data: (.+)$", stream.text, re.MULTILINE)
    assert orjson.loads(told)["extensions"] == weighed


@pytest.mark.parametrize("query", [INTROSPECTION, '{ __type(name: "App") { name } }'])
async def test_production_keeps_the_schema_to_itself(
    settings: Settings, database_url: str, query: str
) -> None:
    production = settings.model_copy(update={"production": True})
    async with running_server(production, database_url) as server:
        refused = await server.graphql(query)
        served = await server.graphql("{ viewer { name } }")

        page = await server.client.get("/graphiql", follow_redirects=True)
        contract = await server.client.get("/schema.graphql")

    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert served["data"] == {"viewer": {"name": "owner"}}
    assert "GraphiQL" not in page.text
    assert contract.status_code == 404


SLIPS = [
    "{ viewr { name } }",
    "{ viewer { nam } }",
    "{ ... on Environmen { name } }",
    '{ app(nam: "a") { id } }',
    "query ($a: Strin) { viewer { name } }",
    "{ viewer { name @skp(if: true) } }",
    "{ ...F } fragment F on Quer { __typename }",
    'mutation { createApp(input: {nme: "a"}) { __typename } }',
]


async def test_production_suggests_no_name_of_the_schema_and_elsewhere_it_is_told(
    settings: Settings, database_url: str
) -> None:
    told: dict[bool, list[str]] = {}
    for production in (False, True):
        given = settings.model_copy(update={"production": production})
        async with running_server(given, database_url, with_worker=False) as server:
            answers = [await server.graphql(slip) for slip in SLIPS]
        told[production] = [answer["errors"][0]["message"] for answer in answers]

    assert sum("Did you mean" in message for message in told[False]) >= 5
    for with_suggestion, without in zip(told[False], told[True], strict=True):
        assert without == with_suggestion.partition(" Did you mean")[0]


async def test_a_batch_is_refused_and_told_why(server: RunningServer) -> None:
    one = {"query": "{ viewer { name } }"}
    answer = await server.client.post(
        "/graphql", json=[one, one], headers={"Authorization": f"Bearer {server.token}"}
    )

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "one operation a request" in error["message"]


async def test_elsewhere_the_schema_describes_itself(server: RunningServer) -> None:
    assert (await server.data(INTROSPECTION))["__schema"]["types"]
