"""Work that is cancelled half-way gives its connection back as it was lent, or not at all."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Environment
from schema.reading import AnswerOver, Reading
from services import lookups
from services.access import lock_environment
from services.database import Database, open_database
from services.installation import Installation
from tests.support.cancelling import AtStep, at_every_step, cancelled_at

LEFT_OPEN = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'lent'
    AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()
""")


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """A pool of one connection: whoever comes next is lent what the last one gave back."""
    async with open_database(f"{database_url}&application_name=lent", pool_size=1) as database:
        yield database


async def assert_usable(database: Database) -> None:
    """Whoever reads or writes next can, and nobody holds a transaction open."""
    async with database.transaction() as session:
        await (await session.connection()).execute(text("SELECT 1"))
    async with database.moment() as session:
        assert (await (await session.connection()).execute(LEFT_OPEN)).scalar_one() == 0


async def test_a_moment_cancelled_at_any_step_leaves_a_usable_connection(
    database: Database,
) -> None:
    async def read() -> None:
        async with database.moment() as session:
            connection = await session.connection()
            await connection.execute(text("SELECT 1"))
            await connection.execute(text("SELECT 2"))

    async def run(step: int) -> bool:
        reached = await cancelled_at(step, read())
        await assert_usable(database)
        return reached

    assert await at_every_step(run) >= 5


async def test_a_transaction_cancelled_at_any_step_leaves_a_usable_connection(
    database: Database, dev: Environment
) -> None:
    async def write() -> None:
        async with database.transaction() as session:
            session.add(await lock_environment(session, dev.id))

    async def run(step: int) -> bool:
        reached = await cancelled_at(step, write())
        await assert_usable(database)
        return reached

    assert await at_every_step(run) > 5


async def test_an_answer_cancelled_at_any_step_of_a_loader_leaves_a_usable_connection(
    database: Database, installation: Installation, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loader runs in a task of its own, which is not cancelled with the answer."""
    load_rows = lookups.rows_by_id

    async def run(step: int) -> bool:
        loads: list[AtStep[list[Any]]] = []

        async def load(
            session: AsyncSession, table: type[App], keys: Sequence[UUID]
        ) -> list[App | None]:
            loads.append(AtStep(load_rows(session, table, keys), step, answering.cancel))
            return await loads[-1]

        monkeypatch.setattr(lookups, "rows_by_id", load)
        answering = asyncio.ensure_future(
            _answer(Reading(database.moment, installation.store), app)
        )
        await asyncio.gather(answering, return_exceptions=True)
        await assert_usable(database)
        return loads[-1].reached

    assert await at_every_step(run) > 3


async def test_an_answer_that_is_over_reads_nothing_more(
    database: Database, installation: Installation, app: App
) -> None:
    reading = Reading(database.moment, installation.store)
    asked = reading.apps.load(app.id)
    await reading.close()

    with pytest.raises(AnswerOver):
        await asked
    await assert_usable(database)


async def _answer(reading: Reading, app: App) -> None:
    try:
        await reading.apps.load(app.id)
    finally:
        await reading.close()
