"""What the mutations of variables answer."""

from typing import Annotated

import strawberry

from schema import errors
from schema.environments import Environment
from schema.requirements import WITH_PARENT
from schema.variables import EnvironmentVariable


@strawberry.type(description="The variable is as it was asked for.")
class SetEnvironmentVariableSuccess:
    variable: EnvironmentVariable = strawberry.field(
        description="The variable.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The variable was deleted.")
class DeleteEnvironmentVariableSuccess:
    environment: Environment = strawberry.field(
        description="The environment that had it.", directives=[WITH_PARENT]
    )
    deleted_variable_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The value is told; that it was is in the audit.")
class RevealEnvironmentVariableSuccess:
    variable: EnvironmentVariable = strawberry.field(
        description="The variable.", directives=[WITH_PARENT]
    )
    value: str = strawberry.field(description="Its value. Keep it out of logs and caches.")

    def __repr__(self) -> str:
        return f"RevealEnvironmentVariableSuccess(variable={self.variable.name!r})"


SetEnvironmentVariableResult = Annotated[
    SetEnvironmentVariableSuccess
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "SetEnvironmentVariableResult", description="The variable, or why it was not set."
    ),
]

DeleteEnvironmentVariableResult = Annotated[
    DeleteEnvironmentVariableSuccess | errors.NotFoundError | errors.PermissionDeniedError,
    strawberry.union(
        "DeleteEnvironmentVariableResult", description="What is gone, or why it is not."
    ),
]

RevealEnvironmentVariableResult = Annotated[
    RevealEnvironmentVariableSuccess | errors.NotFoundError | errors.PermissionDeniedError,
    strawberry.union(
        "RevealEnvironmentVariableResult", description="The value, or why it is not told."
    ),
]
