"""Which deployments of an environment a list answers."""

from datetime import datetime

import strawberry

import models
from services.deployment_filters import DeploymentFilter


@strawberry.input(description="Which deployments. All that is given must hold.")
class EnvironmentDeploymentsFilter:
    status: models.DeploymentStatus | None = strawberry.field(
        default=None, description="With this status."
    )
    kind: models.DeploymentKind | None = strawberry.field(default=None, description="Of this kind.")
    actor_name: str | None = strawberry.field(
        default=None, description="By this actor, as they were named at the time."
    )
    since: datetime | None = strawberry.field(
        default=None, description="Accepted at this time or later, with its offset."
    )
    until: datetime | None = strawberry.field(
        default=None, description="Accepted before this time, with its offset."
    )

    def filter(self) -> DeploymentFilter:
        return DeploymentFilter(
            status=self.status,
            kind=self.kind,
            actor_name=self.actor_name,
            since=self.since,
            until=self.until,
        )
