"""Requests that are no operation, or one that may not run: a code, never a crash."""

import json
from typing import Any

import httpx2
import pytest

from tests.support.worlds import World

GRAPHQL_JSON = "application/graphql-response+json"
VIEWER = "{ viewer { name } }"


async def post(
    world: World, content: bytes | str, *, token: str | None = None, **headers: str
) -> httpx2.Response:
    given = {
        "Authorization": f"Bearer {token or world.server.token}",
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await world.server.client.post("/graphql", content=content, headers=given)


def code_of(response: httpx2.Response) -> str:
    answer = response.json()
    assert "data" not in answer
    (error, *_) = answer["errors"]
    return error["extensions"]["code"]


NOT_JSON = [
    b"",
    b"not JSON",
    b"{",
    b"\xff\xfe",
    b'{"query": "\\ud800"}',
    b'{"query": NaN}',
    b'{"query": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body)[:24])
async def test_a_body_that_is_not_json_is_a_bad_request(world: World, body: bytes) -> None:
    response = await post(world, body)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


NO_OPERATION = [
    "[]",
    "null",
    "1",
    '"text"',
    "9" * 5000,
    "{}",
    '{"query": null}',
    '{"query": 1}',
    '{"query": ["a"]}',
    '{"query": "{ viewer { name } }", "variables": []}',
    '{"query": "{ viewer { name } }", "variables": "x"}',
    '{"query": "{ viewer { name } }", "operationName": 1}',
    '[{"query": "{ viewer { name } }"}]',
]


@pytest.mark.parametrize("body", NO_OPERATION, ids=lambda body: body[:40])
async def test_json_that_is_no_operation_is_a_bad_request(world: World, body: str) -> None:
    response = await post(world, body)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/graphql",
        "multipart/form-data; boundary=x",
        "",
        "application/jsonx",
    ],
)
async def test_another_content_type_is_refused(world: World, content_type: str) -> None:
    response = await post(world, "{}", Content_Type=content_type)
    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post_runs_operations(world: World, method: str) -> None:
    response = await world.server.client.request(method, "/graphql", params={"query": VIEWER})
    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", "Basic b3duZXI6", "Bearer " + "x" * 10_000, "\u00e9"],
    ids=lambda value: value[:12],
)
async def test_a_missing_or_wrong_token_is_unauthenticated(
    world: World, authorization: str
) -> None:
    headers = {"Authorization": authorization.encode("latin-1")} if authorization else {}
    response = await world.server.client.post(
        "/graphql",
        content=b"not even JSON",
        headers={b"Content-Type": b"application/json"}
        | {name.encode(): value for name, value in headers.items()},
    )
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_body_too_large_is_refused(world: World) -> None:
    response = await post(world, b'{"query": "' + b"x" * 10_000_000 + b'"}')
    assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")
    assert (await world.server.data(VIEWER))["viewer"] == {"name": "owner"}


async def test_a_note_of_ten_megabytes_is_too_large_and_a_long_one_is_refused(
    world: World,
) -> None:
    query = """mutation ($input: PromoteEnvironmentInput!) {
      promoteEnvironment(input: $input) { __typename ... on UserError { code path } }
    }"""
    ids = {
        "sourceId": world.environments["triage/dev"],
        "targetId": world.environments["triage/empty"],
    }
    answer = await world.server.graphql(query, input={**ids, "note": "n" * 10_000_000})
    assert answer["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"
    answer = await world.server.data(query, input={**ids, "note": "n" * 3000})
    assert answer["promoteEnvironment"] == {
        "__typename": "InvalidInputError",
        "code": "INVALID_INPUT",
        "path": ["input", "note"],
    }


def nested(depth: int) -> str:
    inner = "{ app { name } }"
    for _ in range(depth):
        inner = f"{{ app {{ environments {{ nodes {inner} }} }} }}"
    return f'{{ environment(app: "triage", name: "dev") {inner} }}'


def aliased(count: int) -> str:
    return "{ " + " ".join(f"a{number}: viewer {{ name }}" for number in range(count)) + " }"


def fragments(count: int, *, spreads: int) -> str:
    """Fragments that each spread the next so many times."""
    middle = [
        f"fragment F{n} on Viewer {{ {f'...F{n + 1} ' * spreads} }}" for n in range(count - 1)
    ]
    last = f"fragment F{count - 1} on Viewer {{ name }}"
    return " ".join(["{ viewer { ...F0 } }", *middle, last])


UNRUNNABLE = {
    "empty": "",
    "blank": "  ",
    "comment": "# nothing",
    "syntax": "{ viewer",
    "nul": "{ viewer\0 { name } }",
    "unknown field": "{ viewer { password } }",
    "no operation": "fragment A on Viewer { name }",
    "two unnamed": "{ viewer { name } } { viewer { name } }",
    "subscription": 'subscription { appEvents(appId: "x") { cursor } }',
    "4001 tokens": "{ viewer { " + "name " * 4000 + "} }",
    "51 aliases": aliased(51),
    "too deep": nested(20),
    "very deep": "{ viewer " * 1500,
    "deep list": "{ nodes(ids: " + "[" * 1500 + "]" * 1500 + ") { id } }",
    "deep value": "{ app(name: " + "{a: " * 900 + "1" + "}" * 900 + ") { id } }",
    "doubling fragments": fragments(40, spreads=2),
    "a chain of fragments": fragments(400, spreads=1),
    "unknown fragment": "{ viewer { ...A } }",
    "unknown fragment in a fragment": "{ viewer { ...A } } fragment A on Viewer { name ...B }",
    "unused fragment": "{ viewer { name } } fragment A on Viewer { name }",
    "two fragments of a name": "{ viewer { ...A } } "
    + "fragment A on Viewer { name } fragment A on Viewer { name }",
    "endless fragments": "{ viewer { ...A } } fragment A on Viewer { ...A }",
    "missing argument": "{ app { name } }",
    "type system": "type Query { a: Int }",
    "huge integer": "{ apps(first: " + "9" * 5000 + ") { totalCount } }",
    "float": "{ apps(first: 1.5) { totalCount } }",
    "just past an int": "{ apps(first: 2147483648) { totalCount } }",
    "wrong directive": "{ viewer @nothing { name } }",
}


@pytest.mark.parametrize("query", UNRUNNABLE.values(), ids=UNRUNNABLE)
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (GRAPHQL_JSON, 400)])
async def test_what_cannot_run_is_told_so(
    world: World, query: str, accept: str, status: int
) -> None:
    response = await world.server.client.post(
        "/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {world.server.token}", "Accept": accept},
    )
    assert code_of(response) in {"GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT", "COST_EXCEEDED"}
    assert response.status_code == status
    assert response.headers["content-type"].startswith(accept)
    assert len(response.content) < 20_000


async def test_limits_allow_what_is_just_within(world: World) -> None:
    assert len(await world.server.data(aliased(50))) == 50
    within = await world.server.data(fragments(11, spreads=2))
    assert within == {"viewer": {"name": "owner"}}


@pytest.mark.parametrize(
    "extra",
    [{"operationName": "B"}, {"operationName": ""}, {"operationName": "\0"}],
    ids=repr,
)
async def test_an_unknown_operation_name_is_told_so(world: World, extra: dict[str, str]) -> None:
    response = await world.server.client.post(
        "/graphql",
        json={"query": "query A { viewer { name } } query C { viewer { name } }", **extra},
        headers={"Authorization": f"Bearer {world.server.token}"},
    )
    assert code_of(response) == "BAD_USER_INPUT"


WRONG_VARIABLES: list[dict[str, Any]] = [
    {},
    {"name": None},
    {"name": 1},
    {"name": ["triage"]},
    {"name": {"a": 1}},
    {"name": True},
    {"name": "triage", "first": "1"},
    {"name": "triage", "first": 2**31},
    {"name": "triage", "first": -(2**31) - 1},
    {"name": "triage", "first": 1.5},
    {"name": "triage", "first": 10**400},
]


@pytest.mark.parametrize("variables", WRONG_VARIABLES, ids=lambda value: repr(value)[:40])
async def test_a_variable_of_another_type_is_told_so(
    world: World, variables: dict[str, Any]
) -> None:
    query = """query ($name: String!, $first: Int) {
      app(name: $name) { environments(first: $first) { totalCount } }
    }"""
    response = await post(world, json.dumps({"query": query, "variables": variables}))
    assert code_of(response) in {"BAD_USER_INPUT", "BAD_REQUEST"}
