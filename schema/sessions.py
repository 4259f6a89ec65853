"""Sessions of the dashboard."""

from datetime import datetime
from typing import Self

import strawberry

import models
from schema.context import Info
from schema.ids import encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT


@strawberry.type(description="A member signed in to the dashboard in one browser.")
class SignInSession(Node):
    row: strawberry.Private[models.SignInSession]
    method: models.SignInMethod = strawberry.field(description="How they signed in.")
    user_agent: str = strawberry.field(description="What the browser called itself, shortened.")
    created_at: datetime = strawberry.field(description="When they signed in.")
    last_seen_at: datetime = strawberry.field(description="When it was last used, to the minute.")
    expires_at: datetime = strawberry.field(
        description="When it ends unless it is used; use moves this on, but not for ever."
    )
    ended_at: datetime | None = strawberry.field(description="When it was ended, if it was.")

    @classmethod
    def of(cls, row: models.SignInSession) -> Self:
        return cls(
            row=row,
            id=encode_id("SignInSession", row.id),
            method=row.method,
            user_agent=row.user_agent,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
        )

    @strawberry.field(description="Whether this request is sent by it.", directives=[WITH_PARENT])
    def is_current(self, info: Info) -> bool:
        return info.context.principal.session_id == self.row.id


SignInSessionConnection = Connection[SignInSession]
