"""What subscriptions deliver."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

import models
from schema.actors import Actor
from schema.context import Info
from schema.deployments import Deployment, load_deployment
from schema.environments import Environment, load_environment
from schema.requirements import WITH_PARENT
from services import cursors


@strawberry.interface(description="Something that happened, once, at its place in the order.")
class Event:
    cursor: str = strawberry.field(
        description="Its place; give it as `after` to go on from here, on this or a new socket."
    )
    occurred_at: datetime = strawberry.field(description="When it happened.")
    actor: Actor | None = strawberry.field(
        description="Who made it happen.", directives=[WITH_PARENT]
    )


@strawberry.type(description="A deployment moved on, settled, or was accepted.")
class DeploymentEvent(Event):
    deployment_id: strawberry.Private[UUID]
    status: models.DeploymentStatus = strawberry.field(description="The whole at this event.")
    file_sync_status: models.FileSyncStatus = strawberry.field(
        description="The file sync at this event."
    )
    code_build_status: models.CodeBuildStatus = strawberry.field(
        description="The code build at this event."
    )

    @classmethod
    def of(cls, row: models.Event) -> Self:
        assert row.deployment_id is not None
        assert row.file_sync is not None
        assert row.code_build is not None
        return cls(
            cursor=cursors.encode_event(row.app_id, row.seq),
            occurred_at=row.occurred_at,
            actor=Actor.of(row.actor),
            deployment_id=row.deployment_id,
            status=models.overall(row.file_sync, row.code_build),
            file_sync_status=row.file_sync,
            code_build_status=row.code_build,
        )

    @strawberry.field(
        description="The deployment as it is now, which may be further on.",
        directives=[WITH_PARENT],
    )
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.deployment_id)


@strawberry.type(description="Something happened to an app.")
class AppEvent(Event):
    row: strawberry.Private[models.Event]
    kind: models.AppEventKind = strawberry.field(description="What happened.")

    @classmethod
    def of(cls, row: models.Event) -> Self:
        return cls(
            row=row,
            cursor=cursors.encode_event(row.app_id, row.seq),
            occurred_at=row.occurred_at,
            actor=Actor.of(row.actor),
            kind=row.kind,
        )

    @strawberry.field(
        description="The environment it happened to, as it is now.", directives=[WITH_PARENT]
    )
    async def environment(self, info: Info) -> Environment | None:
        if self.row.environment_id is None:
            return None
        return await load_environment(info, self.row.environment_id)

    @strawberry.field(
        description="The deployment it is about, as it is now.", directives=[WITH_PARENT]
    )
    async def deployment(self, info: Info) -> Deployment | None:
        if self.row.deployment_id is None:
            return None
        return await load_deployment(info, self.row.deployment_id)


@strawberry.type(description="A line of a build's log.")
class BuildLogLine:
    number: int = strawberry.field(description="Its place in the log, from 1, without a gap.")
    at: datetime = strawberry.field(description="When it was kept.")
    text: str = strawberry.field(description="What it says.")


@strawberry.type(description="The next lines of a build's log.")
class BuildLogChunk:
    cursor: str = strawberry.field(description="The last line's place; go on from it with `after`.")
    lines: list[BuildLogLine] = strawberry.field(
        description="The lines, in order.", directives=[WITH_PARENT]
    )

    @classmethod
    def of(cls, deployment_id: UUID, rows: Sequence[models.BuildLogLine]) -> Self:
        return cls(
            cursor=cursors.encode_line(deployment_id, rows[-1].seq),
            lines=[BuildLogLine(number=row.seq, at=row.at, text=row.text) for row in rows],
        )
