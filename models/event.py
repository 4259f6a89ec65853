"""Events: what happened to an app, in commit order, for ever."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.actor import Acted
from models.base import enum_type, utc_now
from models.deployment import CodeBuildStatus, FileSyncStatus


class AppEventKind(StrEnum):
    """What happened."""

    APP_CREATED = "APP_CREATED"
    REPOSITORY_LINKED = "REPOSITORY_LINKED"
    ENVIRONMENT_CREATED = "ENVIRONMENT_CREATED"
    ENVIRONMENT_DELETED = "ENVIRONMENT_DELETED"
    DEPLOYMENT_STARTED = "DEPLOYMENT_STARTED"
    DEPLOYMENT_PROGRESSED = "DEPLOYMENT_PROGRESSED"
    DEPLOYMENT_SETTLED = "DEPLOYMENT_SETTLED"
    RUNTIME_CHANGED = "RUNTIME_CHANGED"
    API_KEYS_CHANGED = "API_KEYS_CHANGED"
    VARIABLES_CHANGED = "VARIABLES_CHANGED"


class Event(Acted, table=True):
    """One transition of an app, appended in the transaction that made it.

    ``seq`` is dense per app and taken under the app's row lock. The two step statuses are those
    of the deployment at this event, so that a replay tells the story as it was.
    """

    __table_args__ = (
        sa.Index(
            "ix_event_deployment_id",
            "deployment_id",
            "seq",
            postgresql_where=sa.text("deployment_id IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "(deployment_id IS NULL) = (file_sync IS NULL)"
            " AND (file_sync IS NULL) = (code_build IS NULL)",
            name="steps_whole",
        ),
    )

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT", primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger, primary_key=True)
    occurred_at: datetime = Field(default_factory=utc_now)
    kind: AppEventKind = Field(sa_type=enum_type(AppEventKind, name="kind"))
    environment_id: UUID | None = Field(
        default=None, foreign_key="environment.id", ondelete="RESTRICT"
    )
    deployment_id: UUID | None = Field(
        default=None, foreign_key="deployment.id", ondelete="RESTRICT"
    )
    file_sync: FileSyncStatus | None = Field(
        default=None, sa_type=enum_type(FileSyncStatus, name="file_sync")
    )
    code_build: CodeBuildStatus | None = Field(
        default=None, sa_type=enum_type(CodeBuildStatus, name="code_build")
    )
