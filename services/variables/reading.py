"""Looking at variables without their values."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Environment, EnvironmentVariable
from services.access import can_see_environments
from services.paging import Ordering, Page, PageRequest, read_page
from services.principals import Permission, Principal, require_in


async def list_variables(
    session: AsyncSession, *, principal: Principal, environment: Environment, request: PageRequest
) -> Page[EnvironmentVariable]:
    """An environment's variables, by name. Raises ``PermissionDenied``."""
    require_in(principal, Permission.VARIABLE_READ, environment)
    statement = select(EnvironmentVariable).where(
        col(EnvironmentVariable.environment_id) == environment.id
    )
    ordering = Ordering[EnvironmentVariable](
        scope=f"variables:{environment.id.hex}",
        columns=[col(EnvironmentVariable.name)],
        types=[str],
        key=lambda variable: [variable.name],
    )
    return await read_page(session, statement, ordering, request)


async def visible_variable(
    session: AsyncSession, *, principal: Principal, identity: UUID
) -> EnvironmentVariable | None:
    """The variable, for one who may look at it."""
    variable = await session.get(EnvironmentVariable, identity)
    if variable is None:
        return None
    environment = await session.get_one(Environment, variable.environment_id)
    sees = can_see_environments(principal, environment.app_id) and principal.can_in(
        Permission.VARIABLE_READ, environment
    )
    return variable if sees else None


async def count_variables(session: AsyncSession, *, environment_id: UUID) -> int:
    statement = select(func.count()).where(
        col(EnvironmentVariable.environment_id) == environment_id
    )
    return (await session.exec(statement)).one()


async def release_variables(session: AsyncSession, *, environment_id: UUID) -> None:
    """Let every variable of the environment go; the audit says that they were there."""
    await session.exec(
        delete(EnvironmentVariable).where(col(EnvironmentVariable.environment_id) == environment_id)
    )
