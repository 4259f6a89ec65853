"""Every write leaves a note of what it is about, and nobody's note is missed."""

from collections.abc import AsyncGenerator

import psycopg
import pytest
from sqlmodel import SQLModel

from models import App, Role
from services.apps import NewApp, create_app
from services.database_revisions import (
    DatabaseRevisions,
    Revision,
    open_revisions,
    prune_changes,
)
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import (
    environment_named,
    linked_app,
    make_environment,
    promoted,
    push,
    settle,
)
from tests.support.callers import Caller
from tests.support.keys import make_key
from tests.support.people import give_role, join
from tests.support.repositories import Repository
from tests.support.variables import put

UNNOTED = {
    "alembic_version",
    "audithead",  # moves with an entry, and is shown by nothing
    "blob",  # is found by the digest of what it holds, which never changes
    "change",
    "idempotentrequest",  # shown by nothing
    "invitation",  # lets nobody in before they are a member, and is shown by no app
    "signinlink",  # shown by nothing
    "spentsignin",  # shown by nothing
    "webhookdelivery",  # shown by nothing
}
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""As ``pg_trigger.tgtype`` has them."""
SESSION = """
    INSERT INTO signinsession
    SELECT gen_random_uuid(), now(), %s, sha256('a'), 'LINK', '', now(), now() + interval '1 hour',
           now() + interval '1 day', NULL
"""
RESTORED = """
    INSERT INTO change (transaction_id, scope, noted_at)
    VALUES (1000000000000, gen_random_uuid(), now() - interval '1 day')
"""
TRIGGERS = """
    SELECT relname, bit_or(tgtype::int)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgname LIKE '%noted' AND tgenabled = 'O' GROUP BY relname
"""


@pytest.fixture
async def revisions(database_url: str) -> AsyncGenerator[DatabaseRevisions]:
    async with open_revisions(database_url) as revisions:
        yield revisions


@pytest.fixture
async def apps(installation: Installation, owner: Principal) -> tuple[App, App]:
    async with installation.database.transaction() as session:
        return (
            await create_app(session, principal=owner, request=NewApp(name="one")),
            await create_app(session, principal=owner, request=NewApp(name="other")),
        )


async def found(revisions: DatabaseRevisions) -> Revision:
    revision = await revisions.read()
    assert revision is not None
    return revision


def test_every_table_is_noted_or_known_to_be_shown_by_no_app(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        noted = dict(connection.execute(TRIGGERS).fetchall())
    whole = sum(EVENTS.values())

    assert {table for table, events in noted.items() if events & whole == whole} == {
        *SQLModel.metadata.tables,
        "alembic_version",
    } - UNNOTED


async def test_a_write_to_an_app_is_of_that_app(
    installation: Installation,
    owner: Principal,
    apps: tuple[App, App],
    revisions: DatabaseRevisions,
) -> None:
    one, other = apps
    before = await found(revisions)
    await make_environment(installation, owner, other, "staging")
    after = await found(revisions)

    assert before.is_still(after, [one.id])
    assert not before.is_still(after, [other.id])


async def test_a_life_of_one_app_leaves_answers_about_another_good(
    installation: Installation,
    owner: Principal,
    repository: Repository,
    apps: tuple[App, App],
    revisions: DatabaseRevisions,
) -> None:
    first = await found(revisions)
    app = await linked_app(installation, owner, repository)
    before = await found(revisions)
    assert not first.is_still(before, [apps[0].id])  # another app is there
    caller, dev = Caller(installation, owner), await environment_named(installation, app, "dev")
    await put(caller, dev, "GREETING", "hello")  # the first has the organization's key made
    before = await found(revisions)

    async def is_noted() -> None:
        nonlocal last
        now = await found(revisions)
        assert before.is_still(now, [apps[0].id])
        assert not last.is_still(now, [app.id])
        last = now

    last = before
    staging = await make_environment(installation, owner, app, "staging")
    await is_noted()
    await put(caller, staging, "GREETING", "hello")
    await is_noted()
    deployment = await promoted(installation, owner, source=dev, target=staging)
    await is_noted()
    await settle(installation, deployment)
    await is_noted()
    repository.commit({"agentmark/new.prompt.mdx": b"---\nname: new\n---\nhello"})
    await push(installation, app)
    await is_noted()


async def test_a_write_that_was_begun_before_a_read_and_ended_after_it_is_not_missed(
    database_url: str, apps: tuple[App, App], revisions: DatabaseRevisions
) -> None:
    one, other = apps
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await slow.execute("UPDATE app SET event_sequence = 7 WHERE id = %s", (one.id,))
        with psycopg.connect(database_url) as quick:
            quick.execute("UPDATE app SET event_sequence = 7 WHERE id = %s", (other.id,))
        before = await found(revisions)
        await slow.commit()
    after = await found(revisions)

    assert not before.is_still(after, [one.id])
    assert before.is_still(after, [other.id])


async def test_who_may_do_less_makes_every_answer_old(
    installation: Installation,
    owner: Principal,
    apps: tuple[App, App],
    revisions: DatabaseRevisions,
) -> None:
    person = await join(installation, owner, "ada", Role.ADMIN)
    before = await found(revisions)
    await give_role(installation, owner, person.id, Role.READ)

    assert not before.is_still(await found(revisions), [apps[0].id])


async def test_another_app_makes_every_answer_old(
    installation: Installation, owner: Principal, revisions: DatabaseRevisions
) -> None:
    before = await found(revisions)
    async with installation.database.transaction() as session:
        await create_app(session, principal=owner, request=NewApp(name="new"))

    assert not before.is_still(await found(revisions), [])


async def test_that_a_token_was_used_makes_no_answer_about_an_app_old(
    database_url: str, apps: tuple[App, App], revisions: DatabaseRevisions
) -> None:
    before = await found(revisions)
    with psycopg.connect(database_url) as connection:
        used = connection.execute("UPDATE accesstoken SET last_used_at = now()")
    after = await found(revisions)

    assert used.rowcount
    assert before.is_still(after, [apps[0].id])
    assert not before.is_still(after)


async def test_that_a_key_was_used_is_of_its_app_and_that_it_is_no_more_of_all(
    installation: Installation,
    owner: Principal,
    database_url: str,
    apps: tuple[App, App],
    revisions: DatabaseRevisions,
) -> None:
    one, other = apps
    await make_key(installation, owner, await environment_named(installation, other, "dev"))
    before = await found(revisions)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE apikey SET last_used_at = now()")
    used = await found(revisions)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE apikey SET revoked_at = now()")

    assert before.is_still(used, [one.id])
    assert not before.is_still(used, [other.id])
    assert not used.is_still(await found(revisions), [one.id])


async def test_who_has_not_read_what_was_pruned_takes_everything_for_changed(
    installation: Installation,
    database_url: str,
    apps: tuple[App, App],
    revisions: DatabaseRevisions,
) -> None:
    long_ago = await found(revisions)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE app SET event_sequence = 7 WHERE id = %s", (apps[1].id,))
        connection.execute("UPDATE change SET noted_at = now() - interval '1 hour'")
    async with open_revisions(database_url) as others:
        lately = await found(others)
        for _ in range(2):
            await prune_changes(installation.database)

        assert lately.is_still(await found(others), [apps[0].id])
    assert not long_ago.is_still(await found(revisions), [apps[0].id])


async def test_a_session_that_is_to_end_sooner_makes_every_answer_old(
    installation: Installation, owner: Principal, database_url: str, revisions: DatabaseRevisions
) -> None:
    member = await join(installation, owner, "ada")
    with psycopg.connect(database_url) as connection:
        connection.execute(SESSION, [member.id])
    before = await found(revisions)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE signinsession SET expires_at = expires_at + interval '1 hour'")
    later = await found(revisions)
    assert before.is_still(later, [])
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE signinsession SET expires_at = now()")

    assert not later.is_still(await found(revisions), [])


async def test_what_another_cluster_wrote_is_of_the_past_once_it_is_pruned(
    installation: Installation, database_url: str, revisions: DatabaseRevisions
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(RESTORED)
    await prune_changes(installation.database)
    await found(revisions)
    before = await found(revisions)

    assert before.is_still(await found(revisions), [])


async def test_pruning_leaves_one_mark(installation: Installation, database_url: str) -> None:
    for _ in range(3):
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE accesstoken SET revoked_at = now() WHERE false")
            connection.execute("SELECT note_change(gen_random_uuid())")
            connection.execute("UPDATE change SET noted_at = now() - interval '1 hour'")
        await prune_changes(installation.database)

    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM change").fetchone() == (1,)
