"""The lists that clients page through."""

from sqlalchemy import ColumnElement, String, bindparam, case, cast, false
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Deployment, DeploymentStatus, Environment, SnapshotEntry
from services.access import readable_kinds
from services.deployment_filters import DeploymentFilter, has_status
from services.inputs import check_text
from services.paging import (
    Ordering,
    Page,
    PageRequest,
    newest_first,
    read_page,
)
from services.principals import Permission, Principal

MAXIMUM_PATH = 4096

# What is asked for most is put together once and for all.
ENVIRONMENTS = select(Environment).where(
    col(Environment.app_id) == bindparam("app_id"), col(Environment.deleted_at).is_(None)
)
DEFAULT_FIRST = (case((col(Environment.is_default), 0), else_=1), col(Environment.name))
DEPLOYMENTS = select(Deployment).where(
    col(Deployment.environment_id) == bindparam("environment_id")
)
NEWEST = (col(Deployment.ordinal),)


async def list_apps(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[App]:
    """The organization's apps that the principal may see, by name."""
    statement = select(App).where(
        col(App.organization_id) == principal.organization_id, readable_apps(principal)
    )
    ordering = Ordering[App](
        scope="apps", columns=[col(App.name)], types=[str], key=lambda app: [app.name]
    )
    return await read_page(session, statement, ordering, request, plain=App)


def readable_apps(principal: Principal) -> ColumnElement[bool]:
    """Whether the principal may see an app, as SQL: the same as ``access.can_see_app``."""
    if principal.key is not None:
        own = principal.can(Permission.APP_READ, principal.key.app_id)
        return col(App.id) == principal.key.app_id if own else false()
    readable = [app for app, held in principal.in_apps.items() if Permission.APP_READ in held]
    if principal.can(Permission.APP_READ):
        return col(App.id).not_in(set(principal.in_apps) - set(readable))
    return col(App.id).in_(readable)


async def list_environments(
    session: AsyncSession, *, app: App, request: PageRequest
) -> Page[Environment]:
    """An app's living environments: the default one first, then by name."""
    ordering = Ordering[Environment](
        scope=f"environments:{app.id.hex}",
        columns=DEFAULT_FIRST,
        types=[int, str],
        key=lambda environment: [0 if environment.is_default else 1, environment.name],
    )
    given = {"app_id": app.id}
    return await read_page(session, ENVIRONMENTS, ordering, request, plain=Environment, given=given)


async def list_deleted_environments(
    session: AsyncSession, *, app: App, request: PageRequest
) -> Page[Environment]:
    """An app's deleted environments, by name."""
    statement = select(Environment).where(
        col(Environment.app_id) == app.id, col(Environment.deleted_at).is_not(None)
    )
    ordering = Ordering[Environment](
        scope=f"deleted:{app.id.hex}",
        columns=[col(Environment.name), cast(col(Environment.id), String)],
        types=[str, str],
        key=lambda environment: [environment.name, str(environment.id)],
    )
    return await read_page(session, statement, ordering, request, plain=Environment)


async def list_deployments(
    session: AsyncSession,
    *,
    environment: Environment,
    request: PageRequest,
    filter: DeploymentFilter | None = None,
) -> Page[Deployment]:
    """Everything ever deployed into an environment, newest first."""
    ordering = Ordering[Deployment](
        scope=f"deployments:{environment.id.hex}",
        columns=NEWEST,
        types=[int],
        key=lambda deployment: [deployment.ordinal],
        descending=True,
    )
    if filter is None:
        given = {"environment_id": environment.id}
        return await read_page(
            session, DEPLOYMENTS, ordering, request, plain=Deployment, given=given
        )
    filter.check()
    statement = select(Deployment).where(
        col(Deployment.environment_id) == environment.id, *filter.conditions()
    )
    return await read_page(session, statement, ordering, request, plain=Deployment)


async def list_app_deployments(
    session: AsyncSession, *, app: App, status: DeploymentStatus | None, request: PageRequest
) -> Page[Deployment]:
    """What was ever deployed into any of an app's environments, newest first."""
    statement = select(Deployment).where(col(Deployment.app_id) == app.id)
    if status is not None:
        statement = statement.where(has_status(status))
    ordering = newest_first(Deployment, scope=f"deployments:{app.id.hex}")
    return await read_page(session, statement, ordering, request, plain=Deployment)


async def list_files(
    session: AsyncSession,
    *,
    principal: Principal,
    environment: Environment,
    path: str | None,
    request: PageRequest,
) -> Page[SnapshotEntry]:
    """What an environment serves, by path; ``path`` narrows it to a file or a folder.

    What the principal may not read is left out; raises ``PermissionDenied`` when that is all.
    """
    readable = readable_kinds(principal, environment)
    serving = environment.pinned_deployment_id or environment.content_deployment_id
    snapshot = select(Deployment.snapshot_id).where(col(Deployment.id) == serving)
    statement = select(SnapshotEntry).where(
        col(SnapshotEntry.snapshot_id).in_(snapshot), col(SnapshotEntry.kind).in_(readable)
    )
    if path is not None:
        check_text("path", path, maximum=MAXIMUM_PATH)
        folder = path.rstrip("/") + "/"
        statement = statement.where(
            (col(SnapshotEntry.path) == path)
            | col(SnapshotEntry.path).startswith(folder, autoescape=True)
        )
    ordering = Ordering[SnapshotEntry](
        scope=f"files:{environment.id.hex}",
        columns=[col(SnapshotEntry.path)],
        types=[str],
        key=lambda entry: [entry.path],
    )
    return await read_page(session, statement, ordering, request)
