"""Every list is a Relay connection: pages in both directions, cursors of its own, refusals."""

from typing import Any

import pytest

from models import App
from schema.ids import decode_id
from tests.support.apps import make_environment
from tests.support.worlds import World

FORWARD = "first: $first, after: $after"
BOTH = f"{FORWARD}, last: $last, before: $before"
PAGE = """
    edges { cursor node { %s } } nodes { %s } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
"""
APPS = "apps({args}) {{ {page} }}"
ENVIRONMENTS = 'app(name: "triage") {{ environments({args}) {{ {page} }} }}'

DEPLOYMENTS = 'environment(app: "triage", name: "staging") {{ deployments({args}) {{ {page} }} }}'
FILES = 'environment(app: "triage", name: "staging") {{ files({args}) {{ {page} }} }}'
LISTS = {
    "apps": (APPS, FORWARD, "name"),
    "environments": (ENVIRONMENTS, FORWARD, "name"),
    "deployments": (DEPLOYMENTS, BOTH, "version"),
    "files": (FILES, FORWARD, "path"),
    "members": ("members({args}) {{ {page} }}", FORWARD, "name"),
    "customRoles": ("customRoles({args}) {{ {page} }}", FORWARD, "name"),
    "invitations": ("invitations({args}) {{ {page} }}", FORWARD, "email"),
    "serviceTokens": ("serviceTokens({args}) {{ {page} }}", FORWARD, "name"),
}
DECLARED = {"first": "Int", "after": "String", "last": "Int", "before": "String"}


def query_of(template: str, arguments: str, item: str) -> str:
    page = PAGE % (item, item)
    used = [name for name in DECLARED if f"${name}" in arguments]
    variables = ", ".join(f"${name}: {DECLARED[name]}" for name in used)
    return f"query ({variables}) {{ {template.format(args=arguments, page=page)} }}"


def innermost(data: dict[str, Any]) -> dict[str, Any]:
    while "edges" not in data:
        (data,) = data.values()
    return data


async def page_of(world: World, name: str, **variables: Any) -> dict[str, Any]:
    return innermost(await world.server.data(query_of(*LISTS[name]), **variables))


async def code_of(world: World, query: str, **variables: Any) -> str:
    answer = await world.server.graphql(query, **variables)
    (error,) = answer["errors"]
    return error["extensions"]["code"]


@pytest.mark.parametrize("name", LISTS)
async def test_pages_forward_give_the_whole_list_once(world: World, name: str) -> None:
    whole = await page_of(world, name)
    assert len(whole["nodes"]) == whole["totalCount"] > 1
    found: list[Any] = []
    after = None
    while True:
        page = await page_of(world, name, first=1, after=after)
        assert page["totalCount"] == whole["totalCount"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        found += page["nodes"]
        info = page["pageInfo"]
        assert info["startCursor"] == info["endCursor"] == page["edges"][0]["cursor"]
        assert info["hasPreviousPage"] == (after is not None)
        if not info["hasNextPage"]:
            break
        after = info["endCursor"]
    assert found == whole["nodes"]


async def test_pages_backward_give_the_whole_history_once(world: World) -> None:
    whole = await page_of(world, "deployments")
    assert [node["version"] for node in whole["nodes"]] == [2, 1]
    last = await page_of(world, "deployments", last=1)
    assert last["nodes"] == [{"version": 1}]
    assert last["pageInfo"]["hasPreviousPage"]
    assert not last["pageInfo"]["hasNextPage"]
    before = await page_of(world, "deployments", last=5, before=last["pageInfo"]["startCursor"])
    assert before["nodes"] == [{"version": 2}]
    assert before["pageInfo"]["hasNextPage"]
    assert not before["pageInfo"]["hasPreviousPage"]


async def test_both_ends_bound_a_page(world: World) -> None:
    edges = (await page_of(world, "deployments"))["edges"]
    between = await page_of(
        world, "deployments", after=edges[0]["cursor"], before=edges[1]["cursor"]
    )
    assert between["nodes"] == []
    assert between["totalCount"] == 2


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_of_none_counts_all_the_same(world: World, name: str) -> None:
    page = await page_of(world, name, first=0)
    assert page["nodes"] == page["edges"] == []
    assert page["totalCount"] > 1
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [-1, 101, 2**31 - 1, -(2**31)])
async def test_a_page_of_another_size_is_refused(world: World, name: str, size: int) -> None:
    assert await code_of(world, query_of(*LISTS[name]), first=size) == "INVALID_INPUT"


@pytest.mark.parametrize("sizes", [{"last": -1}, {"last": 101}, {"first": 1, "last": 1}])
async def test_a_page_backward_has_the_same_bounds(world: World, sizes: dict[str, int]) -> None:
    query = query_of(*LISTS["deployments"])
    assert await code_of(world, query, **sizes) == "INVALID_INPUT"


JUNK = ["", "junk", "é", "\0", "=", "W10", "bnVsbA", "x" * 2000, "WyJhcHBzIixudWxsXQ", "🦄"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("cursor", JUNK, ids=lambda cursor: repr(cursor)[:12])
async def test_a_cursor_of_no_list_is_refused(world: World, name: str, cursor: str) -> None:
    assert await code_of(world, query_of(*LISTS[name]), after=cursor) == "INVALID_CURSOR"


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_of_another_list_is_refused(world: World, name: str) -> None:
    for other in LISTS:
        if other != name:
            foreign = (await page_of(world, other))["pageInfo"]["endCursor"]
            code = await code_of(world, query_of(*LISTS[name]), after=foreign)
            assert code == "INVALID_CURSOR"


async def test_a_list_has_twenty_items_unless_told_and_a_hundred_at_most(world: World) -> None:
    async with world.installation.database.moment() as session:
        app = await session.get_one(App, decode_id("App", world.apps["lost"]))
    for number in range(101):
        await make_environment(world.installation, world.owner, app, f"made-{number:03}")
    query = query_of(ENVIRONMENTS.replace("triage", "lost"), FORWARD, "name")

    async def page(**variables: Any) -> dict[str, Any]:
        return innermost(await world.server.data(query, **variables))

    unless_told = await page()
    assert (len(unless_told["nodes"]), unless_told["totalCount"]) == (20, 103)
    assert unless_told["pageInfo"]["hasNextPage"]
    hundred = await page(first=100)
    assert len(hundred["nodes"]) == 100
    assert len((await page(after=hundred["pageInfo"]["endCursor"]))["nodes"]) == 3


@pytest.mark.parametrize("path", ["agentmark", "agentmark/", "agentmark/tickets.jsonl"])
async def test_files_are_narrowed_to_a_folder_or_a_file(world: World, path: str) -> None:
    query = """query ($path: String) {
      environment(app: "triage", name: "staging") {
        files(path: $path) { nodes { path kind size digest } }
      }
    }"""
    data = await world.server.data(query, path=path)
    paths = [node["path"] for node in data["environment"]["files"]["nodes"]]
    whole = ["agentmark/tickets.jsonl", "agentmark/triage.prompt.mdx"]
    assert paths == (whole if path.startswith("agentmark") and "." not in path else whole[:1])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", None),
        ("/", None),
        ("%", None),
        ("_", None),
        ("..", None),
        ("a\0b", "INVALID_INPUT"),
        ("x" * 5000, "INVALID_INPUT"),
    ],
    ids=lambda value: repr(value)[:12],
)
async def test_a_strange_path_finds_no_file(world: World, path: str, code: str | None) -> None:
    query = """query ($path: String) {
      environment(app: "triage", name: "staging") { files(path: $path) { totalCount } }
    }"""
    answer = await world.server.graphql(query, path=path)
    if code is None:
        assert answer["data"]["environment"]["files"]["totalCount"] == 0
    else:
        assert answer["errors"][0]["extensions"]["code"] == code
