"""Reading without a transaction: the same rows, one connection, and nothing left behind."""

import asyncio
from typing import Any

import pytest
from anyio import fail_after
from sqlalchemy import select as select_columns
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models import App, Commit, Deployment, Environment, Record
from services.database import Database
from services.installation import Installation
from services.lookups import commits, newest_unsettled, rows_by_id
from services.plain_rows import read_plainly
from services.principals import Principal
from services.unheld import Unheld, unheld_of
from tests.support.apps import promoted, promoted_and_settled
from tests.support.queries import recorded_queries

HANG_GUARD = 30
ALL: dict[type[Record] | type[Commit], Any] = {
    table: select(table) for table in (App, Environment, Deployment, Commit)
}
PROBLEMS = [{"path": "a.md", "line": 1, "message": "No.", "code": "X"}]


@pytest.fixture
def database(installation: Installation) -> Database:
    return installation.database


@pytest.fixture
async def deployments(
    installation: Installation, owner: Principal, dev: Environment, staging: Environment
) -> list[Deployment]:
    """One that is settled, and one in flight in which every column that may be one is set."""
    settled = await promoted_and_settled(installation, owner, source=dev, target=staging)
    flying = await promoted(installation, owner, source=dev, target=staging)
    async with installation.database.transaction() as session:
        await session.exec(
            update(Deployment)
            .where(col(Deployment.id) == flying.id)
            .values(content_problems=PROBLEMS, cache_decision="HIT")
        )
    return [settled, flying]


@pytest.mark.parametrize("table", ALL)
async def test_rows_are_what_they_are_in_a_transaction(
    database: Database, deployments: list[Deployment], table: type[Record]
) -> None:
    async with database.moment() as session:
        held = await read_plainly(session, table, ALL[table], {})
    async with database.statements() as session:
        assert unheld_of(session) is not None
        unheld = await read_plainly(session, table, ALL[table], {})

    assert len(unheld) > 0
    assert unheld == held
    for one, other in zip(unheld, held, strict=True):
        for name in type(one).__slots__:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
            assert type(getattr(one, name)) is type(getattr(other, name))  # pyright: ignore[reportUnknownArgumentType]


async def test_what_is_looked_up_by_key_is_what_it_is_in_a_transaction(
    database: Database, deployments: list[Deployment], staging: Environment
) -> None:
    key = (deployments[0].app_id, deployments[0].commit_sha)
    found: list[Any] = []
    for door in (database.moment, database.statements):
        async with door() as session:
            found.append(
                [
                    await commits(session, [key, (key[0], "f" * 40), key]),
                    await newest_unsettled(session, [staging.id]),
                    await rows_by_id(session, Deployment, [deployments[0].id, staging.id]),
                ]
            )

    assert found[0] == found[1]
    assert [row is None for row in found[1][0]] == [False, True, False]


async def test_there_is_never_more_than_one_connection(database: Database, app: App) -> None:
    async with database.statements() as session:
        await read_plainly(session, App, select(App), {})
        before = database.pool.in_use
        await session.exec(select(App))
        between = database.pool.in_use
        await read_plainly(session, App, select(App), {})
        after = database.pool.in_use

    assert (before, between, after, database.pool.in_use) == (1, 1, 1, 0)


async def test_a_cancelled_statement_leaves_nothing_behind(database: Database) -> None:
    async with database.statements() as session:
        unheld: Unheld = session.info[Unheld]
        asleep = asyncio.ensure_future(unheld.fetch("SELECT pg_sleep(60)", []))
        while database.pool.in_use == 0:
            await asyncio.sleep(0.01)
        asleep.cancel()
        with pytest.raises(asyncio.CancelledError), fail_after(HANG_GUARD):
            await asleep
        assert database.pool.in_use == 0
        assert await unheld.fetch("SELECT 1", [])

    assert database.pool.in_use == 0


async def test_a_connection_that_postgres_has_ended_is_an_error_once(database: Database) -> None:
    async with database.statements() as session:
        with pytest.raises(DBAPIError):
            await session.info[Unheld].fetch("SELECT pg_terminate_backend(pg_backend_pid())", [])

    async with database.statements() as session:
        assert await session.info[Unheld].fetch("SELECT 1", [])


async def test_who_watches_statements_is_told_of_each(database: Database, app: App) -> None:
    with recorded_queries() as statements:
        async with database.statements() as session:
            await read_plainly(session, App, select(App), {})
            await (await session.connection()).execute(select_columns(text("1")))

    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT"]
