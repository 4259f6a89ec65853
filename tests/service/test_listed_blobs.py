"""What a snapshot lists is there, and stays for as long as it is listed: the database keeps it."""

import threading
from collections.abc import Generator
from hashlib import sha256
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import ForeignKeyViolation

from models import Environment
from services.installation import Installation
from tests.support.callers import Caller
from tests.support.racing import until_waiting

LIST = """
    INSERT INTO snapshotentry (snapshot_id, path, kind, digest, size)
    SELECT * FROM unnest(%(snapshots)s::uuid[], %(paths)s::text[], %(kinds)s::text[],
        %(digests)s::bytea[], %(sizes)s::int[])
"""
KEEP = "INSERT INTO blob (digest, size, content) VALUES (%s, 1, 'x')"
RELEASE = "DELETE FROM blob WHERE digest = %s"
UNKNOWN = sha256(b"unknown").digest()
Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def connection(database_url: str) -> Generator[Connection]:
    with psycopg.connect(database_url) as connection:
        yield connection


@pytest.fixture
def blob(connection: Connection) -> bytes:
    """A blob that nothing lists."""
    digest = sha256(b"x").digest()
    connection.execute(KEEP, [digest])
    connection.commit()
    return digest


@pytest.fixture
async def snapshot(caller: Caller, dev: Environment, staging: Environment) -> UUID:
    snapshot_id = (await caller.release(dev, staging)).snapshot_id
    assert snapshot_id is not None
    return snapshot_id


def list_blobs(connection: Connection, *listed: tuple[UUID, bytes]) -> None:
    """Have snapshots list blobs, all with one statement."""
    connection.execute(
        LIST,
        {
            "snapshots": [snapshot for snapshot, _ in listed],
            "paths": [f"added-{number}.prompt.mdx" for number in range(len(listed))],
            "kinds": ["PROMPT"] * len(listed),
            "digests": [digest for _, digest in listed],
            "sizes": [1] * len(listed),
        },
    )


async def test_no_entry_is_of_a_blob_that_is_not_there(
    connection: Connection, snapshot: UUID, blob: bytes
) -> None:
    with pytest.raises(ForeignKeyViolation, match="of no blob"):
        list_blobs(connection, (snapshot, blob), (snapshot, UNKNOWN))


async def test_no_entry_is_of_a_snapshot_that_is_not_there(
    connection: Connection, snapshot: UUID, blob: bytes
) -> None:
    with pytest.raises(ForeignKeyViolation, match="of no snapshot"):
        list_blobs(connection, (snapshot, blob), (uuid4(), blob))


async def test_a_blob_stays_while_it_is_listed(
    connection: Connection, snapshot: UUID, blob: bytes
) -> None:
    list_blobs(connection, (snapshot, blob), (snapshot, blob))
    connection.commit()
    with pytest.raises(ForeignKeyViolation, match="still lists"):
        connection.execute(RELEASE, [blob])
    connection.rollback()

    connection.execute("DELETE FROM snapshotentry WHERE digest = %s", [blob])
    assert connection.execute(RELEASE, [blob]).rowcount == 1


@pytest.mark.parametrize("first", ["list", "release"])
async def test_of_two_who_list_and_release_a_blob_at_once_the_second_is_refused(
    installation: Installation,
    database_url: str,
    connection: Connection,
    snapshot: UUID,
    blob: bytes,
    first: LiteralString,
) -> None:
    def list_it(connection: Connection) -> None:
        list_blobs(connection, (snapshot, blob))

    def release_it(connection: Connection) -> None:
        connection.execute(RELEASE, [blob])

    now, then = (list_it, release_it) if first == "list" else (release_it, list_it)
    refused: list[ForeignKeyViolation] = []

    def second() -> None:
        try:
            with psycopg.connect(database_url) as other:
                then(other)
        except ForeignKeyViolation as error:
            refused.append(error)

    now(connection)
    thread = threading.Thread(target=second)
    thread.start()
    await until_waiting(installation, 1)
    connection.commit()
    thread.join()

    assert refused
