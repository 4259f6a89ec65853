"""Linking an app to a repository: fetched before it is answered, one app a branch."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from anyio import fail_after

from models import App, AppEventKind, DeploymentKind, Environment, Repository
from pinmark.settings import Settings
from services import pushes
from services.access import lock_environments
from services.errors import InvalidInput, NotFound, RepositoryTaken, RepositoryUnreachable
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors
from services.heads import fetch_commit, remote_of
from services.repositories import Link
from tests.support import repositories
from tests.support.apps import deployments_of, environment_named, events_of, push, settle_all
from tests.support.callers import Caller
from tests.support.contents import served_files
from tests.support.git_host import GitHost, git_host
from tests.support.racing import until_waiting
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT


@pytest.fixture
async def unlinked(caller: Caller) -> App:
    return await caller.create_app("unlinked")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[GitHost]:
    (tmp_path / "host").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with git_host(tmp_path / "host", tmp_path / "certificate.pem") as host:
        yield host


async def nothing_was_recorded(caller: Caller, app: App) -> bool:
    kinds = [event.kind for event in await events_of(caller.installation, app)]
    return kinds == [AppEventKind.APP_CREATED]


async def test_linking_deploys_head_to_dev(
    caller: Caller, unlinked: App, repository: repositories.Repository
) -> None:
    linked = await caller.link(unlinked, repository.path)

    assert (linked.head_sha, linked.branch) == (repository.head, "main")
    dev = await environment_named(caller.installation, unlinked, "dev")
    [deployment] = await deployments_of(caller.installation, dev)
    assert (deployment.kind, deployment.commit_sha) == (DeploymentKind.PUSH, repository.head)
    await settle_all(caller.installation)
    assert "agentmark/triage.prompt.mdx" in await served_files(caller.installation, dev)


async def test_a_repository_that_cannot_be_fetched_is_not_linked(
    caller: Caller, unlinked: App, repository: repositories.Repository
) -> None:
    for url, branch in (
        (repository.path.with_name("absent.git"), "main"),
        (repository.path, "absent"),
    ):
        with pytest.raises(RepositoryUnreachable) as refusal:
            await caller.link(unlinked, url, branch=branch)
        assert refusal.value.path == ("input", "url")
    assert await nothing_was_recorded(caller, unlinked)


async def test_what_cannot_be_an_address_branch_or_credential_is_refused(
    caller: Caller, unlinked: App, repository: repositories.Repository, tmp_path: Path
) -> None:
    path = str(repository.path)
    for request, field in (
        (Link(unlinked.id, str(tmp_path / "data")), "url"),
        (Link(unlinked.id, ""), "url"),
        (Link(unlinked.id, "\x00"), "url"),
        (Link(unlinked.id, path, branch="-f"), "branch"),
        (Link(unlinked.id, path, branch=""), "branch"),
        (Link(unlinked.id, path, token="secret"), "token"),
        (Link(unlinked.id, path, token="\x00"), "token"),
        (Link(unlinked.id, path, deploy_key="secret"), "deployKey"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await caller.ask_link(request)
        assert refusal.value.field == field
    assert await nothing_was_recorded(caller, unlinked)


async def test_an_app_that_is_not_there_is_not_linked(
    caller: Caller, repository: repositories.Repository
) -> None:
    with pytest.raises(NotFound):
        await caller.ask_link(Link(None, str(repository.path)))


async def test_a_branch_belongs_to_one_app(
    caller: Caller, app: App, unlinked: App, repository: repositories.Repository
) -> None:
    with pytest.raises(RepositoryTaken):
        await caller.link(unlinked, repository.path)
    repository.commit(FIRST_COMMIT, branch="next")
    assert (await caller.link(unlinked, repository.path, branch="next")).branch == "next"


async def test_linking_again_without_a_new_head_deploys_nothing(
    caller: Caller, app: App, dev: Environment, repository: repositories.Repository
) -> None:
    await caller.link(app, repository.path)
    assert len(await deployments_of(caller.installation, dev)) == 1


async def test_linking_another_repository_follows_it_from_its_head_on(
    caller: Caller, app: App, dev: Environment, repository: repositories.Repository
) -> None:
    other = make_repository(repository.path.with_name("other.git"))
    heads = [other.commit({"agentmark/other.prompt.mdx": PROMPT})]
    await caller.link(app, other.path)
    await settle_all(caller.installation)
    heads.append(other.commit({"agentmark/more.prompt.mdx": PROMPT}))
    repository.commit({"README.md": b"Nobody looks here any more.\n"})
    await push(caller.installation, app)

    history = await deployments_of(caller.installation, dev)
    assert [deployment.commit_sha for deployment in history][1:] == heads
    assert (await served_files(caller.installation, dev)).keys() == {
        "agentmark/other.prompt.mdx",
        "agentmark/more.prompt.mdx",
    }


async def test_linking_the_same_again_never_moves_dev_back(
    caller: Caller, app: App, dev: Environment, repository: repositories.Repository
) -> None:
    installation = caller.installation
    with fail_after(60):
        async with installation.database.transaction() as session:
            await lock_environments(session, [dev.id])
            linking = asyncio.create_task(caller.link(app, repository.path))
            await until_waiting(installation, 1)  # it has fetched the old head
            newer = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
            linked = await pushes.lock_repository(session, app.id)
            commit = await fetch_commit(installation, app.id, remote_of(installation, linked))
            assert await pushes.record_head(
                session, app_id=app.id, commit=commit, seen_before=linked.head_sha
            )
        await linking

    history = await deployments_of(installation, dev)
    assert history[-1].commit_sha == newer
    assert len(history) == 2


async def test_a_token_is_used_and_kept_encrypted(
    caller: Caller, unlinked: App, settings: Settings, host: GitHost
) -> None:
    make_repository(host.root / "private.git").commit(FIRST_COMMIT)
    host.token = "a secret token"
    policy = AddressPolicy(hosts=frozenset({"localhost"}))
    mirrors = Mirrors(settings.data_dir / "mirrors", policy, fetch_seconds=60)
    installation = replace(caller.installation, addresses=policy, mirrors=mirrors)
    caller = replace(caller, installation=installation)
    request = Link(unlinked.id, f"{host.url}/private.git", token="a secret token")

    with pytest.raises(RepositoryUnreachable):
        await caller.ask_link(replace(request, token="another"))
    linked = await caller.ask_link(request)
    await push(installation, unlinked)

    async with installation.database.moment() as session:
        kept = (await session.get_one(Repository, linked.id)).credential
    assert kept is not None
    assert b"a secret token" not in kept
    assert installation.cipher.decrypt(kept) == "a secret token"
