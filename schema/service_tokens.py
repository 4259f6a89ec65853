"""Service tokens."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

import models
from schema.actors import Actor
from schema.context import Info
from schema.ids import encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT, sees
from services.access import can_see_app
from services.principals import Permission

if TYPE_CHECKING:
    from schema.apps import App


@strawberry.type(description="What CI and other services of the team show, in every app or some.")
class ServiceToken(Node):
    row: strawberry.Private[models.ServiceToken]
    prefix: str = strawberry.field(description="Its first 17 characters, to tell it by.")
    name: str = strawberry.field(description="What it was named; its acts are recorded under it.")
    role: models.Role | None = strawberry.field(
        description="The built-in role that it has; null when it has permissions of its own."
    )
    permissions: list[str] = strawberry.field(description="What it may do, when it has no role.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: Actor = strawberry.field(description="Who made it.", directives=[WITH_PARENT])
    last_used_at: datetime | None = strawberry.field(
        description="When it was last shown, to the minute; null until then."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends by itself; null for never."
    )
    revoked_at: datetime | None = strawberry.field(description="When somebody ended it.")

    @classmethod
    def of(cls, row: models.ServiceToken) -> Self:
        return cls(
            row=row,
            id=encode_id("ServiceToken", row.id),
            prefix=row.prefix,
            name=row.name,
            role=row.role,
            permissions=row.permissions,
            created_at=row.created_at,
            created_by=Actor.of(row.actor),
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )

    @strawberry.field(
        description="The apps that it is limited to, as far as the viewer may see them; null when "
        "it is good in every app.",
        directives=[sees(Permission.APP_READ)],
    )
    async def limited_to(
        self, info: Info
    ) -> list[Annotated["App", strawberry.lazy("schema.apps")]] | None:
        from schema.apps import App

        if self.row.app_ids is None:
            return None
        rows = await info.context.reading.apps.load_many(self.row.app_ids)
        viewer = info.context.principal
        return [App.of(row) for row in rows if row is not None and can_see_app(viewer, row)]


ServiceTokenConnection = Connection[ServiceToken]
