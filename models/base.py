"""What every table shares: identity, a birth date, and enums kept as checked text."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    return datetime.now(UTC)


def enum_type(enum: type[StrEnum], *, name: str) -> Any:
    """Store an enum's values as text under the check constraint ``ck_<table>_<name>``.

    Typed ``Any`` because SQLModel declares ``sa_type`` as a class, though it takes an instance.
    """

    def values(members: type[StrEnum]) -> list[str]:
        return [member.value for member in members]

    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=values,
        length=32,
    )


def one_of(column: str, *members: StrEnum) -> str:
    """SQL that is true when ``column`` holds one of ``members``."""
    listed = ", ".join(f"'{member.value}'" for member in members)
    return f"{column} IN ({listed})"


class Record(SQLModel):
    """A row with an identity and a birth date."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=utc_now)
