"""Finding things on behalf of a principal: absent, foreign and unreadable are one answer."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, AuditEntry, Deployment, Environment
from services.errors import NotFound
from services.principals import Permission, Principal


def can_see_app(principal: Principal, app: App) -> bool:
    return app.organization_id == principal.organization_id and principal.can(
        Permission.APP_READ, app.id
    )


def can_see_environments(principal: Principal, app_id: UUID) -> bool:
    """Environments and all that hangs on them: deployments, events, logs, files."""
    return principal.can(Permission.ENVIRONMENT_READ, app_id)


def can_read_audit(principal: Principal, entry: AuditEntry) -> bool:
    return entry.organization_id == principal.organization_id and principal.can(
        Permission.AUDIT_READ, entry.app_id
    )


async def find_app(
    session: AsyncSession, *, principal: Principal, app_id: UUID | None, field: str = "appId"
) -> App:
    """The app, or ``NotFound`` at ``field``; None stands for an id that names no app."""
    app = await session.get(App, app_id) if app_id else None
    if app is None or not can_see_app(principal, app):
        raise NotFound("app", path=("input", field))
    return app


async def find_environment(
    session: AsyncSession,
    *,
    principal: Principal,
    environment_id: UUID | None,
    field: str = "environmentId",
) -> Environment:
    """A living environment, unlocked, or ``NotFound`` at ``field``."""
    environment = await session.get(Environment, environment_id) if environment_id else None
    if (
        environment is None
        or environment.deleted_at is not None
        or not can_see_environments(principal, environment.app_id)
    ):
        raise NotFound("environment", path=("input", field))
    return environment


async def find_deployment(
    session: AsyncSession,
    *,
    principal: Principal,
    deployment_id: UUID | None,
    field: str = "deploymentId",
) -> Deployment:
    """A deployment as it is now, unlocked, or ``NotFound`` at ``field``."""
    deployment = await session.get(Deployment, deployment_id) if deployment_id else None
    if deployment is None or not can_see_environments(principal, deployment.app_id):
        raise NotFound("deployment", path=("input", field))
    return deployment


async def lock_environments(
    session: AsyncSession, environment_ids: Sequence[UUID]
) -> dict[UUID, Environment]:
    """Hold the rows in id order, so that A into B and B into A cannot wait for each other.

    Gives them as they are under the lock; deleted ones are left out.
    """
    statement = (
        select(Environment)
        .where(
            col(Environment.id).in_(set(environment_ids)),
            col(Environment.deleted_at).is_(None),
        )
        .order_by(col(Environment.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in (await session.exec(statement)).all()}


async def lock_environment(
    session: AsyncSession, environment_id: UUID, *, field: str = "environmentId"
) -> Environment:
    """Hold one living environment, or ``NotFound`` at ``field`` when it went meanwhile."""
    rows = await lock_environments(session, [environment_id])
    if environment_id not in rows:
        raise NotFound("environment", path=("input", field))
    return rows[environment_id]


async def lock_deployment(session: AsyncSession, deployment_id: UUID) -> Deployment:
    """Hold a deployment that is known to exist; its environment is held already."""
    return await session.get_one(
        Deployment, deployment_id, with_for_update={"key_share": True}, populate_existing=True
    )
