"""Runtimes: what should run, what does, and what it says."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import Record, enum_type, utc_now
from models.deployment import FailureClass


class RuntimeState(StrEnum):
    """How a runtime is."""

    STARTING = "STARTING"
    HEALTHY = "HEALTHY"
    FAILED = "FAILED"
    DRAINING = "DRAINING"
    STOPPED = "STOPPED"


class Runtime(Record, table=True):
    """One deployment's handler over one snapshot's content, as it is kept running.

    A ``trial`` has yet to turn healthy for the first time and gets one try: it is a candidate
    for a pin, which ``attempt_token`` asked for, or one of dev's. Any other runtime that dies is
    started again; ``restarts`` counts. ``proven`` ones have been healthy. ``supervisor_id`` is
    the supervisor that has it: one that lost its hold has another id and its writes are refused.
    ``address`` is where it listens, and ``secret`` (encrypted) signs what is sent there.
    ``variables`` are the environment's as they were at its ``variables_revision``, each value
    encrypted: it keeps its own for as long as it lives. ``reason`` says why it failed, or died
    last. Once ``ended_at`` is set nothing of it runs, it holds no secret and it never changes
    again.
    """

    __table_args__ = (
        sa.CheckConstraint("restarts >= 0", name="restarts_counted"),
        sa.CheckConstraint(
            "ended_at IS NULL OR (state IN ('FAILED', 'STOPPED') AND address IS NULL)",
            name="ended_at_rest",
        ),
        sa.CheckConstraint(
            "state <> 'HEALTHY' OR (address IS NOT NULL AND supervisor_id IS NOT NULL)",
            name="healthy_reachable",
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (secret IS NOT NULL) AND (secret IS NULL) = (variables IS NULL)",
            name="ended_without_secrets",
        ),
        sa.Index(
            "uq_runtime_living",
            "deployment_id",
            "snapshot_id",
            "variables_revision",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL AND state <> 'DRAINING'"),
        ),
        sa.Index("ix_runtime_environment_id", "environment_id", "created_at"),
        sa.Index("ix_runtime_deployment_id", "deployment_id", "snapshot_id", "created_at"),
    )

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT")
    environment_id: UUID = Field(foreign_key="environment.id", ondelete="RESTRICT")
    deployment_id: UUID = Field(foreign_key="deployment.id", ondelete="RESTRICT")
    snapshot_id: UUID = Field(foreign_key="snapshot.id", ondelete="RESTRICT")
    artifact_id: UUID = Field(foreign_key="artifact.id", ondelete="RESTRICT")
    state: RuntimeState = Field(
        default=RuntimeState.STARTING, sa_type=enum_type(RuntimeState, name="state")
    )
    since: datetime = Field(default_factory=utc_now)
    variables_revision: int = 0
    variables: dict[str, str] | None = Field(
        default=None, sa_type=JSONB(none_as_null=True), repr=False
    )
    trial: bool
    proven: bool = False
    attempt_token: UUID | None = None
    supervisor_id: UUID | None = None
    address: str | None = None
    secret: bytes | None = Field(default=None, repr=False)
    failure_class: FailureClass | None = Field(
        default=None, sa_type=enum_type(FailureClass, name="failure_class")
    )
    reason: str | None = None
    restarts: int = 0
    ended_at: datetime | None = None


class RuntimeLogLine(SQLModel, table=True):
    """A line that a runtime of the environment printed.

    ``seq`` counts the environment's lines without a gap, whichever runtime wrote them. Only the
    newest are kept.
    """

    __table_args__ = (sa.Index("ix_runtimelogline_runtime_id", "runtime_id", "seq"),)

    environment_id: UUID = Field(
        foreign_key="environment.id", ondelete="RESTRICT", primary_key=True
    )
    seq: int = Field(sa_type=sa.BigInteger, primary_key=True)
    runtime_id: UUID = Field(foreign_key="runtime.id", ondelete="RESTRICT")
    at: datetime = Field(default_factory=utc_now)
    text: str
