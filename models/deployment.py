"""Deployments: the record of every run of the pipeline into an environment."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from models.actor import Acted
from models.base import Record, enum_type, one_of
from models.override import Override


class DeploymentKind(StrEnum):
    """Why the deployment was made."""

    PUSH = "PUSH"
    PROMOTION = "PROMOTION"
    ROLLBACK = "ROLLBACK"
    REDEPLOY = "REDEPLOY"


class DeploymentStatus(StrEnum):
    """The whole, computed from the two steps."""

    IN_PROGRESS = "IN_PROGRESS"
    DEPLOYED = "DEPLOYED"
    FAILED = "FAILED"


class FileSyncStatus(StrEnum):
    """How far the content is."""

    PENDING = "PENDING"
    SYNCING = "SYNCING"
    SYNCED = "SYNCED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"

    @property
    def is_settled(self) -> bool:
        return self not in {FileSyncStatus.PENDING, FileSyncStatus.SYNCING}


class CodeBuildStatus(StrEnum):
    """How far the code is."""

    PENDING = "PENDING"
    BUILDING = "BUILDING"
    DEPLOYED = "DEPLOYED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"

    @property
    def is_settled(self) -> bool:
        return self not in {CodeBuildStatus.PENDING, CodeBuildStatus.BUILDING}


class FailureClass(StrEnum):
    """Whose trouble a failure is."""

    CONTENT = "CONTENT"
    BUILD = "BUILD"
    RUNTIME = "RUNTIME"
    INFRASTRUCTURE = "INFRASTRUCTURE"
    CANCELLED = "CANCELLED"


class CacheDecisionKind(StrEnum):
    """Why a kept build was used, or was not."""

    HIT = "HIT"
    MISS_NO_PREVIOUS_BUILD = "MISS_NO_PREVIOUS_BUILD"
    MISS_CODE_CHANGED = "MISS_CODE_CHANGED"
    MISS_VARIABLES_CHANGED = "MISS_VARIABLES_CHANGED"
    FORCED_REBUILD = "FORCED_REBUILD"
    FORCED_SKIP = "FORCED_SKIP"
    NO_HANDLER = "NO_HANDLER"


MAXIMUM_NOTE = 2000

_SUCCEEDED = "settled_at IS NOT NULL AND file_sync <> 'FAILED' AND code_build <> 'FAILED'"


class Deployment(Record, Acted, table=True):
    """One run of the pipeline into an environment, and for ever the record of it.

    What was asked never changes: environment, kind, commit, version, source, note, override.
    What happened is written while it runs; once ``settled_at`` is set a trigger refuses any
    change. ``override`` is what the commit message asked of this deployment. ``ordinal``
    counts within the environment, oldest first. ``attempt_token`` is held by the worker that runs
    it now: a worker that comes back from the dead holds an old one and its writes are refused.
    ``content_problems`` lists what is wrong with the files, as ``path``, ``line``, ``message``
    and ``code``, which rows from before there were codes do not have.
    """

    __table_args__ = (
        sa.UniqueConstraint("environment_id", "ordinal"),
        sa.CheckConstraint("commit_sha ~ '^[0-9a-f]{40}$'", name="commit_format"),
        sa.CheckConstraint(f"char_length(note) <= {MAXIMUM_NOTE}", name="note_length"),
        sa.CheckConstraint("version > 0", name="version_positive"),
        sa.CheckConstraint("pinned OR version IS NULL", name="version_only_when_pinned"),
        sa.CheckConstraint(
            "NOT pinned OR version IS NOT NULL OR failure_class = 'CONTENT'",
            name="version_reserved",
        ),
        sa.CheckConstraint("kind NOT IN ('PROMOTION', 'ROLLBACK') OR pinned", name="kind_pinned"),
        sa.CheckConstraint("kind <> 'PUSH' OR NOT pinned", name="push_into_default"),
        sa.CheckConstraint(
            "(settled_at IS NOT NULL) = ("
            + one_of(
                "file_sync", FileSyncStatus.SYNCED, FileSyncStatus.FAILED, FileSyncStatus.SKIPPED
            )
            + " AND "
            + one_of(
                "code_build",
                CodeBuildStatus.DEPLOYED,
                CodeBuildStatus.FAILED,
                CodeBuildStatus.SKIPPED,
            )
            + ")",
            name="settled_whole",
        ),
        sa.CheckConstraint(
            "(failure_class IS NOT NULL) = (file_sync = 'FAILED' OR code_build = 'FAILED')"
            " AND (failure_class IS NULL) = (failure_reason IS NULL)",
            name="failure_explained",
        ),
        sa.CheckConstraint(
            "file_sync <> 'FAILED' OR code_build = 'SKIPPED'", name="failed_sync_skips_build"
        ),
        sa.Index(
            "uq_deployment_in_flight",
            "environment_id",
            unique=True,
            postgresql_where=sa.text("pinned AND settled_at IS NULL"),
        ),
        sa.Index(
            "uq_deployment_successful_promotion",
            "environment_id",
            "version",
            unique=True,
            postgresql_where=sa.text(f"kind = 'PROMOTION' AND {_SUCCEEDED}"),
        ),
        sa.Index(
            "ix_deployment_unsettled",
            "environment_id",
            "ordinal",
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
        sa.Index("ix_deployment_retry_of_id", "retry_of_id"),
        sa.ForeignKeyConstraint(
            ["app_id", "commit_sha"],
            ["commit.app_id", "commit.sha"],
            name="fk_deployment_commit",
        ),
        sa.CheckConstraint("attempt >= 0", name="attempt_counted"),
    )

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT")
    environment_id: UUID = Field(foreign_key="environment.id", ondelete="RESTRICT")
    ordinal: int
    kind: DeploymentKind = Field(sa_type=enum_type(DeploymentKind, name="kind"))
    pinned: bool
    source_id: UUID | None = Field(default=None, foreign_key="environment.id", ondelete="RESTRICT")
    source_name: str | None = None
    version: int | None = None
    commit_sha: str
    note: str | None = None
    override: Override | None = Field(default=None, sa_type=enum_type(Override, name="override"))
    retry_of_id: UUID | None = Field(default=None, foreign_key="deployment.id", ondelete="RESTRICT")
    snapshot_id: UUID | None = Field(default=None, foreign_key="snapshot.id", ondelete="RESTRICT")
    artifact_id: UUID | None = Field(default=None, foreign_key="artifact.id", ondelete="RESTRICT")

    file_sync: FileSyncStatus = Field(
        default=FileSyncStatus.PENDING, sa_type=enum_type(FileSyncStatus, name="file_sync")
    )
    file_sync_started_at: datetime | None = None
    file_sync_finished_at: datetime | None = None
    file_sync_detail: str | None = None
    code_build: CodeBuildStatus = Field(
        default=CodeBuildStatus.PENDING, sa_type=enum_type(CodeBuildStatus, name="code_build")
    )
    code_build_started_at: datetime | None = None
    code_build_finished_at: datetime | None = None
    code_build_detail: str | None = None
    cache_decision: CacheDecisionKind | None = Field(
        default=None, sa_type=enum_type(CacheDecisionKind, name="cache_decision")
    )
    cache_detail: str | None = None
    cache_key: str | None = None
    failure_class: FailureClass | None = Field(
        default=None, sa_type=enum_type(FailureClass, name="failure_class")
    )
    failure_reason: str | None = None
    content_problems: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB)

    attempt: int = 0
    attempt_token: UUID | None = None
    settled_at: datetime | None = None

    @property
    def status(self) -> DeploymentStatus:
        return overall(self.file_sync, self.code_build)

    @property
    def succeeded(self) -> bool:
        return self.status is DeploymentStatus.DEPLOYED


@cache
def overall(file_sync: FileSyncStatus, code_build: CodeBuildStatus) -> DeploymentStatus:
    """One failed step fails the whole; otherwise it is deployed once both are settled."""
    if file_sync is FileSyncStatus.FAILED or code_build is CodeBuildStatus.FAILED:
        return DeploymentStatus.FAILED
    if file_sync.is_settled and code_build.is_settled:
        return DeploymentStatus.DEPLOYED
    return DeploymentStatus.IN_PROGRESS
