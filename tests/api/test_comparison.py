"""What a promotion would change, as clients are told it, and promoting exactly that."""

import shutil
from typing import Any

from anyio import to_thread

from models import App, Environment
from schema.ids import encode_id
from tests.support.apps import make_environment, push, settle_all
from tests.support.callers import Caller
from tests.support.comparisons import (
    BUILD,
    CODE,
    COMMITS,
    FILES,
    SIDES,
    ask_comparison,
    comparison_of,
    gid,
)
from tests.support.mutations import mutate
from tests.support.queries import recorded_queries
from tests.support.repositories import Repository
from tests.support.samples import DATASET, INVALID_CONTENT, PROMPT, WITH_HANDLER
from tests.support.servers import RunningServer


async def test_before_the_first_promotion_everything_is_new(
    idle_server: RunningServer, dev: Environment, staging: Environment, repository: Repository
) -> None:
    told = await comparison_of(idle_server, dev, staging, SIDES + COMMITS + FILES + CODE)

    assert (told["source"], told["target"]) == ({"name": "dev"}, {"name": "staging"})
    assert (told["sourceVersion"], told["targetVersion"]) == (0, 0)
    assert (told["sourceCommit"], told["targetCommit"]) == ({"sha": repository.head}, None)
    assert told["commitRelation"] == "FIRST"
    assert [each["sha"] for each in told["commits"]["nodes"]] == [repository.head]
    assert {each["path"]: each["change"] for each in told["content"]["files"]["nodes"]} == {
        "agentmark.json": "ADDED",
        "agentmark/tickets.jsonl": "ADDED",
        "agentmark/triage.prompt.mdx": "ADDED",
    }
    assert told["code"]["files"]["nodes"] == [{"path": "README.md", "change": "ADDED"}]


async def test_files_are_told_by_kind_with_the_rows_of_datasets(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    await caller.release(dev, staging)
    repository.commit(
        {
            "agentmark/tickets.jsonl": DATASET * 3 + b"\n  \n",
            "agentmark/triage.prompt.mdx": None,
            "agentmark/tone.mdx": b"Be kind.\n",
            "agentmark/ticket.json": b"{}",
            "README.md": b"Another text.\n",
            **WITH_HANDLER,
        }
    )
    await push(caller.installation, app)

    told = await comparison_of(
        idle_server,
        dev,
        staging,
        FILES + CODE + " content { counts { kind added changed removed } }",
    )

    size = len(DATASET)
    assert told["content"]["files"]["nodes"] == [
        {
            "path": "agentmark/ticket.json",
            "kind": "SCHEMA",
            "change": "ADDED",
            "before": None,
            "after": {"size": 2, "rows": None},
        },
        {
            "path": "agentmark/tickets.jsonl",
            "kind": "DATASET",
            "change": "CHANGED",
            "before": {"size": size, "rows": 1},
            "after": {"size": 3 * size + 4, "rows": 3},
        },
        {
            "path": "agentmark/tone.mdx",
            "kind": "COMPONENT",
            "change": "ADDED",
            "before": None,
            "after": {"size": 9, "rows": None},
        },
        {
            "path": "agentmark/triage.prompt.mdx",
            "kind": "PROMPT",
            "change": "REMOVED",
            "before": {"size": len(PROMPT), "rows": None},
            "after": None,
        },
    ]
    assert told["content"]["counts"] == [
        {"kind": "PROMPT", "added": 0, "changed": 0, "removed": 1},
        {"kind": "COMPONENT", "added": 1, "changed": 0, "removed": 0},
        {"kind": "DATASET", "added": 0, "changed": 1, "removed": 0},
        {"kind": "SCHEMA", "added": 1, "changed": 0, "removed": 0},
        {"kind": "CONFIGURATION", "added": 0, "changed": 0, "removed": 0},
    ]
    assert told["code"] == {
        "unavailableReason": None,
        "files": {
            "totalCount": 2,
            "nodes": [
                {"path": "README.md", "change": "CHANGED"},
                {"path": "handler.py", "change": "ADDED"},
            ],
        },
    }


async def test_changes_are_paged_by_path_and_narrowed(
    idle_server: RunningServer, dev: Environment, staging: Environment
) -> None:
    def files(arguments: str) -> str:
        return (
            f"content {{ files({arguments}) {{ totalCount nodes {{ path }}"
            " pageInfo { hasNextPage endCursor } } }"
        )

    first = (await comparison_of(idle_server, dev, staging, files("first: 2")))["content"]["files"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    cursor = first["pageInfo"]["endCursor"]
    rest = await comparison_of(idle_server, dev, staging, files(f'first: 2, after: "{cursor}"'))
    paths = [each["path"] for each in first["nodes"] + rest["content"]["files"]["nodes"]]
    assert paths == ["agentmark.json", "agentmark/tickets.jsonl", "agentmark/triage.prompt.mdx"]

    narrowed = await comparison_of(idle_server, dev, staging, files("kind: PROMPT, change: ADDED"))
    assert [each["path"] for each in narrowed["content"]["files"]["nodes"]] == paths[2:]
    refused = await ask_comparison(idle_server, dev, staging, files('after: "junk"'))
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_commits_are_the_heads_that_dev_was_given_between_the_two(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    await caller.release(dev, staging)
    repository.commit({"agentmark/a.mdx": b"a"}, message="Unseen, for it is pushed with the next")
    second = repository.commit({"agentmark/b.mdx": b"b"}, message="Second")
    await push(caller.installation, app)
    third = repository.commit({"agentmark/c.mdx": b"c"}, message="Third")
    await push(caller.installation, app)

    told = await comparison_of(idle_server, dev, staging, COMMITS)
    assert told["commitRelation"] == "AHEAD"
    assert told["commits"] == {
        "totalCount": 2,
        "nodes": [{"sha": third, "message": "Third"}, {"sha": second, "message": "Second"}],
    }


async def test_a_source_that_is_behind_tells_the_commits_that_would_be_lost(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    await caller.release(dev, staging)
    newer = repository.commit({"agentmark/new.mdx": b"new"}, message="Newer")
    await push(caller.installation, app)
    await caller.release(dev, prod)

    told = await comparison_of(idle_server, staging, prod, SIDES + COMMITS + FILES)
    assert told["commitRelation"] == "BEHIND"
    assert told["commits"]["nodes"] == [{"sha": newer, "message": "Newer"}]
    assert [(each["path"], each["change"]) for each in told["content"]["files"]["nodes"]] == [
        ("agentmark/new.mdx", "REMOVED")
    ]


async def test_a_commit_forced_back_is_where_it_was_pushed_last(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    first = repository.head
    assert first is not None
    repository.commit({"agentmark/b.mdx": b"b"}, message="Second")
    await push(caller.installation, app)
    await caller.release(dev, staging)
    repository.force(first)
    await push(caller.installation, app)

    told = await comparison_of(idle_server, dev, staging, COMMITS)
    assert told["commitRelation"] == "AHEAD"
    assert [each["sha"] for each in told["commits"]["nodes"]] == [first]


async def test_the_same_commit_changes_nothing(
    idle_server: RunningServer, caller: Caller, dev: Environment, staging: Environment
) -> None:
    await caller.release(dev, staging)

    told = await comparison_of(idle_server, dev, staging, COMMITS + FILES + CODE)
    assert told["commitRelation"] == "SAME"
    assert told["commits"]["totalCount"] == 0
    assert told["content"]["files"]["totalCount"] == 0
    assert told["code"]["files"]["totalCount"] == 0


async def test_nothing_is_fetched_to_compare(
    idle_server: RunningServer,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    synced = repository.head
    repository.commit({"agentmark/unseen.mdx": b"new"})
    await to_thread.run_sync(shutil.rmtree, repository.path)

    for source in (dev, prod):  # one without a pin gives what dev synced last
        told = await comparison_of(idle_server, source, staging, SIDES + FILES + CODE + BUILD)
        assert told["sourceCommit"] == {"sha": synced}
        assert told["content"]["files"]["totalCount"] == 3


async def test_what_was_compared_is_promoted_or_refused(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    async def compared() -> dict[str, Any]:
        told = await comparison_of(idle_server, dev, staging, SIDES)
        return {
            "sourceId": gid(dev),
            "targetId": gid(staging),
            "expectedSourceCommit": told["sourceCommit"]["sha"],
            "expectedTargetVersion": told["targetVersion"],
        }

    async def promote(what: dict[str, Any]) -> str:
        answer = await mutate(idle_server, "promoteEnvironment", what)
        return answer["__typename"]

    seen = await compared()
    repository.commit({"agentmark/new.mdx": b"new"})
    assert await promote(seen) == "StaleSourceError"  # HEAD is fetched, and it moved
    await settle_all(caller.installation)

    seen = await compared()
    assert seen["expectedSourceCommit"] == repository.head
    await caller.release(dev, staging)
    assert await promote(seen) == "StaleTargetError"

    seen = await compared()
    assert seen["expectedTargetVersion"] == 1
    assert await promote(seen) == "PromoteEnvironmentSuccess"
    await settle_all(caller.installation)
    assert (await comparison_of(idle_server, dev, staging, SIDES))["targetVersion"] == 2


async def test_a_pinned_source_that_moved_is_stale_too(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    await caller.release(dev, staging)
    told = await comparison_of(idle_server, staging, prod, SIDES)
    repository.commit({"agentmark/new.mdx": b"new"})
    await caller.release(dev, staging)

    answer = await mutate(
        idle_server,
        "promoteEnvironment",
        {
            "sourceId": gid(staging),
            "targetId": gid(prod),
            "expectedSourceCommit": told["sourceCommit"]["sha"],
            "expectedTargetVersion": told["targetVersion"],
        },
    )
    assert (told["sourceVersion"], answer["__typename"]) == (1, "StaleSourceError")


async def test_absent_foreign_and_deleted_are_one_answer(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
) -> None:
    await caller.delete(prod)
    foreign = await caller.create_app("foreign")
    elsewhere = await make_environment(caller.installation, caller.principal, foreign, "staging")
    for source, target in ((dev, prod), (prod, staging), (dev, elsewhere), (elsewhere, staging)):
        assert await comparison_of(idle_server, source, target, SIDES) is None
    query = "query ($id: ID!, $junk: ID!) { comparison(sourceId: $id, targetId: $junk) { %s } }"
    for junk in ("", "junk", encode_id("App", app.id)):
        assert (await idle_server.data(query % SIDES, id=gid(dev), junk=junk))["comparison"] is None


async def test_what_can_never_be_promoted_is_refused_with_a_code(
    idle_server: RunningServer, dev: Environment, staging: Environment
) -> None:
    for source, target in ((staging, dev), (staging, staging)):
        answer = await ask_comparison(idle_server, source, target, SIDES)
        assert answer["data"] == {"comparison": None}
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_an_app_without_a_commit_has_nothing_to_compare(
    idle_server: RunningServer, caller: Caller
) -> None:
    bare = await caller.create_app("bare")
    one = await caller.create_environment(bare, "one")
    two = await caller.create_environment(bare, "two")

    told = await comparison_of(idle_server, one, two, SIDES + COMMITS + FILES + CODE + BUILD)
    assert (told["sourceCommit"], told["commitRelation"], told["commits"]) == (None, None, None)
    assert told["content"]["files"]["totalCount"] == 0
    assert told["code"]["files"] is None
    assert told["build"]["unavailableReason"] == "The source has nothing to promote yet."


async def test_content_that_did_not_validate_is_not_what_is_compared(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    synced = repository.head
    repository.commit(INVALID_CONTENT)
    await push(caller.installation, app)

    told = await comparison_of(idle_server, dev, staging, SIDES)
    assert told["sourceCommit"] == {"sha": synced}


async def test_a_comparison_costs_the_same_however_many_files_differ(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    repository.commit({"agentmark/one.mdx": b"x"})
    await push(caller.installation, app)
    selection = SIDES + FILES + COMMITS
    with recorded_queries() as few:
        await comparison_of(idle_server, dev, staging, selection)
    for number in range(3):
        repository.commit({f"agentmark/{number}-{n}.mdx": b"x" for n in range(5)})
        await push(caller.installation, app)
    with recorded_queries() as many:
        await comparison_of(idle_server, dev, staging, selection)
    assert len(many) == len(few)
