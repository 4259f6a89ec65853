"""Content: blobs by digest, and the snapshots that name them.

An environment's snapshot is its own: nothing that happens to the repository or to the source
changes a byte that it names.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import Record, enum_type
from models.kinds import FileKind

DIGEST_BYTES = 32


class Blob(SQLModel, table=True):
    """The bytes of a file under their SHA-256; large ones lie in the object store instead."""

    __table_args__ = (
        sa.CheckConstraint(f"octet_length(digest) = {DIGEST_BYTES}", name="digest_length"),
        sa.CheckConstraint("content IS NULL OR octet_length(content) = size", name="size_true"),
    )

    digest: bytes = Field(primary_key=True)
    size: int
    content: bytes | None = None


class Snapshot(Record, table=True):
    """The content of one environment at one commit, written once.

    ``configuration`` is what ``agentmark.json`` said. The entries go when the environment is
    deleted; this row stays with the history that names it.
    """

    environment_id: UUID = Field(foreign_key="environment.id", ondelete="RESTRICT", index=True)
    commit_sha: str
    configuration: dict[str, Any] = Field(sa_type=JSONB)
    file_count: int


class SnapshotEntry(SQLModel, table=True):
    """One file of a snapshot.

    That the snapshot and the blob are there is kept by triggers (migration 0014), which look once
    for all that one statement adds.
    """

    snapshot_id: UUID = Field(primary_key=True)
    path: str = Field(primary_key=True)
    kind: FileKind = Field(sa_type=enum_type(FileKind, name="kind"))
    digest: bytes
    size: int
