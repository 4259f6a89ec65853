"""The installation's one organization, its members and their tokens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Record, enum_type


class Plan(StrEnum):
    """How much an organization may make; a self-hosted one is on Enterprise unless told."""

    FREE = "FREE"
    GROWTH = "GROWTH"
    TEAM = "TEAM"
    ENTERPRISE = "ENTERPRISE"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def environment_limit(self) -> int | None:
        """Environments per app, the default one counted; None is unlimited."""
        return {Plan.FREE: 2, Plan.GROWTH: 4, Plan.TEAM: 10}.get(self)


class Role(StrEnum):
    """What a member may do everywhere in the organization."""

    OWNER = "OWNER"


class Organization(Record, table=True):
    """An installation is one organization: a unique index over a constant keeps it so.

    ``fingerprint_key`` (encrypted, made when it is first needed) is what values of variables are
    recognised by. It stays the same whichever secret it is encrypted under.
    """

    __table_args__ = (
        sa.CheckConstraint("singleton", name="singleton"),
        sa.UniqueConstraint("singleton"),
    )

    name: str
    plan: Plan = Field(default=Plan.ENTERPRISE, sa_type=enum_type(Plan, name="plan"))
    singleton: bool = True
    fingerprint_key: bytes | None = Field(default=None, repr=False)


class Member(Record, table=True):
    """A person of the organization."""

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    name: str
    role: Role = Field(sa_type=enum_type(Role, name="role"))


class AccessToken(Record, table=True):
    """A bearer token of a member; only its keyed digest is kept."""

    __table_args__ = (sa.UniqueConstraint("digest"),)

    member_id: UUID = Field(foreign_key="member.id", ondelete="RESTRICT", index=True)
    digest: bytes
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
