"""Who did something, as it was known at the time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import enum_type


class ActorKind(StrEnum):
    """What sort of actor did it."""

    MEMBER = "MEMBER"
    API_KEY = "API_KEY"
    SERVICE = "SERVICE"
    GIT = "GIT"
    SYSTEM = "SYSTEM"
    ANONYMOUS = "ANONYMOUS"


@dataclass(frozen=True)
class Actor:
    """Who does something: a member, a key, a service, a push, Pinmark itself, or nobody known."""

    kind: ActorKind
    id: UUID | None
    name: str

    @property
    def columns(self) -> dict[str, Any]:
        """What an ``Acted`` row keeps of it."""
        return {"actor_kind": self.kind, "actor_id": self.id, "actor_name": self.name}


SYSTEM = Actor(ActorKind.SYSTEM, None, "Pinmark")
ANONYMOUS = Actor(ActorKind.ANONYMOUS, None, "anonymous")


class Acted(SQLModel):
    """The actor's name is copied, so that history is whole when the actor is gone."""

    actor_kind: ActorKind = Field(sa_type=enum_type(ActorKind, name="actor_kind"))
    actor_id: UUID | None = None
    actor_name: str

    @property
    def actor(self) -> Actor:
        return Actor(self.actor_kind, self.actor_id, self.actor_name)
