"""Finding things on behalf of a principal: absent, foreign and unreadable are one answer."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, AuditEntry, Deployment, Environment, FileKind
from services.errors import NotFound, PermissionDenied
from services.plain_rows import read_plainly
from services.principals import Permission, Principal

_LOCK = (
    select(Environment)
    .where(
        col(Environment.id) == any_(bindparam("ids", type_=ARRAY(Uuid))),
        col(Environment.deleted_at).is_(None),
    )
    .order_by(col(Environment.id))
    .with_for_update(key_share=True)
)


def can_see_app(principal: Principal, app: App) -> bool:
    return app.organization_id == principal.organization_id and principal.can(
        Permission.APP_READ, app.id
    )


def can_see_environments(principal: Principal, app_id: UUID) -> bool:
    """Environments and what hangs on them; their data asks for more."""
    return principal.can(Permission.ENVIRONMENT_READ, app_id)


def can_see_deployments(principal: Principal, app_id: UUID) -> bool:
    """Deployments, their progress and their build logs: with their environments, or alone."""
    return can_see_environments(principal, app_id) or principal.can(
        Permission.DEPLOYMENT_READ, app_id
    )


def require_data(principal: Principal, permission: Permission, environment: Environment) -> None:
    """Refuse an environment's data: as absent to one who may not see the environment either.

    Who holds the permission there needs no other, as the key of a client.
    """
    if principal.can_in(permission, environment):
        return
    if can_see_environments(principal, environment.app_id) or principal.is_key_of(environment):
        raise PermissionDenied(permission.value)
    raise NotFound("environment", path=("environmentId",))


def content_permission(kind: FileKind | None) -> Permission:
    """What it takes to read a file of this kind; what is no dataset counts as a template."""
    return Permission.DATASET_READ if kind is FileKind.DATASET else Permission.TEMPLATE_READ


def require_content(
    principal: Principal, environment: Environment, kind: FileKind | None = None
) -> None:
    """Refuse content of this kind, as ``require_data`` does."""
    require_data(principal, content_permission(kind), environment)


def readable_kinds(principal: Principal, environment: Environment) -> frozenset[FileKind]:
    """The kinds of content that ``require_content`` lets the principal read; one at least.

    Raises what it raises when there is none.
    """
    readable = frozenset(
        kind for kind in FileKind if principal.can_in(content_permission(kind), environment)
    )
    if not readable:
        require_content(principal, environment)
    return readable


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


async def find_scope(session: AsyncSession, *, principal: Principal, app_id: UUID | None) -> App:
    """The app that requests are about, to one who may see anything of it; or ``NotFound``."""
    app = await session.get(App, app_id) if app_id else None
    if app is None or app.organization_id != principal.organization_id:
        raise NotFound("app")
    if not (can_see_app(principal, app) or can_see_deployments(principal, app.id)):
        raise NotFound("app")
    return app


async def find_followed_app(
    session: AsyncSession, *, principal: Principal, app_id: UUID | None
) -> App:
    """An app whose events may be followed, or ``NotFound``: they tell of its environments."""
    app = await find_app(session, principal=principal, app_id=app_id)
    if not can_see_environments(principal, app.id):
        raise NotFound("app", path=("appId",))
    return app


async def find_environment(
    session: AsyncSession,
    *,
    principal: Principal,
    environment_id: UUID | None,
    field: str = "environmentId",
) -> Environment:
    """A living environment, unlocked, or ``NotFound`` at ``field``."""
    found = await session.get(Environment, environment_id) if environment_id else None
    return visible_environment(found, principal=principal, field=field)


def visible_environment(
    found: Environment | None, *, principal: Principal, field: str = "environmentId"
) -> Environment:
    """What was found, if it is a living environment that is seen; or ``NotFound`` at ``field``."""
    if (
        found is None
        or found.deleted_at is not None
        or not can_see_environments(principal, found.app_id)
    ):
        raise NotFound("environment", path=("input", field))
    return found


async def find_own_environment(
    session: AsyncSession, *, principal: Principal, environment_id: UUID | None
) -> Environment:
    """A living environment whose data the principal may read, or ``NotFound``."""
    environment = await find_environment(
        session, principal=principal, environment_id=environment_id
    )
    if not principal.can_in(Permission.ENVIRONMENT_READ, environment):
        raise NotFound("environment", path=("input", "environmentId"))
    return environment


async def find_deployment(
    session: AsyncSession, *, principal: Principal, deployment_id: UUID | None
) -> Deployment:
    """A deployment as it is now, unlocked, to act on; or ``NotFound`` at ``deploymentId``."""
    deployment = await session.get(Deployment, deployment_id) if deployment_id else None
    if deployment is None or not can_see_environments(principal, deployment.app_id):
        raise NotFound("deployment", path=("input", "deploymentId"))
    return deployment


async def find_watched_deployment(
    session: AsyncSession, *, principal: Principal, deployment_id: UUID | None, field: str
) -> Deployment:
    """A deployment to follow, or ``NotFound`` at ``field``."""
    deployment = await session.get(Deployment, deployment_id) if deployment_id else None
    if deployment is None or not can_see_deployments(principal, deployment.app_id):
        raise NotFound("deployment", path=(field,))
    return deployment


async def lock_environments(
    session: AsyncSession, environment_ids: Sequence[UUID]
) -> dict[UUID, Environment]:
    """Hold the rows in id order, so that A into B and B into A cannot wait for each other.

    Gives them as they are under the lock, as plain rows; deleted ones are left out.
    """
    rows = await read_plainly(session, Environment, _LOCK, {"ids": list(set(environment_ids))})
    return {row.id: row for row in rows}


async def lock_environment(
    session: AsyncSession, environment_id: UUID, *, field: str = "environmentId"
) -> Environment:
    """Hold one living environment to write to, or ``NotFound`` at ``field`` when it went."""
    statement = _LOCK.execution_options(populate_existing=True)
    found = (await session.exec(statement, params={"ids": [environment_id]})).one_or_none()
    if found is None:
        raise NotFound("environment", path=("input", field))
    return found


async def lock_deployment(session: AsyncSession, deployment_id: UUID) -> Deployment:
    """Hold a deployment that is known to exist; its environment is held already."""
    return await session.get_one(
        Deployment, deployment_id, with_for_update={"key_share": True}, populate_existing=True
    )
