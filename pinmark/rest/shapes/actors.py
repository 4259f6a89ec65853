"""Who did something."""

from typing import Self

from pydantic import Field

import models
from pinmark.rest.shapes.fields import Id, Shape


class Actor(Shape):
    kind: str = Field(description="What sort of actor it is, as `member` or `api_key`.")
    id: Id | None = Field(description="Whose it is; null for a push and for Pinmark itself.")
    name: str = Field(description="The name at the time.")

    @classmethod
    def of(cls, actor: models.Actor) -> Self:
        return cls(kind=actor.kind.value.lower(), id=actor.id, name=actor.name)
