"""Kept builds."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from models.base import Record, enum_type
from models.kinds import Language


class Artifact(Record, table=True):
    """A finished build of an app, kept for ever in the object store.

    ``pinned`` builds were made for a pinned environment, the others for dev, and neither serves
    the other: what ships was built when it was promoted, not when it was pushed.
    ``key`` is the digest of everything that went in; a forced rebuild makes a second artifact
    of the same key and the newest is used. ``inputs`` maps each path that went in to its object
    id and ``variables`` each build-time variable to its value's fingerprint, so that a later
    miss can say what changed. ``digest`` is the SHA-256 of the stored bytes.
    """

    __table_args__ = (sa.Index("ix_artifact_key", "app_id", "pinned", "key", "created_at"),)

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT")
    pinned: bool
    key: str
    store_path: str
    digest: str
    size: int = Field(sa_type=sa.BigInteger)
    handler: str
    language: Language = Field(sa_type=enum_type(Language, name="language"))
    inputs: dict[str, str] = Field(sa_type=JSONB)
    variables: dict[str, str] = Field(default_factory=dict[str, str], sa_type=JSONB)
