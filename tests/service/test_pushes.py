"""Pushes: every head seen is a record of its own in dev, and its content is live once synced."""

import asyncio

from anyio import fail_after

from models import (
    ActorKind,
    App,
    CodeBuildStatus,
    Deployment,
    DeploymentKind,
    DeploymentStatus,
    Environment,
    FailureClass,
)
from models import Repository as Linked
from services import builds, file_syncs, heads, observing, pushes
from services.heads import fetch_commit, remote_of
from services.installation import Installation
from tests.support.apps import deployments_of, fresh, push, settle, settle_all
from tests.support.callers import Caller
from tests.support.contents import served_files
from tests.support.racing import race
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, HANDLER, INVALID_CONTENT, PROMPT, WITH_HANDLER


async def linked(installation: Installation, app: App) -> Linked:
    async with installation.database.transaction() as session:
        return await pushes.lock_repository(session, app.id)


async def pushed(installation: Installation, dev: Environment) -> list[str]:
    """The commits of all pushes into dev, oldest first."""
    return [one.commit_sha for one in await deployments_of(installation, dev)]


async def observe(installation: Installation, app: App) -> Deployment | None:
    """Notice HEAD without deploying it."""
    await heads.observe_head(installation, app.id)
    return None


async def test_each_head_is_one_record_however_often_it_is_seen(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    commits = [repository.head]
    for number in range(3):
        commits.append(repository.commit({"README.md": b"%d" % number}))
        await observe(installation, app)
        await observe(installation, app)

    assert await pushed(installation, dev) == commits
    history = await deployments_of(installation, dev)
    assert {one.kind for one in history} == {DeploymentKind.PUSH}
    assert {one.version for one in history} == {None}
    assert (history[-1].actor.kind, history[-1].actor.name) == (ActorKind.GIT, "Ada")


async def test_going_back_in_git_is_a_push_like_any_other(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    first = repository.head
    assert first is not None
    second = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(installation, app)
    repository.force(first)
    await push(installation, app)

    assert await pushed(installation, dev) == [first, second, first]
    assert "agentmark/new.prompt.mdx" not in await served_files(installation, dev)


async def test_one_head_seen_by_many_at_once_is_one_record(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    second = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    outcomes = await race(installation, dev, *(observe(installation, app) for _ in range(4)))
    assert outcomes == [None] * 4
    assert (await pushed(installation, dev))[1:] == [second]


async def test_of_two_heads_seen_at_once_the_newer_stays_the_newest(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await linked(installation, app)
    older = repository.commit({"README.md": b"older"})
    seen = await fetch_commit(installation, app.id, remote_of(installation, before))
    newer = repository.commit({"README.md": b"newer"})
    await observe(installation, app)

    async with installation.database.transaction() as session:
        taken = await pushes.record_head(
            session, app_id=app.id, commit=seen, seen_before=before.head_sha
        )

    assert not taken
    assert older not in await pushed(installation, dev)
    assert (await linked(installation, app)).head_sha == newer


async def test_while_many_look_and_somebody_pushes_dev_never_goes_back(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    commits = [repository.head]

    async def keep_pushing() -> None:
        for number in range(10):
            commits.append(repository.commit({"README.md": b"%d" % number}))
            await observe(installation, app)

    with fail_after(60):
        pushing = asyncio.create_task(keep_pushing())
        while not pushing.done():
            await asyncio.gather(*(observe(installation, app) for _ in range(3)))
        await pushing
    await observe(installation, app)

    recorded = await pushed(installation, dev)
    assert recorded == [sha for sha in commits if sha in recorded]
    assert recorded[-1] == commits[-1]


async def test_content_is_live_once_it_is_synced_whatever_the_build_does(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await fresh(installation, dev)
    repository.commit({**BROKEN_HANDLER, "agentmark/new.prompt.mdx": PROMPT})
    await observe(installation, app)
    [newest] = [one for one in await deployments_of(installation, dev) if one.ordinal == 2]

    await file_syncs.sync_files(installation, newest.id)
    assert (await fresh(installation, dev)).content_deployment_id == newest.id
    await builds.build_code(installation, newest.id)

    settled = (await deployments_of(installation, dev))[-1]
    assert settled.failure_class is FailureClass.BUILD
    after = await fresh(installation, dev)
    assert after.content_deployment_id == newest.id
    assert after.code_deployment_id == before.code_deployment_id
    assert "agentmark/new.prompt.mdx" in await served_files(installation, dev)


async def test_a_build_that_is_no_longer_the_newest_is_skipped(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    for number in (1, 2):
        repository.commit({**WITH_HANDLER, "agentmark/new.prompt.mdx": PROMPT + b"%d" % number})
        await observe(installation, app)
    await settle_all(installation)

    overtaken, newest = (await deployments_of(installation, dev))[1:]
    assert (overtaken.code_build, overtaken.code_build_detail) == (
        CodeBuildStatus.SKIPPED,
        "SUPERSEDED",
    )
    assert overtaken.status is DeploymentStatus.DEPLOYED
    assert newest.code_build is CodeBuildStatus.DEPLOYED
    after = await fresh(installation, dev)
    assert after.code_deployment_id == after.content_deployment_id == newest.id


async def test_a_push_with_invalid_content_supersedes_nothing(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    await observe(installation, app)
    repository.commit(INVALID_CONTENT)
    await observe(installation, app)
    _, good, bad = await deployments_of(installation, dev)
    await file_syncs.sync_files(installation, good.id)
    await settle(installation, bad)

    await builds.build_code(installation, good.id)

    _, good, bad = await deployments_of(installation, dev)
    assert good.code_build is CodeBuildStatus.DEPLOYED
    assert bad.failure_class is FailureClass.CONTENT
    after = await fresh(installation, dev)
    assert after.content_deployment_id == after.code_deployment_id == good.id


async def test_dev_goes_on_after_invalid_content(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit(INVALID_CONTENT)
    await push(installation, app)
    good = repository.commit({"agentmark/tickets.jsonl": None, "handler.py": HANDLER})
    await push(installation, app)

    newest = (await deployments_of(installation, dev))[-1]
    assert (newest.commit_sha, newest.status) == (good, DeploymentStatus.DEPLOYED)
    assert (await fresh(installation, dev)).content_deployment_id == newest.id


async def test_the_poll_records_a_push_and_says_when_it_cannot_look(
    caller: Caller, app: App, dev: Environment, repository: Repository
) -> None:
    installation = caller.installation
    second = repository.commit({"README.md": b"Two.\n"})
    await observing.look(installation, app.id)
    assert (await linked(installation, app)).head_sha == second

    away = repository.path.rename(repository.path.with_name("moved.git"))
    await observing.look(installation, app.id)
    assert (await linked(installation, app)).unreachable_reason is not None

    away.rename(repository.path)
    await observing.look(installation, app.id)
    assert (await linked(installation, app)).unreachable_reason is None
    assert (await pushed(installation, dev))[1:] == [second]


async def test_a_deleted_branch_is_no_push(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.git.references.delete("refs/heads/main")
    await observing.look(installation, app.id)
    assert len(await pushed(installation, dev)) == 1
