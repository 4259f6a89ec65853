"""A revision is read after it was asked for, however many ask."""

import asyncio

from services.database_revisions import DatabaseRevisions


class Postgres:
    """Answers with how often it was asked, when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.connections = 0
        self.gone = False
        self.let = asyncio.Event()

    async def connect(self) -> "Postgres":
        self.connections += 1
        return self

    async def fetchval(self, query: str) -> str:
        self.asked += 1
        found = str(self.asked)
        await self.let.wait()
        if self.gone:
            raise OSError("gone")
        return found

    def terminate(self) -> None:
        pass


async def asking(revisions: DatabaseRevisions) -> "asyncio.Task[str | None]":
    task = asyncio.create_task(revisions.read())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


async def test_who_asks_while_a_statement_is_under_way_waits_for_the_next() -> None:
    postgres = Postgres()
    revisions = DatabaseRevisions(postgres.connect)
    first = await asking(revisions)
    await asyncio.sleep(0)
    later = [await asking(revisions) for _ in range(5)]
    postgres.let.set()

    assert await first == "1:1"
    assert [await each for each in later] == 5 * ["1:2"]
    assert postgres.asked == 2


async def test_without_postgres_there_is_no_revision_and_the_next_one_is_new() -> None:
    postgres = Postgres()
    postgres.let.set()
    revisions = DatabaseRevisions(postgres.connect)
    assert await revisions.read() == "1:1"
    postgres.gone = True
    assert await revisions.read() is None
    postgres.gone = False

    assert await revisions.read() == "2:3"


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    postgres = Postgres()
    revisions = DatabaseRevisions(postgres.connect)
    gives_up, stays = await asking(revisions), await asking(revisions)
    gives_up.cancel()
    postgres.let.set()

    assert await stays is not None


async def test_closing_leaves_nobody_waiting() -> None:
    postgres = Postgres()
    revisions = DatabaseRevisions(postgres.connect)
    waiting = await asking(revisions)

    await revisions.close()

    assert await waiting is None
