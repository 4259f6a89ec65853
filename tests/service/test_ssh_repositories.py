"""Linking over ssh: the host's key is pinned, the deploy key kept encrypted, pushes noticed."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import orjson
import psycopg
import pytest
from anyio import fail_after
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models import App, AppEventKind, Repository, WebhookHost
from pinmark.settings import Settings
from services import heads, observing, pushes
from services.errors import IdempotencyConflict, InvalidInput, RepositoryUnreachable
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors
from services.repositories import Link
from services.webhooks import Delivery, Outcome, receive
from tests.support import repositories
from tests.support.apps import (
    deployments_of,
    environment_named,
    events_of,
    make_environment,
    push,
    settle,
    settle_all,
)
from tests.support.callers import Caller
from tests.support.contents import served_files
from tests.support.racing import until_waiting
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT
from tests.support.ssh_host import (
    SshHost,
    new_key,
    private_text,
    public_text,
    ssh_host,
)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncGenerator[SshHost]:
    (tmp_path / "host").mkdir()
    async with ssh_host(tmp_path / "host") as host:
        yield host


@pytest.fixture
def caller(caller: Caller, settings: Settings) -> Caller:
    """The owner, where hosts on loopback are allowed."""
    policy = AddressPolicy(roots=settings.repository_roots, hosts=frozenset({"localhost"}))
    mirrors = Mirrors(settings.data_dir / "mirrors", policy, fetch_seconds=60)
    installation = replace(caller.installation, addresses=policy, mirrors=mirrors)
    return replace(caller, installation=installation)


@pytest.fixture
async def unlinked(caller: Caller) -> App:
    return await caller.create_app("unlinked")


@pytest.fixture
def hosted(host: SshHost) -> repositories.Repository:
    repository = make_repository(host.root / "app.git")
    repository.commit(FIRST_COMMIT)
    return repository


@pytest.fixture
def asked(unlinked: App, host: SshHost, hosted: repositories.Repository) -> Link:
    url = f"ssh://localhost:{host.port}/app.git"
    return Link(unlinked.id, url, deploy_key=private_text(host.deploy_key))


async def row_of(caller: Caller, app: App) -> Repository:
    async with caller.installation.database.moment() as session:
        statement = select(Repository).where(col(Repository.app_id) == app.id)
        return (await session.exec(statement)).one()


async def test_the_first_key_that_a_host_shows_is_pinned_and_shown(
    caller: Caller, unlinked: App, host: SshHost, asked: Link, hosted: repositories.Repository
) -> None:
    linked = await caller.ask_link(asked)

    assert linked.url == f"ssh://git@localhost:{host.port}/app.git"
    assert linked.host_key == str(host.host_key)
    assert linked.deploy_key_fingerprint == host.deploy_key.get_fingerprint()
    assert linked.head_sha == hosted.head
    await settle_all(caller.installation)
    dev = await environment_named(caller.installation, unlinked, "dev")
    assert "agentmark/triage.prompt.mdx" in await served_files(caller.installation, dev)


async def test_a_given_key_must_be_the_hosts_in_any_form(
    caller: Caller, host: SshHost, asked: Link
) -> None:
    await host.change_key(new_key("ssh-rsa"), new_key())
    for wrong in (public_text(new_key()), new_key().get_fingerprint()):
        with pytest.raises(RepositoryUnreachable, match="as expected") as refusal:
            await caller.ask_link(replace(asked, host_key=wrong))
        assert refusal.value.path == ("input", "url")
    assert host.users == []

    for given in (host.keys[0].get_fingerprint(), public_text(host.keys[0])):
        linked = await caller.ask_link(replace(asked, host_key=given))
        assert linked.host_key == str(host.host_key)


async def test_a_host_that_changes_its_key_is_left_alone_until_it_is_linked_with_the_new_one(
    caller: Caller, unlinked: App, host: SshHost, asked: Link, hosted: repositories.Repository
) -> None:
    installation = caller.installation
    first = await caller.ask_link(asked)
    hosted.commit({"agentmark/new.prompt.mdx": PROMPT})
    await host.change_key(new_key())
    host.users.clear()

    await observing.look(installation, unlinked.id)
    with pytest.raises(RepositoryUnreachable):
        await caller.ask_link(asked)

    changed = await row_of(caller, unlinked)
    assert (changed.host_key, changed.head_sha) == (first.host_key, first.head_sha)
    assert changed.unreachable_reason is not None
    assert str(first.host_key) in changed.unreachable_reason
    assert str(host.host_key) in changed.unreachable_reason
    assert host.users == []

    again = await caller.ask_link(replace(asked, host_key=public_text(host.keys[0])))
    assert (again.host_key, again.head_sha) == (str(host.host_key), hosted.head)
    assert again.unreachable_reason is None


async def test_a_look_that_was_overtaken_by_linking_again_says_nothing_of_the_new_link(
    caller: Caller, unlinked: App, host: SshHost, asked: Link
) -> None:
    installation = caller.installation
    await caller.ask_link(asked)
    await host.change_key(new_key())
    with fail_after(60):
        async with installation.database.transaction() as session:
            repository = await pushes.lock_repository(session, unlinked.id)
            looking = asyncio.create_task(observing.look(installation, unlinked.id))
            await until_waiting(installation, 1)  # it has seen a key that it did not expect
            repository.host_key = str(host.host_key)
            session.add(repository)
        await looking

    assert (await row_of(caller, unlinked)).unreachable_reason is None


async def test_another_host_is_met_for_the_first_time(
    caller: Caller, unlinked: App, asked: Link, tmp_path: Path
) -> None:
    await caller.ask_link(asked)
    (tmp_path / "other").mkdir()
    async with ssh_host(tmp_path / "other") as other:
        make_repository(other.root / "app.git").commit(FIRST_COMMIT)
        deploy_key = private_text(other.deploy_key)

        linked = await caller.ask_link(
            Link(unlinked.id, f"{other.url}/app.git", deploy_key=deploy_key)
        )

    assert linked.host_key == str(other.host_key)


async def test_pushes_are_noticed_and_an_old_commit_is_promoted_with_a_lost_mirror(
    caller: Caller,
    unlinked: App,
    host: SshHost,
    asked: Link,
    hosted: repositories.Repository,
    settings: Settings,
) -> None:
    installation = caller.installation
    hosted.git.config["uploadpack.allowReachableSHA1InWant"] = "true"
    await caller.ask_link(asked)
    await settle_all(installation)
    dev = await environment_named(installation, unlinked, "dev")
    staging = await make_environment(installation, caller.principal, unlinked, "staging")
    prod = await make_environment(installation, caller.principal, unlinked, "prod")
    first = hosted.head
    await caller.release(dev, staging)

    second = hosted.commit({"agentmark/new.prompt.mdx": PROMPT})
    await observing.look(installation, unlinked.id)
    history = await deployments_of(installation, dev)
    assert [one.commit_sha for one in history] == [first, second]

    (settings.data_dir / "mirrors" / f"{unlinked.id}.git").rename(settings.data_dir / "lost")
    promoted = await settle(installation, await caller.promote(staging, prod))
    assert (promoted.commit_sha, promoted.failure_reason) == (first, None)
    assert await installation.mirrors.has_commit(unlinked.id, str(first))


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ({"repository": {"full_name": "Team/My app"}}, Outcome.QUEUED),
        ({"project": {"path_with_namespace": "team/my app"}}, Outcome.QUEUED),
        ({"repository": {"full_name": "team/other"}}, Outcome.IGNORED),
        ({"repository": {"full_name": "team/my%20app"}}, Outcome.IGNORED),
        ({}, Outcome.IGNORED),
    ],
)
async def test_a_webhook_names_the_repository_as_its_host_does(
    named: dict[str, dict[str, str]],
    outcome: Outcome,
    caller: Caller,
    unlinked: App,
    host: SshHost,
    asked: Link,
) -> None:
    make_repository(host.root / "team" / "my app.git").commit(FIRST_COMMIT)
    url = f"ssh://git@localhost:{host.port}/team/my%20app.git"
    linked = await caller.ask_link(replace(asked, url=url))
    cipher = caller.installation.cipher
    assert linked.webhook_secret is not None
    token = cipher.decrypt(linked.webhook_secret)
    body = orjson.dumps({"ref": "refs/heads/main", "after": "f" * 40, **named})
    headers = {"x-gitlab-event": "Push Hook", "x-gitlab-token": token}
    delivery = Delivery(WebhookHost.GITLAB, headers, body)

    async with caller.installation.database.transaction() as session:
        received = receive(session, cipher=cipher, app_id=unlinked.id, delivery=delivery)
        assert await received is outcome


async def test_credentials_that_do_not_fit_the_address_are_refused(
    caller: Caller, unlinked: App, host: SshHost, asked: Link, repository: repositories.Repository
) -> None:
    private = private_text(host.deploy_key).splitlines()[2]
    https, path = "https://example.com/a.git", str(repository.path)
    key, public = private_text(host.deploy_key), public_text(host.deploy_key)
    for request, field in (
        (replace(asked, deploy_key=None), "deployKey"),
        (replace(asked, deploy_key=""), "deployKey"),
        (replace(asked, deploy_key=public), "deployKey"),
        (replace(asked, deploy_key=None, token="t"), "token"),
        (replace(asked, token="t"), "token"),
        (replace(asked, host_key="a key"), "hostKey"),
        (replace(asked, host_key=""), "hostKey"),
        (Link(unlinked.id, https, deploy_key=key), "deployKey"),
        (Link(unlinked.id, https, host_key=public), "hostKey"),
        (Link(unlinked.id, path, host_key=public), "hostKey"),
        (replace(asked, url="ssh://git:pw@localhost/a"), "url"),
        (replace(asked, url="git@-oProxyCommand=id:a"), "url"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await caller.ask_link(request)
        assert refusal.value.field == field
        assert private not in refusal.value.message
    kinds = [event.kind for event in await events_of(caller.installation, unlinked)]
    assert kinds == [AppEventKind.APP_CREATED]
    assert host.users == []


async def test_from_ssh_to_a_path_no_key_is_kept(
    caller: Caller, unlinked: App, asked: Link, repository: repositories.Repository
) -> None:
    await caller.ask_link(asked)
    linked = await caller.link(unlinked, repository.path)

    kept = (linked.credential, linked.host_key, linked.deploy_key_fingerprint)
    assert kept == (None, None, None)


async def test_the_same_askedis_answered_alike_and_another_key_is_another_request(
    caller: Caller, asked: Link, host: SshHost
) -> None:
    request = replace(asked, idempotency_key="once")
    linked = await caller.ask_link(request)
    connections = len(host.users)

    assert (await caller.ask_link(request)).id == linked.id
    assert len(host.users) == connections
    for other in (
        replace(request, deploy_key=private_text(new_key())),
        replace(request, host_key=str(host.host_key)),
    ):
        with pytest.raises(IdempotencyConflict):
            await caller.ask_link(other)


async def test_the_deploy_key_is_nowhere_in_the_clear(
    caller: Caller,
    unlinked: App,
    asked: Link,
    host: SshHost,
    hosted: repositories.Repository,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    request = replace(asked, idempotency_key="once")
    for _ in range(2):
        await caller.ask_link(request)
    hosted.commit({"agentmark/new.prompt.mdx": PROMPT})
    await push(caller.installation, unlinked)
    host.deploy_key = new_key()
    await observing.look(caller.installation, unlinked.id)

    row = await row_of(caller, unlinked)
    assert row.credential is not None
    private = caller.installation.cipher.decrypt(row.credential)
    secrets = [line for line in private.splitlines() if not line.startswith("-----")]
    remote = heads.remote_of(caller.installation, row)
    written = [
        *everything_in(database_url),
        caplog.text,
        *capfd.readouterr(),
        repr(request),
        repr(remote),
        str(row.unreachable_reason),
    ]
    for secret in secrets[1:]:
        for place in written:
            assert secret not in place
            assert secret.encode().hex() not in place
    assert row.unreachable_reason == "the host does not accept the deploy key"


def everything_in(database_url: str) -> list[str]:
    """Every row of every table, as text."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT array[schemaname::text, tablename::text] FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        rows: list[str] = []
        for (table,) in tables:
            everything = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(*table))
            rows += [row for (row,) in connection.execute(everything).fetchall()]
    assert any("repository.link" in row for row in rows)
    return rows


@pytest.mark.parametrize(
    "change",
    [
        "host_key = NULL",
        "credential = NULL",
        "deploy_key_fingerprint = NULL",
        "url = 'https://example.com/a'",
        "host_key = 'ssh-ed25519 MD5:00'",
        "host_key = ''",
        "deploy_key_fingerprint = 'SHA256:short'",
    ],
)
async def test_the_database_itself_keeps_keys_and_address_together(
    change: str, caller: Caller, asked: Link
) -> None:
    await caller.ask_link(asked)

    with pytest.raises(IntegrityError):
        async with caller.installation.database.transaction() as session:
            await session.exec(text(f"UPDATE repository SET {change}"))  # pyright: ignore


async def test_a_repository_at_another_address_has_no_keys(
    caller: Caller, unlinked: App, asked: Link
) -> None:
    linked = await caller.ask_link(asked)
    keys = f"host_key = '{linked.host_key}', url = '/srv/a.git', deploy_key_fingerprint = NULL"

    with pytest.raises(IntegrityError):
        async with caller.installation.database.transaction() as session:
            await session.exec(text(f"UPDATE repository SET {keys}"))  # pyright: ignore
