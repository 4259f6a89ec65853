"""Snapshots: the content of one environment at one commit, its own from the first byte.

Blobs are kept once under their SHA-256; a snapshot's entries name them. Storing blobs needs no
lock and may be done ahead; writing the entries belongs to the transaction that needs them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import FileKind, Snapshot, SnapshotEntry, utc_now
from services.database import Database
from services.fixed_statements import Fixed
from services.held import send
from services.store import Store

INLINE_BYTES = 1024 * 1024
"""Blobs larger than this lie in the object store; Postgres keeps their digest and size."""

_COPY = Fixed(
    text(
        """
        WITH copy AS (
            INSERT INTO snapshot
                (id, created_at, environment_id, commit_sha, configuration, file_count)
            SELECT :copy, :created_at, :environment_id, commit_sha, configuration, file_count
            FROM snapshot WHERE id = :original
        )
        INSERT INTO snapshotentry (snapshot_id, path, kind, digest, size)
        SELECT :copy, path, kind, digest, size FROM snapshotentry WHERE snapshot_id = :original
        """
    )
)


@dataclass(frozen=True)
class StoredFile:
    """A content file whose bytes are kept."""

    path: str
    kind: FileKind
    digest: bytes
    size: int


@dataclass(frozen=True)
class NewFile:
    """A content file read from a commit, its bytes not yet kept."""

    path: str
    kind: FileKind
    content: bytes


async def store_files(
    database: Database, store: Store, files: Sequence[NewFile]
) -> tuple[StoredFile, ...]:
    """Keep the bytes of ``files``; each content is kept once, whoever else has it."""
    stored = tuple(
        StoredFile(file.path, file.kind, sha256(file.content).digest(), len(file.content))
        for file in files
    )
    contents = {entry.digest: file.content for entry, file in zip(stored, files, strict=True)}
    async with database.transaction() as session:
        missing = set(contents) - await _known_digests(session, list(contents))
        for digest in missing:
            if len(contents[digest]) > INLINE_BYTES:
                await store.put(blob_path(digest), contents[digest])
        await _insert_blobs(session, {digest: contents[digest] for digest in missing})
    return stored


async def _known_digests(session: AsyncSession, digests: Sequence[bytes]) -> set[bytes]:
    connection = await session.connection()
    # One array: a thousand parameters would be rendered and parsed anew each time.
    known = await connection.execute(
        text("SELECT digest FROM blob WHERE digest = ANY(CAST(:digests AS bytea[]))"),
        {"digests": digests},
    )
    return set(known.scalars())


async def _insert_blobs(session: AsyncSession, contents: Mapping[bytes, bytes]) -> None:
    if not contents:
        return
    connection = await session.connection()
    # In digest order, so that two writers of the same blobs cannot wait for each other.
    digests = sorted(contents)
    inline = [
        content if len(content) <= INLINE_BYTES else None
        for content in (contents[digest] for digest in digests)
    ]
    await connection.execute(
        text(
            "INSERT INTO blob (digest, size, content)"
            " SELECT * FROM unnest(CAST(:digests AS bytea[]), CAST(:sizes AS int[]),"
            " CAST(:contents AS bytea[])) ON CONFLICT DO NOTHING"
        ),
        {
            "digests": digests,
            "sizes": [len(contents[digest]) for digest in digests],
            "contents": inline,
        },
    )


def blob_path(digest: bytes) -> str:
    return f"blobs/{digest.hex()[:2]}/{digest.hex()}"


async def write_snapshot(
    session: AsyncSession,
    *,
    environment_id: UUID,
    commit_sha: str,
    configuration: dict[str, Any],
    files: Sequence[StoredFile],
) -> UUID:
    """Write an environment's own snapshot of files whose blobs are kept already."""
    snapshot_id = await _write_head(session, environment_id, commit_sha, configuration, len(files))
    connection = await session.connection()
    await connection.execute(
        text(
            "INSERT INTO snapshotentry (snapshot_id, path, kind, digest, size)"
            " SELECT :snapshot_id, * FROM unnest(CAST(:paths AS text[]), CAST(:kinds AS text[]),"
            " CAST(:digests AS bytea[]), CAST(:sizes AS int[]))"
        ),
        {
            "snapshot_id": snapshot_id,
            "paths": [file.path for file in files],
            "kinds": [file.kind.value for file in files],
            "digests": [file.digest for file in files],
            "sizes": [file.size for file in files],
        },
    )
    return snapshot_id


async def copy_snapshot(session: AsyncSession, *, snapshot_id: UUID, environment_id: UUID) -> UUID:
    """Write an environment's own copy of another snapshot, inside Postgres."""
    copy_id = uuid4()
    await send(
        session,
        _COPY,
        original=snapshot_id,
        copy=copy_id,
        created_at=utc_now(),
        environment_id=environment_id,
    )
    return copy_id


async def _write_head(
    session: AsyncSession,
    environment_id: UUID,
    commit_sha: str,
    configuration: dict[str, Any],
    file_count: int,
) -> UUID:
    snapshot = Snapshot(
        id=uuid4(),
        environment_id=environment_id,
        commit_sha=commit_sha,
        configuration=configuration,
        file_count=file_count,
    )
    session.add(snapshot)
    await session.flush()
    return snapshot.id


async def entry_paths(session: AsyncSession, *, snapshot_id: UUID) -> frozenset[str]:
    """The paths of a snapshot's files, in one row: there may be twenty thousand."""
    gathered = select(func.array_agg(SnapshotEntry.path)).where(
        col(SnapshotEntry.snapshot_id) == snapshot_id
    )
    return frozenset((await session.exec(gathered)).one() or ())


async def read_configuration(session: AsyncSession, *, snapshot_id: UUID) -> dict[str, Any]:
    """What ``agentmark.json`` said, as the fields of a ``Configuration``."""
    return (await session.get_one(Snapshot, snapshot_id)).configuration


async def count_entries(session: AsyncSession, *, environment_id: UUID) -> int:
    """How many files the environment's snapshots hold together."""
    connection = await session.connection()
    counted = await connection.execute(
        text(
            "SELECT count(*) FROM snapshotentry JOIN snapshot ON snapshot.id = snapshot_id"
            " WHERE environment_id = :environment_id"
        ),
        {"environment_id": environment_id},
    )
    return counted.scalar_one()


async def release_entries(session: AsyncSession, *, environment_id: UUID) -> int:
    """Let go of what a deleted environment's snapshots held; give how many files that was."""
    connection = await session.connection()
    released = await connection.execute(
        text(
            "DELETE FROM snapshotentry USING snapshot"
            " WHERE snapshot.id = snapshot_id AND environment_id = :environment_id"
        ),
        {"environment_id": environment_id},
    )
    return released.rowcount
