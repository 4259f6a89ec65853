"""Setting, revealing and deleting variables in tests, each act in a transaction of its own."""

from uuid import UUID

from sqlmodel import col, select

from models import Environment, EnvironmentVariable, VariablePhase
from services.variables.changes import (
    VariableSetting,
    delete_variable,
    reveal_variable,
    set_variable,
)
from tests.support.callers import Caller

BUILD, RUNTIME, BOTH = VariablePhase.BUILD, VariablePhase.RUNTIME, VariablePhase.BOTH


async def put(
    caller: Caller,
    environment: Environment,
    name: str,
    value: str,
    phase: VariablePhase = RUNTIME,
    *,
    key: str | None = None,
) -> EnvironmentVariable:
    request = VariableSetting(environment.id, name, value, phase, key)
    installation = caller.installation
    async with installation.database.transaction() as session:
        return await set_variable(
            session, cipher=installation.cipher, principal=caller.principal, request=request
        )


async def remove(caller: Caller, environment: Environment, name: str) -> None:
    variable = (await variables_of(caller, environment))[name]
    async with caller.installation.database.transaction() as session:
        await delete_variable(session, principal=caller.principal, variable_id=variable.id)


async def reveal(caller: Caller, variable_id: UUID) -> str:
    installation = caller.installation
    async with installation.database.transaction() as session:
        _, value = await reveal_variable(
            session,
            cipher=installation.cipher,
            principal=caller.principal,
            variable_id=variable_id,
        )
    return value


async def variables_of(caller: Caller, environment: Environment) -> dict[str, EnvironmentVariable]:
    statement = select(EnvironmentVariable).where(
        col(EnvironmentVariable.environment_id) == environment.id
    )
    async with caller.installation.database.moment() as session:
        return {row.name: row for row in (await session.exec(statement)).all()}
