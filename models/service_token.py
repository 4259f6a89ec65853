"""Service tokens: what CI and other services of the team show."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from models.actor import Acted
from models.api_key import MAXIMUM_KEY_NAME, SHOWN_PREFIX
from models.base import Record, enum_type
from models.organization import Role


class ServiceToken(Record, Acted, table=True):
    """A token of the organization, kept as a keyed digest; the actor is who made it.

    It holds a built-in role below owner or a list of permissions, in every app or in the named
    ones alone. It only ever ends: ``revoked_at`` is set once, ``last_used_at`` moves.
    """

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        sa.CheckConstraint(
            f"char_length(name) BETWEEN 1 AND {MAXIMUM_KEY_NAME}", name="name_length"
        ),
        sa.CheckConstraint(f"char_length(prefix) = {SHOWN_PREFIX}", name="prefix_length"),
        sa.CheckConstraint(
            "(role IS NULL) = (cardinality(permissions) > 0)", name="role_or_permissions"
        ),
        sa.CheckConstraint("role <> 'OWNER'", name="below_owner"),
        sa.CheckConstraint("cardinality(app_ids) > 0", name="apps_some"),
        sa.Index("ix_servicetoken_organization_id", "organization_id", "created_at"),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    name: str
    prefix: str
    digest: bytes
    role: Role | None = Field(default=None, sa_type=enum_type(Role, name="role"))
    permissions: list[str] = Field(default_factory=list, sa_type=ARRAY(sa.String))
    app_ids: list[UUID] | None = Field(default=None, sa_type=ARRAY(sa.Uuid))
    """The apps it is limited to; None is every one."""
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
