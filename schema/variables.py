"""Environment variables: their names and who changed them; a value only where it is asked for."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

import models
from schema.actors import Actor
from schema.context import Info
from schema.ids import decode_id, encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT
from services.variables.changes import VariableSetting
from services.variables.rules import MAXIMUM_TOTAL_BYTES, MAXIMUM_VARIABLES

if TYPE_CHECKING:
    from schema.environments import Environment


@strawberry.type(
    description="A variable that builds or runtimes of one environment are given. It is never "
    "promoted; its value is kept encrypted and told by `revealEnvironmentVariable` alone."
)
class EnvironmentVariable(Node):
    row: strawberry.Private[models.EnvironmentVariable]
    name: str = strawberry.field(description="Unique in the environment.")
    phase: models.VariablePhase = strawberry.field(description="Who is given it.")
    created_at: datetime = strawberry.field(description="When it was first set.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    updated_by: Actor = strawberry.field(
        description="Who changed it last.", directives=[WITH_PARENT]
    )

    @classmethod
    def of(cls, row: models.EnvironmentVariable) -> Self:
        return cls(
            row=row,
            id=encode_id("EnvironmentVariable", row.id),
            name=row.name,
            phase=row.phase,
            created_at=row.created_at,
            updated_at=row.updated_at,
            updated_by=Actor.of(row.actor),
        )

    @strawberry.field(description="The environment that has it.", directives=[WITH_PARENT])
    async def environment(
        self, info: Info
    ) -> Annotated["Environment", strawberry.lazy("schema.environments")]:
        from schema.environments import load_environment

        return await load_environment(info, self.row.environment_id)


EnvironmentVariableConnection = Connection[EnvironmentVariable]


@strawberry.input(description="A variable to set, and its value.")
class SetEnvironmentVariableInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment.")
    name: str = strawberry.field(
        description="1 to 128 letters, digits and underscores, no digit first. Names that Pinmark "
        "sets, and those that decide what is loaded before the app's code, are refused."
    )
    value: str = strawberry.field(
        description=f"At most 32 KiB; those of an environment together at most "
        f"{MAXIMUM_TOTAL_BYTES // 1024} KiB, in at most {MAXIMUM_VARIABLES} variables."
    )
    phase: models.VariablePhase = strawberry.field(
        default=models.VariablePhase.RUNTIME,
        description="Who is given it. Builds run the code of packages and are shared by "
        "environments with the same build-time variables, so they get what they are meant to.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Makes the request safe to repeat: the same key and input give the same "
        "answer, the same key with another input is refused.",
    )

    def __repr__(self) -> str:
        return f"SetEnvironmentVariableInput(name={self.name!r}, phase={self.phase!r})"

    def request(self) -> VariableSetting:
        return VariableSetting(
            environment_id=decode_id("Environment", self.environment_id),
            name=self.name,
            value=self.value,
            phase=self.phase,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="The variable to delete.")
class DeleteEnvironmentVariableInput:
    variable_id: strawberry.ID = strawberry.field(description="The variable.")


@strawberry.input(description="The variable whose value is to be told.")
class RevealEnvironmentVariableInput:
    variable_id: strawberry.ID = strawberry.field(description="The variable.")
