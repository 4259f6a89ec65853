"""API keys: what programs show instead of a person's token."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from models.actor import Acted
from models.base import Record

MAXIMUM_KEY_NAME = 100
SHOWN_PREFIX = 17
"""How many of a key's first characters are kept to tell it by."""


class ApiKey(Record, Acted, table=True):
    """A key of one environment, kept as a keyed digest; the actor is who made it.

    An ``internal`` one is a runtime's own: made by Pinmark, in no list and under no limit. A key
    only ever ends: ``revoked_at`` is set once, ``last_used_at`` moves, nothing else changes.
    """

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        sa.CheckConstraint(
            f"char_length(name) BETWEEN 1 AND {MAXIMUM_KEY_NAME}", name="name_length"
        ),
        sa.CheckConstraint(f"char_length(prefix) = {SHOWN_PREFIX}", name="prefix_length"),
        sa.CheckConstraint("cardinality(permissions) > 0", name="permissions_some"),
        sa.ForeignKeyConstraint(
            ["environment_id", "app_id"],
            ["environment.id", "environment.app_id"],
            name="fk_apikey_environment",
        ),
        sa.Index("ix_apikey_app_id", "app_id", "created_at"),
        sa.Index("ix_apikey_environment_id", "environment_id"),
    )

    app_id: UUID
    environment_id: UUID
    name: str
    prefix: str
    digest: bytes
    permissions: list[str] = Field(sa_type=ARRAY(sa.String))
    internal: bool = False
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
