"""Which deployments of a list: a condition for each thing that is asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col

from models import Deployment, DeploymentKind, DeploymentStatus
from services.inputs import check_moment, check_text

MAXIMUM_NAME = 1000


@dataclass(frozen=True)
class DeploymentFilter:
    """Every condition that is given must hold. ``since`` is included."""

    status: DeploymentStatus | None = None
    kind: DeploymentKind | None = None
    actor_name: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def check(self) -> None:
        if self.actor_name is not None:
            check_text("actorName", self.actor_name, maximum=MAXIMUM_NAME)
        for field, at in (("since", self.since), ("until", self.until)):
            if at is not None:
                check_moment(field, at)

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            found.append(has_status(self.status))
        if self.kind is not None:
            found.append(col(Deployment.kind) == self.kind)
        if self.actor_name is not None:
            found.append(col(Deployment.actor_name) == self.actor_name)
        if self.since is not None:
            found.append(col(Deployment.created_at) >= self.since)
        if self.until is not None:
            found.append(col(Deployment.created_at) < self.until)
        return found


def has_status(status: DeploymentStatus) -> ColumnElement[bool]:
    """The computed status as SQL: the same as ``overall``."""
    settled = col(Deployment.settled_at).is_not(None)
    match status:
        case DeploymentStatus.IN_PROGRESS:
            return ~settled
        case DeploymentStatus.DEPLOYED:
            return settled & col(Deployment.failure_class).is_(None)
        case DeploymentStatus.FAILED:
            return col(Deployment.failure_class).is_not(None)
