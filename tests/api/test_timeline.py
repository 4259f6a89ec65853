"""What ran when, as clients ask it."""

from datetime import timedelta
from typing import Any

from models import Environment
from schema.ids import encode_id
from tests.support.callers import Caller
from tests.support.servers import RunningServer

INTERVAL = "{ from to version commit { sha } deployment { id kind } }"


async def ask(server: RunningServer, environment: Environment, selection: str) -> Any:
    """The whole answer to what is asked of an environment, errors included."""
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Environment {{ {selection} }} }} }}"
    return await server.graphql(query, id=encode_id("Environment", environment.id))


async def told(server: RunningServer, environment: Environment, selection: str) -> Any:
    answer = await ask(server, environment, selection)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["node"]


async def test_every_instant_has_the_version_that_was_served(
    idle_server: RunningServer, caller: Caller, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)
    second = await caller.release(dev, staging)
    assert first.settled_at is not None
    assert second.settled_at is not None

    now = await told(idle_server, staging, f"pin {{ since }} timeline {{ nodes {INTERVAL} }}")
    newest, oldest = now["timeline"]["nodes"]
    assert newest["from"] == now["pin"]["since"] == oldest["to"]
    assert newest["to"] is None
    assert (oldest["version"], newest["version"]) == (1, 2)
    assert oldest["commit"] == {"sha": first.commit_sha}
    assert oldest["deployment"] == {"id": encode_id("Deployment", first.id), "kind": "PROMOTION"}

    for time, expected in (
        (first.settled_at - timedelta(microseconds=1), None),
        (first.settled_at, oldest),
        (second.settled_at - timedelta(microseconds=1), oldest),
        (second.settled_at, newest),
    ):
        asked = f'versionAt(time: "{time.isoformat()}") {INTERVAL}'
        assert (await told(idle_server, staging, asked))["versionAt"] == expected


async def test_a_timeline_is_paged_and_outlives_its_environment(
    idle_server: RunningServer, caller: Caller, dev: Environment, staging: Environment
) -> None:
    for _ in range(3):
        await caller.release(dev, staging)
    deleted = await caller.delete(staging)
    assert deleted.deleted_at is not None

    page = "totalCount nodes { version to } pageInfo { hasNextPage endCursor }"
    first = (await told(idle_server, staging, f"timeline(first: 2) {{ {page} }}"))["timeline"]
    assert [each["version"] for each in first["nodes"]] == [3, 2]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    cursor = first["pageInfo"]["endCursor"]
    rest = await told(idle_server, staging, f'timeline(after: "{cursor}") {{ {page} }}')
    assert [each["version"] for each in rest["timeline"]["nodes"]] == [1]

    after = f'versionAt(time: "{deleted.deleted_at.isoformat()}") {{ version }}'
    assert (await told(idle_server, staging, after))["versionAt"] is None


async def test_dev_tells_its_content_and_no_version(
    idle_server: RunningServer, dev: Environment
) -> None:
    nodes = (await told(idle_server, dev, f"timeline {{ nodes {INTERVAL} }}"))["timeline"]["nodes"]
    assert [(each["version"], each["deployment"]["kind"]) for each in nodes] == [(None, "PUSH")]


async def test_times_that_cannot_be_meant_are_refused_with_a_code(
    idle_server: RunningServer, staging: Environment
) -> None:
    for asked in (
        'versionAt(time: "2999-01-01T00:00:00Z") { version }',
        'versionAt(time: "2025-01-01T00:00:00") { version }',
        'versionAt(time: "0001-01-01T00:00:00+14:00") { version }',
        'timeline(from: "2999-01-01T00:00:00Z") { totalCount }',
        'timeline(to: "2999-01-01T00:00:00Z") { totalCount }',
        'timeline(from: "2025-01-02T00:00:00Z", to: "2025-01-01T00:00:00Z") { totalCount }',
    ):
        answer = await ask(idle_server, staging, asked)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT", (asked, answer)
