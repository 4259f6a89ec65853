"""What is sent past a transaction's session is of that transaction: done with it, or not at all."""

import asyncio
from typing import Any

import psycopg
import pytest
from anyio import fail_after
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, SQLAlchemyError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Environment
from services import held
from services.database import Database
from services.fixed_statements import Fixed
from services.held import send
from services.installation import Installation
from tests.support.apps import fresh
from tests.support.queries import recorded_queries

HANG_GUARD = 30
COUNT = Fixed(text("UPDATE environment SET deployment_count = deployment_count + 1 WHERE id = :id"))
READ = Fixed(text("SELECT deployment_count FROM environment WHERE id = :id"))
SLEEP = Fixed(text("SELECT pg_sleep(60)"))
END = Fixed(text("SELECT pg_terminate_backend(pg_backend_pid())"))
FAIL = Fixed(text("SELECT 1 / (:zero - 0)"))
ONE = Fixed(text("SELECT 1"))
PROCESS = Fixed(text("SELECT pg_backend_pid()"))
TERMINATE = "SELECT pg_terminate_backend(%s)"
Console = psycopg.Connection[tuple[Any, ...]]


class GivenUp(Exception):
    pass


@pytest.fixture
def database(installation: Installation) -> Database:
    return installation.database


async def count(session: AsyncSession, environment: Environment) -> None:
    await send(session, COUNT, id=environment.id)


async def count_and_give_up(database: Database, environment: Environment) -> None:
    async with database.transaction() as session:
        await count(session, environment)
        raise GivenUp


async def count_and_mind_no_failure(database: Database, environment: Environment) -> None:
    async with database.transaction() as session:
        await count(session, environment)
        with pytest.raises(DBAPIError):
            await send(session, FAIL, zero=0)


async def test_what_is_sent_is_there_after_the_commit(
    database: Database, installation: Installation, staging: Environment
) -> None:
    async with database.transaction() as session:
        await count(session, staging)

    assert (await fresh(installation, staging)).deployment_count == 1


async def test_what_is_sent_is_undone_with_the_transaction(
    database: Database, installation: Installation, staging: Environment
) -> None:
    with pytest.raises(GivenUp):
        await count_and_give_up(database, staging)

    assert (await fresh(installation, staging)).deployment_count == 0


async def test_the_session_and_what_is_sent_see_each_other(
    database: Database, staging: Environment
) -> None:
    async with database.transaction() as session:
        await count(session, staging)
        read = await session.get_one(Environment, staging.id)
        assert read.deployment_count == 1
        read.deployment_count = 2
        await session.flush()
        assert [tuple(row) for row in await send(session, READ, id=staging.id)] == [(2,)]


async def test_what_failed_is_never_said_to_be_committed(
    database: Database, installation: Installation, staging: Environment
) -> None:
    with pytest.raises(InvalidRequestError):
        await count_and_mind_no_failure(database, staging)

    assert (await fresh(installation, staging)).deployment_count == 0


async def test_a_session_is_not_rolled_back_inside_its_transaction(database: Database) -> None:
    with pytest.raises(InvalidRequestError):
        async with database.transaction() as session:
            await session.rollback()


async def test_a_connection_that_ended_in_a_transaction_is_lent_to_nobody(
    database: Database, app: App
) -> None:
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await send(session, END)

    async with database.transaction() as session:
        assert await send(session, ONE)
    assert database.pool.in_use == 0


async def test_a_beginning_that_fails_leaves_no_transaction_to_whoever_comes_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "BEGIN", "BEGIN; SELECT 1 / 0")
    with pytest.raises(DBAPIError):
        async with database.transaction():
            pass
    monkeypatch.undo()

    async with database.transaction() as session:
        assert await send(session, ONE)


async def test_who_minds_no_lost_connection_writes_nothing_over_another(
    database: Database, installation: Installation, staging: Environment
) -> None:
    async def lose_and_go_on() -> None:
        async with database.transaction() as session:
            with pytest.raises(DBAPIError):
                await send(session, END)
            environment = await session.get_one(Environment, staging.id)
            environment.deployment_count = 1

    with pytest.raises(SQLAlchemyError):
        await lose_and_go_on()

    assert (await fresh(installation, staging)).deployment_count == 0


async def use_what_is_ended(database: Database, console: Console, turns: int) -> None:
    async with database.transaction() as session:
        [[process]] = await send(session, PROCESS)
        await asyncio.to_thread(console.execute, TERMINATE, [process])
        for _ in range(turns):
            await asyncio.sleep(0)
        await send(session, ONE)


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_that_is_ended_fails_with_an_error_of_ours(
    database: Database, database_url: str, app: App, turns: int
) -> None:
    """What the driver says of it depends on what it has read of the end by then."""
    with psycopg.connect(database_url, autocommit=True) as console:
        for _ in range(10):
            with pytest.raises(DBAPIError):
                await use_what_is_ended(database, console, turns)


async def test_a_cancelled_statement_undoes_its_transaction(
    database: Database, installation: Installation, staging: Environment
) -> None:
    counted = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as session:
            await count(session, staging)
            counted.set()
            await send(session, SLEEP)

    writing = asyncio.ensure_future(write())
    with fail_after(HANG_GUARD):
        await counted.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError), fail_after(HANG_GUARD):
        await writing

    assert (await fresh(installation, staging)).deployment_count == 0
    assert database.pool.in_use == 0


async def test_who_watches_statements_is_told_of_what_is_sent(database: Database, app: App) -> None:
    with recorded_queries() as statements:
        async with database.transaction() as session:
            await send(session, ONE)
            await session.exec(select(App))

    assert [statement.split()[:2] for statement in statements] == [
        ["SELECT", "1"],
        ["SELECT", "app.id,"],
    ]
