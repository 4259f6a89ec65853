"""Environments: the named places an app runs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.app import NAME_PATTERN
from models.base import Record

DEFAULT_ENVIRONMENT = "dev"


class EnvironmentState(StrEnum):
    """What an environment follows: HEAD, nothing yet, or its pin."""

    DEFAULT = "DEFAULT"
    NO_PIN = "NO_PIN"
    PINNED = "PINNED"


class Environment(Record, table=True):
    """A named place an app runs: ``dev`` follows branch HEAD, every other one runs its pin.

    ``pinned_version`` and ``pinned_deployment_id`` are what it serves; they move together, only
    when a deployment into it settles. ``current_version`` counts successful promotions and never
    goes down, so after a rollback the pin is below it. ``dev`` never has a pin: it serves the
    content of ``content_deployment_id`` (last synced) and the code of ``code_deployment_id``
    (last built or cached). ``deploying_id`` is a pinned environment's deployment in flight.
    ``deployment_count`` numbers its deployments, oldest first. ``variables_revision`` counts
    the changes of its run-time variables: a runtime of another revision has others.
    """

    __table_args__ = (
        sa.CheckConstraint(f"name ~ '{NAME_PATTERN}'", name="name_format"),
        sa.CheckConstraint(
            "(pinned_version IS NULL) = (pinned_deployment_id IS NULL)", name="pin_whole"
        ),
        sa.CheckConstraint("pinned_version BETWEEN 1 AND current_version", name="pin_counted"),
        sa.CheckConstraint(
            "NOT is_default OR (current_version = 0 AND pinned_version IS NULL"
            " AND deploying_id IS NULL AND deleted_at IS NULL)",
            name="default_unpinned",
        ),
        sa.CheckConstraint(
            "is_default OR (content_deployment_id IS NULL AND code_deployment_id IS NULL)",
            name="only_default_follows_head",
        ),
        sa.CheckConstraint("deleted_at IS NULL OR deploying_id IS NULL", name="deleted_idle"),
        sa.CheckConstraint("current_version >= 0 AND deployment_count >= 0", name="counts"),
        sa.UniqueConstraint("id", "app_id"),
        sa.CheckConstraint("variables_revision >= 0", name="variables_revision_counted"),
        sa.Index(
            "uq_environment_name",
            "app_id",
            "name",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "uq_environment_default", "app_id", unique=True, postgresql_where=sa.text("is_default")
        ),
        sa.ForeignKeyConstraint(["pinned_deployment_id"], ["deployment.id"], use_alter=True),
        sa.ForeignKeyConstraint(["deploying_id"], ["deployment.id"], use_alter=True),
        sa.ForeignKeyConstraint(["content_deployment_id"], ["deployment.id"], use_alter=True),
        sa.ForeignKeyConstraint(["code_deployment_id"], ["deployment.id"], use_alter=True),
    )

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT")
    name: str
    is_default: bool = False
    current_version: int = 0
    pinned_version: int | None = None
    pinned_deployment_id: UUID | None = None
    content_deployment_id: UUID | None = None
    code_deployment_id: UUID | None = None
    deploying_id: UUID | None = None
    deployment_count: int = 0
    variables_revision: int = 0
    deleted_at: datetime | None = None

    @property
    def state(self) -> EnvironmentState:
        if self.is_default:
            return EnvironmentState.DEFAULT
        return EnvironmentState.NO_PIN if self.pinned_version is None else EnvironmentState.PINNED

    @property
    def pin_label(self) -> str:
        """What stands beside the name in a menu."""
        if self.is_default:
            return "default"
        return "no-pin" if self.pinned_version is None else f"v{self.pinned_version}"
