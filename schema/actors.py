"""Who did something."""

from typing import Self
from uuid import UUID

import strawberry

import models
from schema.ids import encode_id
from schema.rows import derived, read
from services.principals import Principal

_SORTS = {
    models.ActorKind.API_KEY: "ApiKey",
    models.ActorKind.SERVICE: "ServiceToken",
}


@strawberry.type(description="Who did something, as they were named at the time.")
class Actor:
    who: strawberry.Private[models.Actor]
    id: strawberry.ID | None = derived(
        lambda self: None if self.who.id is None else _identify(self.who.kind, self.who.id),
        description="The member's, API key's or service token's id; null for a push and for "
        "Pinmark itself.",
    )
    kind: models.ActorKind = read("who.kind", description="What sort of actor it is.")
    name: str = read("who.name", description="The name at the time.")

    @classmethod
    def of(cls, actor: models.Actor) -> Self:
        return cls(who=actor)


def principal_id(principal: Principal) -> strawberry.ID:
    """The global id of whoever asks."""
    return _identify(principal.actor_kind, principal.id)


def _identify(kind: models.ActorKind, identity: UUID) -> strawberry.ID:
    return encode_id(_SORTS.get(kind, "Member"), identity)
