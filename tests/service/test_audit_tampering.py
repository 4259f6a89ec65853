"""Whoever changes the audit, with whatever rights, is found out; and nobody can by accident."""

import re
from contextlib import closing

import psycopg
import pytest
from psycopg.errors import RestrictViolation

from models import App
from services import audit_log
from services.audit_chain import FIELDS, Head, Verdict
from services.audit_log import AuditFilter
from tests.support.auditing import audit_of, drop_rules, exported, falsify, verdict_on
from tests.support.callers import Caller

ENTRIES = 12
OTHER_VALUES = {
    "uuid": "gen_random_uuid()",
    "jsonb": """'{"name": "forged"}'""",
    "bytea": "sha256('forged')",
    "bigint": "seq + 1000",
    "timestamp with time zone": "created_at + interval '1 microsecond'",
    "character varying": "'forged'",
}
COPY = "CREATE TABLE kept AS SELECT * FROM auditentry", "CREATE TABLE kepthead AS TABLE audithead"
PUT_BACK = (
    "DELETE FROM auditentry",
    "INSERT INTO auditentry SELECT * FROM kept",
    "DELETE FROM audithead",
    "INSERT INTO audithead SELECT * FROM kepthead",
)
INSERT = """
    INSERT INTO auditentry (id, created_at, organization_id, action, outcome, facts, actor_kind,
        actor_name, seq, previous_hash, hash)
    SELECT gen_random_uuid(), now(), id, 'app.create', 'SUCCEEDED', '{}', 'MEMBER', 'mallory',
        500, sha256('a'), sha256('b') FROM organization
"""


class Audit:
    """An audit of twelve entries that can be falsified and put back."""

    def __init__(self, url: str, caller: Caller) -> None:
        self.url = url
        self.caller = caller

    async def after(self, *statements: str, noted: Head | None = None) -> Verdict:
        """What is found once the statements have run; they are undone again."""
        falsify(self.url, *statements)
        verdict = await verdict_on(self.caller.installation, noted)
        falsify(self.url, *PUT_BACK)
        assert (await verdict_on(self.caller.installation)).is_whole
        return verdict

    async def troubles(self, *statements: str) -> list[str]:
        return (await self.after(*statements)).troubles


@pytest.fixture
async def audit(caller: Caller, app: App, database_url: str) -> Audit:
    for number in range(ENTRIES - 4):
        await caller.create_environment(app, f"environment-{number}")
    assert len(await audit_of(caller.installation)) == ENTRIES
    falsify(database_url, *COPY)
    drop_rules(database_url)
    return Audit(database_url, caller)


def columns_of(url: str) -> list[tuple[str, str]]:
    with closing(psycopg.connect(url)) as connection:
        return connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'auditentry'"
        ).fetchall()


async def test_the_hash_is_over_every_column(audit: Audit) -> None:
    columns = {name for name, _ in columns_of(audit.url)} - {"hash"}
    assert columns - {"created_at"} == set(FIELDS) - {"occurred_at"}


@pytest.mark.parametrize("seq", [1, 6, ENTRIES])
async def test_any_column_that_is_changed_is_found(audit: Audit, seq: int) -> None:
    for column, kind in columns_of(audit.url):
        where = f"WHERE seq = {seq}"
        for value in (OTHER_VALUES[kind], "NULL"):
            if column == "id" and value == "NULL":
                continue
            verdict = await audit.after(
                f'UPDATE auditentry SET "{column}" = {value} {where}'
                f' AND "{column}" IS DISTINCT FROM {value}'
            )
            untouched = value == "NULL" and not verdict.troubles
            if untouched:  # it was null before
                with closing(psycopg.connect(audit.url)) as connection:
                    row = connection.execute(f'SELECT "{column}" FROM kept {where}'.encode())
                    assert row.fetchone() == (None,), column
                continue
            told = " ".join(verdict.troubles)
            assert re.search(rf"\b{seq}\b|another organization", told), (column, value, told)


async def test_a_change_is_told_by_its_entry(audit: Audit) -> None:
    change = "UPDATE auditentry SET actor_name = 'eve' WHERE seq IN (3, 7)"
    assert await audit.troubles(change) == ["Entry 3 was changed.", "Entry 7 was changed."]


async def test_missing_entries_are_told_wherever_they_are(audit: Audit) -> None:
    def without(condition: str) -> str:
        return f"DELETE FROM auditentry WHERE seq {condition}"

    assert await audit.troubles(without("= 1")) == ["Entry 1 is missing."]
    assert await audit.troubles(without("<= 3")) == ["Entries 1 to 3 are missing."]
    assert await audit.troubles(without("= 6")) == ["Entry 6 is missing."]
    assert await audit.troubles(without("IN (4, 6, 7)")) == [
        "Entry 4 is missing.",
        "Entries 6 to 7 are missing.",
    ]
    assert await audit.troubles(without("= 12")) == ["Entry 12 is missing: the end was cut off."]
    assert await audit.troubles(without("> 9")) == [
        "Entries 10 to 12 are missing: the end was cut off."
    ]
    assert await audit.troubles("DELETE FROM auditentry") == [
        "Entries 1 to 12 are missing: the end was cut off."
    ]


@pytest.mark.parametrize(("one", "other"), [(3, 9), (5, 6), (1, 12)])
async def test_two_that_are_swapped_are_told(audit: Audit, one: int, other: int) -> None:
    swap = f"UPDATE auditentry SET seq = {one + other} - seq WHERE seq IN ({one}, {other})"
    assert sorted(await audit.troubles(swap)) == sorted(
        [
            f"Entry {other} stands in the place of entry {one}.",
            f"Entry {one} stands in the place of entry {other}.",
        ]
    )


REHASH = "UPDATE auditentry SET hash = sha256(convert_to(audit_text(auditentry), 'UTF8'))"


async def test_a_forger_who_hashes_again_is_found_at_the_next_link(audit: Audit) -> None:
    forged = await audit.troubles(
        "UPDATE auditentry SET actor_name = 'eve' WHERE seq = 4", f"{REHASH} WHERE seq = 4"
    )
    assert forged == ["Entry 5 does not follow entry 4: one of them was replaced."]
    last = await audit.troubles(
        "UPDATE auditentry SET actor_name = 'eve' WHERE seq = 12", f"{REHASH} WHERE seq = 12"
    )
    assert last == ["Entry 12 is not the one that the chain's head names: it was replaced."]
    first = await audit.troubles(
        "UPDATE auditentry SET previous_hash = sha256('eve') WHERE seq = 1",
        f"{REHASH} WHERE seq = 1",
    )
    assert first[0] == "Entry 1 does not begin the chain: it was replaced."


async def test_a_noted_head_finds_what_was_forged_from_end_to_end(audit: Audit) -> None:
    noted = (await verdict_on(audit.caller.installation)).last
    assert noted.seq == ENTRIES
    assert (await verdict_on(audit.caller.installation, noted)).is_whole
    cut = (
        "DELETE FROM auditentry WHERE seq > 8",
        "UPDATE audithead SET seq = 8, hash = (SELECT hash FROM auditentry WHERE seq = 8)",
    )
    assert await audit.troubles(*cut) == []
    found = await audit.after(*cut, noted=noted)
    assert found.troubles == ["The noted entry 12 is missing."]
    forged = await audit.after(
        "UPDATE auditentry SET actor_name = 'eve' WHERE seq = 12",
        f"{REHASH} WHERE seq = 12",
        "UPDATE audithead SET hash = (SELECT hash FROM auditentry WHERE seq = 12)",
        noted=noted,
    )
    assert forged.troubles == ["Entry 12 is not the one that was noted."]


async def test_a_head_that_is_moved_or_gone_is_told(audit: Audit) -> None:
    assert await audit.troubles("UPDATE audithead SET seq = 8") == [
        "The chain's head names entry 8 as the last, but there are more."
    ]
    assert await audit.troubles("DELETE FROM audithead") == [
        "The chain has no head: nothing says where it should end."
    ]


async def test_an_entry_put_in_beside_the_chain_is_told(audit: Audit) -> None:
    assert await audit.troubles(INSERT) == [
        "The chain's head names entry 12 as the last, but there are more.",
        "Entry 500 was changed.",
        "Entries 13 to 499 are missing.",
    ]
    assert await audit.troubles(INSERT.replace("500", "5")) != []


async def test_what_is_inserted_by_hand_is_chained_like_any_other(
    caller: Caller, app: App, database_url: str
) -> None:
    before = await audit_of(caller.installation)
    with closing(psycopg.connect(database_url)) as connection, connection.transaction():
        connection.execute(INSERT.encode())
    assert (await verdict_on(caller.installation)).is_whole
    forged = (await audit_of(caller.installation))[-1]
    assert (forged.seq, forged.previous_hash) == (len(before) + 1, before[-1].hash)


async def test_the_head_is_moved_by_entries_alone(
    caller: Caller, app: App, database_url: str
) -> None:
    for statement in (
        "UPDATE audithead SET seq = 0",
        "DELETE FROM audithead",
        "TRUNCATE audithead",
    ):
        with (
            closing(psycopg.connect(database_url)) as connection,
            pytest.raises(RestrictViolation, match="append-only"),
        ):
            connection.execute(statement.encode())
    await caller.create_app("another")
    assert (await verdict_on(caller.installation)).is_whole


async def test_an_export_goes_on_where_it_is_told_and_ends_at_its_head(
    caller: Caller, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "EXPORTED_AT_ONCE", 3)
    whole = await exported(caller.installation, caller.principal)
    export = await audit_log.export_entries(
        caller.installation.database, principal=caller.principal, filter=AuditFilter(), after=1
    )
    await caller.create_app("another")
    pages = [page async for page in export.lines]
    assert [line for page in pages for line in page] == whole[1:]
    assert all(len(page) <= 3 for page in pages)
    assert export.head.seq == len(whole)
