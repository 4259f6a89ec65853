"""Code, its build and the lines of a file, compared; and what is said where they cannot be."""

import shutil
from typing import Any

from anyio import to_thread

from models import App, Environment
from pinmark.settings import Settings
from tests.support.apps import push
from tests.support.callers import Caller
from tests.support.comparisons import BUILD, CODE, COMMITS, FILES, comparison_of, file_diff
from tests.support.repositories import Repository
from tests.support.samples import HANDLER, PROMPT, WITH_HANDLER
from tests.support.servers import RunningServer


async def test_without_a_copy_of_the_repository_content_is_told_and_code_is_not(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    settings: Settings,
) -> None:
    await caller.release(dev, staging)
    changed = repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"More.\n"})
    await push(caller.installation, app)
    mirrors = list(settings.data_dir.rglob(f"{app.id}.git"))
    assert mirrors
    for mirror in mirrors:
        await to_thread.run_sync(shutil.rmtree, mirror)

    told = await comparison_of(
        idle_server, dev, staging, FILES + CODE + BUILD + COMMITS + file_diff("README.md")
    )
    assert told["content"]["files"]["totalCount"] == 1
    assert told["commits"]["nodes"][0]["sha"] == changed
    reason = f"This server's copy of the repository does not hold commit {changed[:12]}."
    assert told["code"] == {"unavailableReason": reason, "files": None}
    assert told["build"] == {
        "wouldHitCache": None,
        "cacheDecision": None,
        "unavailableReason": reason,
    }
    assert (told["fileDiff"]["unavailable"], told["fileDiff"]["reason"]) == ("NOT_HERE", reason)
    shown = await comparison_of(idle_server, dev, staging, file_diff("agentmark/triage.prompt.mdx"))
    assert shown["fileDiff"]["unavailable"] is None


async def test_the_forecast_of_the_build_comes_true(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    async def foretold_and_decided(source: Environment, target: Environment) -> str:
        told = (await comparison_of(idle_server, source, target, BUILD))["build"]
        made = await caller.release(source, target)
        assert made.cache_decision is not None
        decision = told["cacheDecision"]
        assert (decision["kind"], decision["detail"], decision["key"]) == (
            made.cache_decision.value,
            made.cache_detail,
            made.cache_key,
        )
        assert told["wouldHitCache"] == (decision["kind"] == "HIT")
        return decision["kind"]

    assert await foretold_and_decided(dev, staging) == "NO_HANDLER"
    repository.commit(WITH_HANDLER)
    await push(caller.installation, app)
    assert await foretold_and_decided(dev, staging) == "MISS_NO_PREVIOUS_BUILD"
    assert await foretold_and_decided(staging, prod) == "HIT"
    repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"More.\n"})
    await push(caller.installation, app)
    assert await foretold_and_decided(dev, staging) == "HIT"
    repository.commit({"handler.py": HANDLER + b"\n# changed\n"})
    await push(caller.installation, app)
    assert await foretold_and_decided(dev, staging) == "MISS_CODE_CHANGED"
    repository.commit({"README.md": b"New.\n"}, message="Once more [force build]")
    await push(caller.installation, app)
    assert await foretold_and_decided(dev, staging) == "FORCED_REBUILD"


async def test_a_handler_that_is_not_there_is_foretold_in_words(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    repository.commit({"agentmark.json": b'{"version": "2.0.0", "handler": "gone.py"}'})
    await push(caller.installation, app)

    told = (await comparison_of(idle_server, dev, staging, BUILD))["build"]
    assert told["wouldHitCache"] is None
    assert told["unavailableReason"] == (
        "The build would fail: agentmark.json names the handler gone.py, which is not a file."
    )


async def test_a_file_is_compared_line_by_line(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    repository.commit({"agentmark/tone.mdx": b"1\n2\n3\n4\n5\n6", "notes.txt": b"old\n"})
    await push(caller.installation, app)
    await caller.release(dev, staging)
    repository.commit({"agentmark/tone.mdx": b"1\n2\n3\n4\nfive\n6", "notes.txt": b"new\n"})
    await push(caller.installation, app)

    told = (await comparison_of(idle_server, dev, staging, file_diff("agentmark/tone.mdx")))[
        "fileDiff"
    ]
    assert (told["isTruncated"], told["unavailable"], told["reason"]) == (False, None, None)
    (hunk,) = told["hunks"]
    lines = hunk.pop("lines")
    assert hunk == {"oldStart": 2, "oldLines": 5, "newStart": 2, "newLines": 5}
    assert [(each["kind"], each["text"]) for each in lines] == [
        ("CONTEXT", "2"),
        ("CONTEXT", "3"),
        ("CONTEXT", "4"),
        ("REMOVED", "5"),
        ("ADDED", "five"),
        ("CONTEXT", "6"),
    ]
    assert [(each["oldNumber"], each["newNumber"]) for each in lines][2:] == [
        (4, 4),
        (5, None),
        (None, 5),
        (6, 6),
    ]
    assert [each["hasLineBreak"] for each in lines] == [True] * 5 + [False]

    code = await comparison_of(idle_server, dev, staging, file_diff("notes.txt"))
    (hunk,) = code["fileDiff"]["hunks"]
    assert [(each["kind"], each["text"]) for each in hunk["lines"]] == [
        ("REMOVED", "old"),
        ("ADDED", "new"),
    ]
    assert (await comparison_of(idle_server, dev, staging, file_diff("no/such.file")))[
        "fileDiff"
    ] is None


async def test_files_that_are_no_text_or_too_much_of_it_say_so(
    idle_server: RunningServer,
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    large = b"x" * 1_048_577
    repository.commit(
        {
            "logo.png": b"\x89PNG\xff\x00",
            "nul.txt": b"a\x00b",
            "large.txt": large,
            "agentmark/large.mdx": large,
            "agentmark/many.mdx": b"\n" * 50_001,
            "agentmark/long.mdx": b"line\n" * 3_000,
        }
    )
    await push(caller.installation, app)

    async def told(path: str) -> Any:
        return (await comparison_of(idle_server, dev, staging, file_diff(path)))["fileDiff"]

    for path in ("logo.png", "nul.txt"):
        assert (await told(path))["unavailable"] == "BINARY"
    for path in ("large.txt", "agentmark/large.mdx", "agentmark/many.mdx"):
        assert (await told(path))["unavailable"] == "TOO_LARGE"
    long = await told("agentmark/long.mdx")
    assert long["isTruncated"]
    assert sum(len(hunk["lines"]) for hunk in long["hunks"]) == 2_000
