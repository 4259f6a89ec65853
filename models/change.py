"""Changes: which transactions of late have written to what."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

ORGANIZATION = UUID(int=0)
"""The scope of what the answers about every app depend on: who may do what, and which apps are."""
PRUNED = UUID(int=2**128 - 1)
"""The scope of a mark that was left in place of all that were removed."""


class Change(SQLModel, table=True):
    """That a transaction changed something of an app, or of the organization.

    Triggers write it, whoever the writer is. The table is not logged: a crash empties it, and
    whoever had read it notices that Postgres was started again.
    """

    __table_args__ = (
        sa.Index("ix_change_noted_at", "noted_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    transaction_id: int = Field(sa_type=sa.BigInteger, primary_key=True)
    scope: UUID = Field(primary_key=True)
    noted_at: datetime = Field(sa_column_kwargs={"server_default": sa.func.now()})
    pruned_to: int | None = Field(default=None, sa_type=sa.BigInteger)
    """Of a mark: the newest transaction whose row was removed; the mark's own removed them."""
