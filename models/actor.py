"""Who did something, as it was known at the time."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import enum_type


class ActorKind(StrEnum):
    """What sort of actor did it."""

    MEMBER = "MEMBER"
    GIT = "GIT"
    SYSTEM = "SYSTEM"


class Acted(SQLModel):
    """The actor's name is copied, so that history is whole when the actor is gone."""

    actor_kind: ActorKind = Field(sa_type=enum_type(ActorKind, name="actor_kind"))
    actor_id: UUID | None = None
    actor_name: str
