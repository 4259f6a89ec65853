"""Environment variables: a value only where it is asked for."""

from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, Field

import models
from pinmark.rest.shapes.actors import Actor
from pinmark.rest.shapes.fields import Body, Id, Shape, Text

Phase = Literal["build", "runtime", "both"]


class Variable(Shape):
    id: Id
    environment_id: Id
    name: str
    phase: Phase = Field(description="Who is given it.")
    created_at: datetime
    updated_at: datetime
    updated_by: Actor = Field(description="Who changed it last.")

    @classmethod
    def of(cls, row: models.EnvironmentVariable) -> Self:
        return cls(
            id=row.id,
            environment_id=row.environment_id,
            name=row.name,
            phase=row.phase.value.lower(),  # pyright: ignore[reportArgumentType]  # the same words
            created_at=row.created_at,
            updated_at=row.updated_at,
            updated_by=Actor.of(row.actor),
        )


class RevealedVariable(Variable):
    value: str


class VariableBody(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"value": "hunter2", "phase": "runtime"}]}
    )

    value: Text = Field(description="At most 32 KiB. It is kept encrypted.", repr=False)
    phase: Phase = "runtime"
