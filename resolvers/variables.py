"""Mutations of environment variables."""

from typing import Annotated

import strawberry

from resolvers.answering import answering
from schema import variable_results as results
from schema import variables as inputs
from schema.context import Info
from schema.environments import Environment
from schema.ids import decode_id, encode_id
from schema.requirements import needs, sees
from schema.variables import EnvironmentVariable
from services.principals import Permission
from services.variables import changes


@strawberry.type
class VariableMutations:
    @strawberry.mutation(
        description="Set a variable of an environment, new or present; nothing happens when it is "
        "so already. What runs is started anew with it, beside what serves until that is healthy; "
        "builds are given it from the next on.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.VARIABLE_WRITE)],
    )
    @answering
    async def set_environment_variable(
        self,
        info: Info,
        input: Annotated[
            inputs.SetEnvironmentVariableInput,
            strawberry.argument(description="The variable and its value."),
        ],
    ) -> results.SetEnvironmentVariableResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            row = await changes.set_variable(
                session,
                cipher=installation.cipher,
                principal=info.context.principal,
                request=input.request(),
            )
        return results.SetEnvironmentVariableSuccess(variable=EnvironmentVariable.of(row))

    @strawberry.mutation(
        description="Delete a variable; what runs is started anew without it, as when it is set.",
        directives=[
            sees(Permission.ENVIRONMENT_READ),
            needs(Permission.VARIABLE_WRITE),
        ],
    )
    @answering
    async def delete_environment_variable(
        self,
        info: Info,
        input: Annotated[
            inputs.DeleteEnvironmentVariableInput,
            strawberry.argument(description="The variable."),
        ],
    ) -> results.DeleteEnvironmentVariableResult:
        async with info.context.installation.database.transaction() as session:
            environment, row = await changes.delete_variable(
                session,
                principal=info.context.principal,
                variable_id=decode_id("EnvironmentVariable", input.variable_id),
            )
        return results.DeleteEnvironmentVariableSuccess(
            environment=Environment.of(environment),
            deleted_variable_id=encode_id("EnvironmentVariable", row.id),
        )

    @strawberry.mutation(
        description="Tell the value of one variable. It changes nothing, but who asked is audited.",
        directives=[
            sees(Permission.ENVIRONMENT_READ),
            needs(Permission.VARIABLE_REVEAL),
        ],
    )
    @answering
    async def reveal_environment_variable(
        self,
        info: Info,
        input: Annotated[
            inputs.RevealEnvironmentVariableInput,
            strawberry.argument(description="The variable."),
        ],
    ) -> results.RevealEnvironmentVariableResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            row, value = await changes.reveal_variable(
                session,
                cipher=installation.cipher,
                principal=info.context.principal,
                variable_id=decode_id("EnvironmentVariable", input.variable_id),
            )
        return results.RevealEnvironmentVariableSuccess(
            variable=EnvironmentVariable.of(row), value=value
        )
