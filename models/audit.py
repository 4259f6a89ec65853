"""Who asked for what, and the answers given to repeated requests."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.actor import Acted
from models.base import Record, enum_type

_OBJECT: Any = JSONB(none_as_null=True)


class AuditOutcome(StrEnum):
    """What became of an act."""

    SUCCEEDED = "SUCCEEDED"
    REFUSED = "REFUSED"


class AuditEntry(Record, Acted, table=True):
    """An act of a principal, or its refusal: a link of the organization's chain, never changed.

    The database gives ``seq`` and both hashes as it takes the row, whoever inserts it.
    """

    __table_args__ = (
        sa.UniqueConstraint("organization_id", "seq"),
        sa.CheckConstraint("(subject_id IS NULL) = (subject_kind IS NULL)", name="subject_whole"),
        sa.CheckConstraint(
            "octet_length(previous_hash) = 32 AND octet_length(hash) = 32", name="hash_length"
        ),
        *(
            sa.CheckConstraint(f"jsonb_typeof({column}) = 'object'", name=f"{column}_object")
            for column in ("before", "after", "facts")
        ),
        *(
            sa.Index(f"ix_auditentry_{column}", column, "seq")
            for column in ("app_id", "environment_id", "actor_id")
        ),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    seq: int = Field(sa_type=sa.BigInteger)
    action: str
    outcome: AuditOutcome = Field(sa_type=enum_type(AuditOutcome, name="outcome"))
    subject_kind: str | None = None
    subject_id: UUID | None = None
    app_id: UUID | None = Field(default=None, foreign_key="app.id", ondelete="RESTRICT")
    environment_id: UUID | None = Field(
        default=None, foreign_key="environment.id", ondelete="RESTRICT"
    )
    before: dict[str, Any] | None = Field(default=None, sa_type=_OBJECT)
    after: dict[str, Any] | None = Field(default=None, sa_type=_OBJECT)
    facts: dict[str, Any] = Field(sa_type=_OBJECT)
    request_id: str | None = None
    previous_hash: bytes
    hash: bytes


class AuditHead(SQLModel, table=True):
    """The end of an organization's chain; it moves with the entries and by nothing else."""

    __table_args__ = (
        sa.CheckConstraint("seq >= 0", name="seq_counted"),
        sa.CheckConstraint("octet_length(hash) = 32", name="hash_length"),
    )

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organization.id", ondelete="RESTRICT"
    )
    seq: int = Field(sa_type=sa.BigInteger)
    hash: bytes


class IdempotentRequest(Record, table=True):
    """A request made under an idempotency key, and the row it made."""

    __table_args__ = (sa.UniqueConstraint("principal_id", "key"),)

    principal_id: UUID
    key: str
    operation: str
    input_digest: bytes
    subject_id: UUID
