"""Files over GraphQL: one and many, with their texts, to those who may read them."""

import pytest
from graphql import parse

from pinmark.limits import MAXIMUM_COST, cost_of
from services import tokens
from services.principals import ALL_PERMISSIONS, Permission
from tests.support.queries import recorded_queries
from tests.support.samples import FIRST_COMMIT
from tests.support.worlds import World

FILE = """
query ($path: String!, $name: String! = "staging") {
  environment(app: "triage", name: $name) {
    pin { version } contentCommit { sha }
    file(path: $path) { path kind size digest content rowCount }
  }
}
"""
FILES = """
query ($first: Int) {
  environment(app: "triage", name: "staging") {
    files(first: $first) { totalCount nodes { path content rowCount } }
  }
}
"""


async def test_a_file_is_answered_with_its_text(world: World) -> None:
    answer = await world.server.data(FILE, path="agentmark/tickets.jsonl")
    file = answer["environment"]["file"]
    content = FIRST_COMMIT["agentmark/tickets.jsonl"] or b""
    assert (file["content"], file["rowCount"]) == (content.decode(), 1)
    assert (file["size"], file["kind"]) == (len(content), "DATASET")
    prompt = await world.server.data(FILE, path="agentmark/triage.prompt.mdx")
    assert prompt["environment"]["file"]["rowCount"] is None
    assert prompt["environment"]["pin"] == {"version": 2}


async def test_what_is_not_served_is_null(world: World) -> None:
    for path in ("agentmark/absent.mdx", "README.md", "", "/", "é"):
        assert (await world.server.data(FILE, path=path))["environment"]["file"] is None
    empty = await world.server.data(FILE, path="agentmark.json", name="empty")
    assert empty["environment"]["file"] is None
    refused = await world.server.graphql(FILE, path="\x00")
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_many_files_and_their_texts_cost_as_many_statements_as_one(world: World) -> None:
    alone, together = await statements(world, 1), await statements(world, 20)
    assert together <= alone + 1  # the one that counts rows


async def statements(world: World, first: int) -> int:
    with recorded_queries() as sent:
        await world.server.data(FILES, first=first)
    return len([statement for statement in sent if "blob" in statement or "entry" in statement])


async def test_one_file_of_every_environment_is_one_statement(world: World) -> None:
    query = """{ app(name: "triage") { environments(first: 10) { nodes {
      name file(path: "agentmark.json") { content }
    } } } }"""
    with recorded_queries() as sent:
        answer = await world.server.data(query)
    assert len([statement for statement in sent if "snapshotentry" in statement]) == 1
    assert len([statement for statement in sent if "FROM blob" in statement]) == 1
    nodes = answer["app"]["environments"]["nodes"]
    texts = {each["name"]: each["file"] and each["file"]["content"] for each in nodes}
    configuration = (FIRST_COMMIT["agentmark.json"] or b"").decode()
    assert texts["staging"] == texts["dev"] == configuration
    assert texts["empty"] is None


@pytest.mark.parametrize(
    ("lacking", "seen"),
    [
        (Permission.TEMPLATE_READ, ["agentmark/tickets.jsonl"]),
        (Permission.DATASET_READ, ["agentmark.json", "agentmark/triage.prompt.mdx"]),
    ],
)
async def test_files_are_listed_to_those_who_may_read_them(
    world: World, monkeypatch: pytest.MonkeyPatch, lacking: Permission, seen: list[str]
) -> None:
    monkeypatch.setattr(tokens, "ALL_PERMISSIONS", ALL_PERMISSIONS - {lacking})
    files = (await world.server.data(FILES))["environment"]["files"]
    assert [each["path"] for each in files["nodes"]] == seen
    assert files["totalCount"] == len(seen)
    for path in ("agentmark/tickets.jsonl", "agentmark/triage.prompt.mdx"):
        answer = await world.server.graphql(FILE, path=path)
        if path in seen:
            assert answer["data"]["environment"]["file"]["path"] == path
        else:
            assert answer["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
            assert lacking.value in answer["errors"][0]["message"]


async def test_who_may_read_no_content_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ALL_PERMISSIONS - {Permission.TEMPLATE_READ, Permission.DATASET_READ}
    monkeypatch.setattr(tokens, "ALL_PERMISSIONS", kept)
    answer = await world.server.graphql(FILES)
    assert answer["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def test_the_lines_of_a_file_are_told_to_those_who_may_read_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """query ($source: ID!, $target: ID!, $path: String!) {
      comparison(sourceId: $source, targetId: $target) { fileDiff(path: $path) { unavailable } }
    }"""
    sides = {
        "source": world.environments["triage/dev"],
        "target": world.environments["triage/staging"],
    }
    told = await world.server.data(query, **sides, path="agentmark/tickets.jsonl")
    assert told["comparison"]["fileDiff"] == {"unavailable": None}
    monkeypatch.setattr(tokens, "ALL_PERMISSIONS", ALL_PERMISSIONS - {Permission.DATASET_READ})
    refused = await world.server.graphql(query, **sides, path="agentmark/tickets.jsonl")
    assert refused["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    assert "errors" not in await world.server.graphql(query, **sides, path="agentmark.json")
    assert "errors" not in await world.server.graphql(query, **sides, path="README.md")


def test_texts_weigh_what_they_take() -> None:
    document = parse("{ a { files(first: 49) { nodes { content } } } }")
    assert 49_000 < cost_of(document, {}) <= MAXIMUM_COST
    document = parse("{ a { files(first: 50) { nodes { content } } } }")
    assert cost_of(document, {}) > MAXIMUM_COST
    assert cost_of(parse("{ comparison { content { counts { added } } } }"), {}) == 4
