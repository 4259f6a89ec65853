"""The people of the organization: their roles, their invitations, their tokens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from models.actor import Acted
from models.base import Record, enum_type
from models.organization import Role

ROLE_NAME_PATTERN = "^[A-Za-z][A-Za-z0-9 _-]{0,39}$"
MAXIMUM_EMAIL = 254
MAXIMUM_MEMBER_NAME = 200
MAXIMUM_TOKEN_NAME = 100
_ONE_ROLE = "(role IS NULL) <> (custom_role_id IS NULL)"
_EMAIL = f"email = lower(email) AND char_length(email) BETWEEN 3 AND {MAXIMUM_EMAIL}"


class CustomRole(Record, table=True):
    """A named list of permissions, for where no built-in role fits.

    A deleted one stays, for the invitations that were made with it; its name is free.
    """

    __table_args__ = (
        sa.CheckConstraint(f"name ~ '{ROLE_NAME_PATTERN}'", name="name_format"),
        sa.CheckConstraint("cardinality(permissions) > 0", name="permissions_some"),
        sa.Index(
            "uq_customrole_living_name",
            "organization_id",
            "name",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    name: str
    permissions: list[str] = Field(sa_type=ARRAY(sa.String))
    deleted_at: datetime | None = None


class Member(Record, table=True):
    """A person of the organization, with a built-in role or a custom one.

    ``email`` is in lower case. ``issuer`` and ``subject`` are who an identity provider says they
    are, from their first sign-in on. One who left is deactivated, and what they did stays theirs.
    A trigger keeps the last active owner.
    """

    __table_args__ = (
        sa.UniqueConstraint("organization_id", "email"),
        sa.UniqueConstraint("issuer", "subject"),
        sa.CheckConstraint(_ONE_ROLE, name="one_role"),
        sa.CheckConstraint(_EMAIL, name="email_format"),
        sa.CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="identity_whole"),
        sa.CheckConstraint(
            f"char_length(name) BETWEEN 1 AND {MAXIMUM_MEMBER_NAME}", name="name_length"
        ),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    name: str
    email: str | None = None
    issuer: str | None = None
    subject: str | None = None
    role: Role | None = Field(default=None, sa_type=enum_type(Role, name="role"))
    custom_role_id: UUID | None = Field(
        default=None, foreign_key="customrole.id", ondelete="RESTRICT"
    )
    deactivated_at: datetime | None = None


class AppAccess(SQLModel, table=True):
    """What a member may do in one app, instead of what they may everywhere.

    Without either role the app is switched off for them: it answers as if it did not exist.
    An app has no owner of its own, and an owner has no access of this kind.
    """

    __table_args__ = (
        sa.CheckConstraint("role IS NULL OR custom_role_id IS NULL", name="one_role_at_most"),
        sa.CheckConstraint("role <> 'OWNER'", name="no_owner"),
    )

    member_id: UUID = Field(foreign_key="member.id", ondelete="RESTRICT", primary_key=True)
    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT", primary_key=True)
    role: Role | None = Field(default=None, sa_type=enum_type(Role, name="role"))
    custom_role_id: UUID | None = Field(
        default=None, foreign_key="customrole.id", ondelete="RESTRICT"
    )


class InvitationState(StrEnum):
    """How an invitation is."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class Invitation(Record, Acted, table=True):
    """A standing offer to become a member, made by the actor; it is accepted once, or ends."""

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint(_ONE_ROLE, name="one_role"),
        sa.CheckConstraint(_EMAIL, name="email_format"),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (member_id IS NULL)", name="accepted_by_a_member"
        ),
        sa.Index(
            "uq_invitation_open",
            "organization_id",
            "email",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    email: str
    role: Role | None = Field(default=None, sa_type=enum_type(Role, name="role"))
    custom_role_id: UUID | None = Field(
        default=None, foreign_key="customrole.id", ondelete="RESTRICT"
    )
    digest: bytes
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None
    member_id: UUID | None = Field(default=None, foreign_key="member.id", ondelete="RESTRICT")

    def state_at(self, time: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.OPEN if time < self.expires_at else InvitationState.EXPIRED


class AccessToken(Record, table=True):
    """A bearer token of a member; only its keyed digest is kept, and its beginning to tell it by.

    It only ever ends: ``revoked_at`` is set once, ``last_used_at`` moves, nothing else changes.
    """

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint(
            f"char_length(name) BETWEEN 1 AND {MAXIMUM_TOKEN_NAME}", name="name_length"
        ),
    )

    member_id: UUID = Field(foreign_key="member.id", ondelete="RESTRICT", index=True)
    name: str
    prefix: str
    digest: bytes
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
