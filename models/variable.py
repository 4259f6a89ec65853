"""Environment variables: what builds and runtimes of one environment are given."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.actor import Acted
from models.base import Record, enum_type, utc_now

VARIABLE_NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]{0,127}$"
MAXIMUM_VALUE_BYTES = 32 * 1024
FINGERPRINT_BYTES = 32


class VariablePhase(StrEnum):
    """Who is given a variable."""

    BUILD = "BUILD"
    RUNTIME = "RUNTIME"
    BOTH = "BOTH"

    @property
    def builds(self) -> bool:
        return self is not VariablePhase.RUNTIME

    @property
    def runs(self) -> bool:
        return self is not VariablePhase.BUILD


class EnvironmentVariable(Record, Acted, table=True):
    """A named value of one environment; it is never promoted and goes with its environment.

    ``value`` is encrypted; the database refuses what does not look so. ``size`` is the length of
    the value in bytes. ``fingerprint`` is a keyed digest: two values of an app have the same one
    when they are equal, and without the key it tells nothing of a value. The actor is who
    changed it last.
    """

    __table_args__ = (
        sa.UniqueConstraint("environment_id", "name"),
        sa.CheckConstraint(f"name ~ '{VARIABLE_NAME_PATTERN}'", name="name_format"),
        sa.CheckConstraint(f"size BETWEEN 0 AND {MAXIMUM_VALUE_BYTES}", name="size_bounded"),
        sa.CheckConstraint("substring(value FROM 1 FOR 5) = 'gAAAA'", name="value_encrypted"),
        sa.CheckConstraint("octet_length(value) <= 2 * size + 200", name="value_length"),
        sa.CheckConstraint(
            f"octet_length(fingerprint) = {FINGERPRINT_BYTES}", name="fingerprint_length"
        ),
    )

    environment_id: UUID = Field(foreign_key="environment.id", ondelete="RESTRICT")
    name: str
    phase: VariablePhase = Field(sa_type=enum_type(VariablePhase, name="phase"))
    value: bytes = Field(repr=False)
    size: int
    fingerprint: bytes = Field(repr=False)
    updated_at: datetime = Field(default_factory=utc_now)
