"""The installation's one organization, its plan, and the built-in roles."""

from enum import StrEnum

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

    @property
    def api_key_limit(self) -> int | None:
        """Living API keys per app; None is unlimited."""
        return {Plan.FREE: 5, Plan.GROWTH: 20, Plan.TEAM: 100}.get(self)

    @property
    def app_limit(self) -> int | None:
        """Apps; None is unlimited."""
        return {Plan.FREE: 3, Plan.GROWTH: 10, Plan.TEAM: 50}.get(self)


class Role(StrEnum):
    """A built-in role: what a member may do everywhere in the organization, or in one app."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    WRITE = "WRITE"
    READ = "READ"


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
