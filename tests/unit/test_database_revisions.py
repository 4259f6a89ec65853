"""A revision is read after it was asked for, however many ask."""

import asyncio
from uuid import UUID, uuid4

import pytest

from models import ORGANIZATION, PRUNED
from services.database_revisions import MOST_APPS, Changes, DatabaseRevisions, Revision

THIS_APP, OTHER_APP = uuid4(), uuid4()


class Postgres:
    """Answers with how often it was asked and what has changed since, when it is let."""

    def __init__(self) -> None:
        self.changed: list[UUID] = []
        self.started = "0"
        self.asked = 0
        self.connections = 0
        self.gone = False
        self.let = asyncio.Event()

    async def connect(self) -> "Postgres":
        self.connections += 1
        return self

    async def fetchrow(self, query: str, *args: object) -> tuple[str, str, list[UUID]]:
        self.asked += 1
        found = (str(self.asked), self.started, self.changed)
        self.changed = []
        await self.let.wait()
        if self.gone:
            raise OSError("gone")
        return found

    def terminate(self) -> None:
        pass


async def asking(revisions: DatabaseRevisions) -> "asyncio.Task[Revision | None]":
    task = asyncio.create_task(revisions.read())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


def state(revision: Revision | None) -> str | None:
    return None if revision is None else revision.state


async def found(revisions: DatabaseRevisions) -> Revision:
    revision = await revisions.read()
    assert revision is not None
    return revision


@pytest.fixture
def postgres() -> Postgres:
    """One that answers at once."""
    postgres = Postgres()
    postgres.let.set()
    return postgres


async def test_two_revisions_are_the_same_for_the_apps_that_were_not_written_to(
    postgres: Postgres,
) -> None:
    revisions = DatabaseRevisions(postgres.connect)
    before = await found(revisions)
    postgres.changed = [OTHER_APP]
    after = await found(revisions)

    assert before.is_still(after, [THIS_APP])
    assert not before.is_still(after, [OTHER_APP])
    assert not before.is_still(after, [THIS_APP, OTHER_APP])
    assert not before.is_still(after)


async def test_what_was_written_before_it_was_read_does_not_make_a_revision_old(
    postgres: Postgres,
) -> None:
    revisions = DatabaseRevisions(postgres.connect)
    await found(revisions)
    postgres.changed = [THIS_APP]
    written = await found(revisions)

    assert written.is_still(await found(revisions), [THIS_APP])


@pytest.mark.parametrize("scope", [ORGANIZATION, PRUNED])
async def test_what_all_depend_on_and_what_nobody_knows_make_every_revision_old(
    postgres: Postgres, scope: UUID
) -> None:
    revisions = DatabaseRevisions(postgres.connect)
    before = await found(revisions)
    postgres.changed = [scope]

    assert not before.is_still(await found(revisions), [THIS_APP])
    assert not before.is_still(await found(revisions), [])


async def test_nothing_is_known_of_what_was_before_another_connection(postgres: Postgres) -> None:
    revisions = DatabaseRevisions(postgres.connect)
    before = await found(revisions)
    postgres.gone = True
    await revisions.read()
    postgres.gone = False

    assert not before.is_still(await found(revisions), [THIS_APP])


async def test_nothing_is_known_of_what_was_before_postgres_was_started_again(
    postgres: Postgres,
) -> None:
    revisions = DatabaseRevisions(postgres.connect)
    before = await found(revisions)
    postgres.started = "1"

    assert not before.is_still(await found(revisions), [THIS_APP])


def test_of_too_many_apps_nothing_is_known() -> None:
    changes = Changes()
    before = Revision("1", changes.reads, changes)
    changes.note(uuid4() for _ in range(MOST_APPS + 1))

    assert not before.is_still(Revision("2", changes.reads, changes), [THIS_APP])


async def test_who_asks_while_a_statement_is_under_way_waits_for_the_next() -> None:
    postgres = Postgres()
    revisions = DatabaseRevisions(postgres.connect)
    first = await asking(revisions)
    await asyncio.sleep(0)
    later = [await asking(revisions) for _ in range(5)]
    postgres.let.set()

    assert state(await first) == "1:1@0"
    assert [state(await each) for each in later] == 5 * ["1:2@0"]
    assert postgres.asked == 2


async def test_without_postgres_there_is_no_revision_and_the_next_one_is_new() -> None:
    postgres = Postgres()
    postgres.let.set()
    revisions = DatabaseRevisions(postgres.connect)
    assert state(await revisions.read()) == "1:1@0"
    postgres.gone = True
    assert await revisions.read() is None
    postgres.gone = False

    assert state(await revisions.read()) == "2:3@0"


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
