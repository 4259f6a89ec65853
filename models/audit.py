"""Who asked for what, and the answers given to repeated requests."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from models.actor import Acted
from models.base import Record


class AuditEntry(Record, Acted, table=True):
    """An act of a principal; appended in the act's own transaction and never changed."""

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    app_id: UUID | None = Field(default=None, foreign_key="app.id", ondelete="RESTRICT")
    action: str
    subject_id: UUID
    facts: dict[str, Any] = Field(sa_type=JSONB)
    request_id: str | None = None


class IdempotentRequest(Record, table=True):
    """A request made under an idempotency key, and the row it made."""

    __table_args__ = (sa.UniqueConstraint("principal_id", "key"),)

    principal_id: UUID
    key: str
    operation: str
    input_digest: bytes
    subject_id: UUID
