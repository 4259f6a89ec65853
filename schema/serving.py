"""What ran when."""

from datetime import datetime
from typing import Self

import strawberry

import models
from schema.commits import Commit, load_commit
from schema.context import Info
from schema.deployments import Deployment, load_deployment
from schema.nodes import Connection
from schema.requirements import WITH_PARENT


@strawberry.type(
    description="A time in which an environment served one deployment: from its start up to, and "
    "not including, its end."
)
class ServedInterval:
    row: strawberry.Private[models.Serving]
    since: datetime = strawberry.field(name="from", description="The first instant of it.")
    until: datetime | None = strawberry.field(
        name="to", description="The first instant past it; null while it lasts."
    )

    @classmethod
    def of(cls, row: models.Serving) -> Self:
        return cls(row=row, since=row.since, until=row.until)

    @strawberry.field(
        description="The version that was served; null for `dev`, which has none.",
        directives=[WITH_PARENT],
    )
    async def version(self, info: Info) -> int | None:
        return (await load_deployment(info, self.row.deployment_id)).row.version

    @strawberry.field(description="The commit that was served.", directives=[WITH_PARENT])
    async def commit(self, info: Info) -> Commit:
        deployment = await load_deployment(info, self.row.deployment_id)
        return await load_commit(info, deployment.row.app_id, deployment.row.commit_sha)

    @strawberry.field(description="The deployment that put it there.", directives=[WITH_PARENT])
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.row.deployment_id)


ServedIntervalConnection = Connection[ServedInterval]
