"""What an environment serves: one version whole, to those who may read it."""

import asyncio
from collections.abc import AsyncGenerator
from hashlib import sha256
from pathlib import Path

import pytest

from models import App, Environment, FileKind
from services.datasets import read_rows, rows_of
from services.errors import (
    EnvironmentNotPinned,
    FileNotServed,
    InvalidInput,
    NotFound,
    NothingSynced,
    PermissionDenied,
)
from services.principals import Permission
from services.prompts import PromptKind, prompt_kinds
from services.served import (
    Served,
    find_served,
    list_templates,
    prompt_digests,
    read_below_root,
    read_file,
)
from services.snapshots import blob_path
from tests.support.apps import environment_named, fresh, push, settle
from tests.support.callers import Caller
from tests.support.queries import recorded_queries
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT, PROMPT

READERS = (Permission.TEMPLATE_READ, Permission.DATASET_READ)


async def served(
    caller: Caller, environment: Environment, kind: FileKind | None = FileKind.PROMPT
) -> Served:
    async with caller.installation.database.moment() as session:
        return await find_served(
            session, principal=caller.principal, environment_id=environment.id, kind=kind
        )


async def read(caller: Caller, environment: Environment, path: str) -> bytes:
    async with caller.installation.database.moment() as session:
        found = await find_served(
            session, principal=caller.principal, environment_id=environment.id, kind=None
        )
        file = await read_file(session, found, path)
        return await file.read(caller.installation.store)


async def test_a_pin_serves_its_snapshot_and_dev_what_it_synced_last(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    await caller.release(dev, staging)
    first = repository.head
    repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"More.\n"})
    await push(caller.installation, app)

    pinned, newest = await served(caller, staging), await served(caller, dev)
    assert (pinned.environment, pinned.version, pinned.commit_sha) == ("staging", 1, first)
    assert (newest.environment, newest.version, newest.commit_sha) == ("dev", 0, repository.head)
    path = "agentmark/triage.prompt.mdx"
    assert await read(caller, staging, path) == PROMPT
    assert await read(caller, dev, path) == PROMPT + b"More.\n"


async def test_a_rollback_serves_the_version_it_went_back_to(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    await caller.release(dev, staging)
    first = repository.head
    repository.commit({"agentmark/triage.prompt.mdx": PROMPT + b"More.\n"})
    await push(caller.installation, app)
    await caller.release(dev, staging)
    assert (await served(caller, staging)).version == 2

    await settle(caller.installation, await caller.roll_back(staging, 1))
    now = await served(caller, staging)
    assert (now.version, now.commit_sha) == (1, first)
    assert await read(caller, staging, "agentmark/triage.prompt.mdx") == PROMPT


async def test_what_serves_nothing_says_why(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    with pytest.raises(EnvironmentNotPinned):
        await served(caller, staging)
    bare = await environment_named(caller.installation, await caller.create_app("bare"), "dev")
    with pytest.raises(NothingSynced, match="no commit of its branch is synced"):
        await served(caller, bare)
    await caller.release(dev, staging)
    await caller.delete(staging)
    with pytest.raises(NotFound):
        await served(caller, staging)
    async with caller.installation.database.moment() as session:
        with pytest.raises(NotFound):
            await find_served(session, principal=caller.principal, environment_id=None, kind=None)


@pytest.mark.parametrize("kind", [*FileKind, None])
async def test_each_kind_of_content_needs_its_permission_and_no_other(
    caller: Caller, dev: Environment, kind: FileKind | None
) -> None:
    needed = Permission.DATASET_READ if kind is FileKind.DATASET else Permission.TEMPLATE_READ
    (other,) = set(READERS) - {needed}
    assert (await served(caller.holding(needed), dev, kind)).environment == "dev"
    with pytest.raises(PermissionDenied, match=needed.value.replace(".", r"\.")):
        await served(caller.holding(Permission.ENVIRONMENT_READ, other), dev, kind)
    with pytest.raises(NotFound) as refusal:
        await served(caller.holding(other), dev, kind)
    assert not isinstance(refusal.value, FileNotServed)


async def test_a_file_of_a_kind_that_may_not_be_read_is_not_there(
    caller: Caller, dev: Environment
) -> None:
    reader = caller.holding(Permission.TEMPLATE_READ)
    with pytest.raises(FileNotServed) as refusal:
        await read(reader, dev, "agentmark/tickets.jsonl")
    assert refusal.value.suggestions == ()
    with pytest.raises(FileNotServed) as refusal:
        await read(caller, dev, "agentmark/ticket.jsonl")
    assert refusal.value.suggestions == ("agentmark/tickets.jsonl",)


async def test_paths_below_a_root_of_the_apps_own_are_relative_to_it(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit(
        {
            "agentmark.json": b'{"version": "2.0.0", "agentmarkPath": "app"}',
            "app/agentmark/triage.prompt.mdx": PROMPT,
        }
    )
    await push(caller.installation, app)
    found = await served(caller, dev)
    async with caller.installation.database.moment() as session:
        file = await read_below_root(session, found, "triage.prompt.mdx", called="template")
        assert file.path == "app/agentmark/triage.prompt.mdx"
        with pytest.raises(FileNotServed, match=r"No such template\. Did you mean triage\.pro"):
            await read_below_root(session, found, "triagge.prompt.mdx", called="template")


@pytest.mark.parametrize("path", ["\x00", "x" * 5000, "\ud800"])
async def test_a_path_that_cannot_be_one_is_refused(
    caller: Caller, dev: Environment, path: str
) -> None:
    with pytest.raises(InvalidInput):
        await read(caller, dev, path)


async def test_a_part_of_a_large_file_is_read_without_the_rest(
    caller: Caller, app: App, dev: Environment, repository: Repository, tmp_path: Path
) -> None:
    large = b"".join(b'{"input": {"n": %d}}\n' % number for number in range(400_000))
    assert len(large) > 9 * 1024 * 1024
    repository.commit({"agentmark/large.jsonl": large})
    await push(caller.installation, app)
    found = await served(caller, dev)
    async with caller.installation.database.moment() as session:
        file = await read_file(session, found, "agentmark/large.jsonl")
    store = caller.installation.store
    assert file.inline is None
    assert await file.read(store) == large

    pieces = [piece async for piece in await file.open(store, start=5_000_000, end=5_000_010)]
    assert pieces == [large[5_000_000:5_000_010]]
    assert [piece async for piece in await file.open(store, start=7, end=7)] == []
    sizes = [len(piece) async for piece in await file.open(store)]
    assert max(sizes) < 1024 * 1024

    page = await read_rows(await file.open(store), limit=3, offset=399_999)
    assert (page.rows, page.total) == ([b'{"input": {"n": 399999}}'], 400_000)
    kept = tmp_path / "data" / "store" / blob_path(sha256(large).digest())
    kept.unlink()
    with pytest.raises(FileNotFoundError):
        await file.open(store)


async def test_rows_are_the_same_however_the_pieces_fall() -> None:
    content = b'\xef\xbb\xbf{"a":1}\r\n\n  {"b": 2} \n\t\n{"c":3}'

    async def rows(size: int) -> list[bytes]:
        async def pieces() -> AsyncGenerator[bytes]:
            for start in range(0, len(content), size):
                yield content[start : start + size]

        return [row async for some in rows_of(pieces()) for row in some]

    for size in range(1, len(content) + 1):
        assert await rows(size) == [b'{"a":1}', b'{"b": 2}', b'{"c":3}']


async def test_every_answer_is_of_one_version_while_promotions_come_and_go(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    contents: dict[str, bytes] = {}
    over = asyncio.Event()
    seen: set[int] = set()
    path = "agentmark/triage.prompt.mdx"
    await caller.release(dev, staging)
    contents[str(repository.head)] = PROMPT

    async def keep_reading() -> None:
        while not over.is_set():
            async with caller.installation.database.moment() as session:
                found = await find_served(
                    session, principal=caller.principal, environment_id=staging.id, kind=None
                )
                await asyncio.sleep(0)
                file = await read_file(session, found, path)
            assert file.inline == contents[found.commit_sha]
            seen.add(found.version)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(keep_reading())
        for number in range(5):
            content = PROMPT + b"%d\n" % number
            contents[repository.commit({path: content})] = content
            await push(caller.installation, app)
            await caller.release(dev, staging)
        over.set()
    assert len(seen) > 1
    assert (await fresh(caller.installation, staging)).pinned_version == 6


async def test_twenty_prompts_are_read_in_one_statement_and_only_once(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    files = {
        f"agentmark/p{number}.prompt.mdx": PROMPT.replace(b"Sort", b"Sort %d" % number)
        for number in range(20)
    }
    repository.commit({**files, "agentmark/o.prompt.mdx": PROMPT.replace(b"text_", b"image_")})
    await push(caller.installation, app)
    found = await served(caller, dev)
    store = caller.installation.store
    async with caller.installation.database.moment() as session:
        digests = await prompt_digests(session, found)
        with recorded_queries() as statements:
            kinds = await prompt_kinds(session, store, digests)
            assert await prompt_kinds(session, store, digests) == kinds
        assert len(statements) == 1
        wanted = [digest for digest in digests if kinds[digest] is PromptKind.IMAGE]
        listed = await list_templates(session, found, limit=10, offset=0, digests=wanted)
    assert len(kinds) == 22
    assert [entry.path for entry in listed.entries] == ["agentmark/o.prompt.mdx"]
    assert (listed.total, len(FIRST_COMMIT)) == (1, 4)
