"""API keys."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

import models
from schema.actors import Actor
from schema.context import Info
from schema.ids import encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT, sees
from services.principals import Permission

if TYPE_CHECKING:
    from schema.environments import Environment


@strawberry.type(
    description="What a program shows to read the data of one environment, or to act in its app."
)
class ApiKey(Node):
    row: strawberry.Private[models.ApiKey]
    prefix: str = strawberry.field(description="Its first 17 characters, to tell it by.")
    name: str = strawberry.field(description="What it was named.")
    permissions: list[str] = strawberry.field(description="All that it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: Actor = strawberry.field(description="Who made it.", directives=[WITH_PARENT])
    last_used_at: datetime | None = strawberry.field(
        description="When it was last shown, to the minute; null until then."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends by itself; null for never."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When somebody ended it, or its environment was deleted."
    )

    @classmethod
    def of(cls, row: models.ApiKey) -> Self:
        return cls(
            row=row,
            id=encode_id("ApiKey", row.id),
            prefix=row.prefix,
            name=row.name,
            permissions=row.permissions,
            created_at=row.created_at,
            created_by=Actor.of(row.actor),
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )

    @strawberry.field(
        description="The environment it belongs to; null when the viewer may not read "
        "environments.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def environment(
        self, info: Info
    ) -> Annotated["Environment", strawberry.lazy("schema.environments")] | None:
        from schema.environments import load_visible_environment

        return await load_visible_environment(info, self.row.environment_id)


ApiKeyConnection = Connection[ApiKey]
