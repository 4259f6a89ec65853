"""Who did something."""

from typing import Self

import strawberry

import models
from schema.ids import encode_id


@strawberry.type(description="Who did something, as they were named at the time.")
class Actor:
    id: strawberry.ID | None = strawberry.field(
        description="The member's or API key's id; null for a push and for Pinmark itself."
    )
    kind: models.ActorKind = strawberry.field(description="What sort of actor it is.")
    name: str = strawberry.field(description="The name at the time.")

    @classmethod
    def of(cls, actor: models.Actor) -> Self:
        sort = "ApiKey" if actor.kind is models.ActorKind.API_KEY else "Member"
        identity = None if actor.id is None else encode_id(sort, actor.id)
        return cls(id=identity, kind=actor.kind, name=actor.name)
