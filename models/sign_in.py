"""Sessions of the dashboard, the one-time links that open one, and sign-ins that are spent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Record, enum_type

MAXIMUM_USER_AGENT = 200


class SignInMethod(StrEnum):
    """How a member signed in."""

    LINK = "LINK"
    OIDC = "OIDC"


class SignInSession(Record, table=True):
    """A member signed in to the dashboard, in one browser; its cookie is kept as a keyed digest.

    ``expires_at`` moves on with use, never past ``ends_at``. A session only ever ends:
    ``ended_at`` is set once, and from then on nothing changes.
    """

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        sa.CheckConstraint("expires_at <= ends_at", name="expiry_bounded"),
        sa.CheckConstraint(
            f"char_length(user_agent) <= {MAXIMUM_USER_AGENT}", name="user_agent_length"
        ),
        sa.Index("ix_signinsession_member_id", "member_id", "created_at"),
    )

    member_id: UUID = Field(foreign_key="member.id", ondelete="RESTRICT")
    digest: bytes
    method: SignInMethod = Field(sa_type=enum_type(SignInMethod, name="method"))
    user_agent: str
    last_seen_at: datetime
    expires_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


class SignInLink(Record, table=True):
    """A link that signs its member in once; only the keyed digest of its token is kept."""

    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest_length"),
    )

    member_id: UUID = Field(foreign_key="member.id", ondelete="RESTRICT")
    digest: bytes
    expires_at: datetime
    used_at: datetime | None = None


class SpentSignIn(SQLModel, table=True):
    """The state of a sign-in at the identity provider that came back; it comes back once.

    Kept until the state would be refused for its age alone.
    """

    __table_args__ = (sa.CheckConstraint("octet_length(digest) = 32", name="digest_length"),)

    digest: bytes = Field(primary_key=True)
    expires_at: datetime = Field(index=True)
