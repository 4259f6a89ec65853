"""Promises of what is refused before it costs anything."""

from tests.support.promises.asking import ANSWERED, VIEWER, Promise, Server, code_in, code_of
from tests.unit.test_limits import bomb, within_each_other

INTROSPECTION = "{ __schema { types { name } } }"
LISTS = """{ apps(first: 100) { nodes { environments(first: 100) { nodes {
  deployments(first: 100) { nodes { id } } } } } } }"""


async def refused(server: Server, query: str, *, naming: str) -> None:
    """The document is refused, and the refusal has the word."""
    answer = await server.ask(query)
    assert code_in(answer)
    assert naming in answer["errors"][0]["message"]


async def a_body_of_ten_megabytes_is_too_large(server: Server) -> None:
    body = {"query": VIEWER, "variables": {"a": "x" * 10_000_000}}
    assert code_of(await server.post(body), 413) == "PAYLOAD_TOO_LARGE"


async def a_document_of_four_thousand_tokens_is_refused(server: Server) -> None:
    await refused(server, "{ viewer { " + "name " * 4000 + "} }", naming="tokens")


async def a_document_too_deep_is_refused(server: Server) -> None:
    deep = "name"
    for _ in range(12):
        deep = f"environments(first: 0) {{ nodes {{ app {{ {deep} }} }} }}"
    await refused(server, f'{{ app(name: "a") {{ {deep} }} }}', naming="depth")


async def a_document_of_many_aliases_is_refused(server: Server) -> None:
    many = " ".join(f"a{number}: viewer {{ name }}" for number in range(51))
    await refused(server, f"{{ {many} }}", naming="aliases")


async def a_document_of_many_directives_is_refused(server: Server) -> None:
    await refused(
        server, f"{{ viewer {{ {'... @skip(if: false) { name } ' * 51} }} }}", naming="directives"
    )


async def a_field_repeated_over_and_over_is_refused(server: Server) -> None:
    await refused(server, f"{{ {'viewer { name } ' * 150} }}", naming="viewer")


async def fragments_that_explode_are_refused(server: Server) -> None:
    assert code_in(await server.ask(bomb(30))) == "COST_EXCEEDED"


async def fragments_that_spread_each_other_are_refused(server: Server) -> None:
    await refused(server, within_each_other(15), naming="F0")


async def lists_inside_lists_are_refused_by_their_cost(server: Server) -> None:
    answer = await server.ask(LISTS)
    assert code_in(answer) == "COST_EXCEEDED"
    cost = answer["errors"][0]["extensions"]["cost"]
    assert cost["requested"] > 100 * 100 * 100 > cost["budget"]


async def every_answer_says_what_it_cost(server: Server) -> None:
    answer = await server.ask(VIEWER)
    assert answer["data"] == ANSWERED
    cost = answer.get("extensions", {}).get("cost", {})
    assert set(cost) == {"requested", "budget"}


async def an_operation_ends_in_time(server: Server) -> None:
    answer = await server.ask('{ app(name: "slow") { name } }')
    assert code_in(answer) == "TIMEOUT"


async def in_production_the_schema_is_not_described(server: Server) -> None:
    assert code_in(await server.ask(INTROSPECTION))


async def in_production_there_is_no_page_to_explore_with(server: Server) -> None:
    for path in ("/graphql", "/graphiql", "/graphiql/"):
        answer = await server.client.get(path, headers={"Accept": "text/html"})
        assert "graphiql" not in answer.text.lower()


async def in_production_no_name_is_suggested(server: Server) -> None:
    answer = await server.ask("{ viewr { name } }")
    assert "Did you mean" not in str(answer)
    assert "viewer" not in str(answer)


async def a_bug_is_told_by_its_request_alone(server: Server) -> None:
    response = await server.post({"query": '{ app(name: "broken") { name } }'})
    assert "hunter2" not in response.text
    (error,) = response.json()["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]


LIMITS: tuple[Promise, ...] = (
    a_body_of_ten_megabytes_is_too_large,
    a_document_of_four_thousand_tokens_is_refused,
    a_document_too_deep_is_refused,
    a_document_of_many_aliases_is_refused,
    a_document_of_many_directives_is_refused,
    a_field_repeated_over_and_over_is_refused,
    fragments_that_explode_are_refused,
    fragments_that_spread_each_other_are_refused,
    lists_inside_lists_are_refused_by_their_cost,
    every_answer_says_what_it_cost,
    an_operation_ends_in_time,
    in_production_the_schema_is_not_described,
    in_production_there_is_no_page_to_explore_with,
    in_production_no_name_is_suggested,
    a_bug_is_told_by_its_request_alone,
)
