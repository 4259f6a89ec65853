"""Finding things to look at: None for what is absent, foreign or unreadable alike."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    AccessToken,
    ApiKey,
    App,
    AuditEntry,
    CustomRole,
    Deployment,
    Environment,
    EnvironmentVariable,
    Invitation,
    Member,
    Repository,
    ServiceToken,
    SignInSession,
)
from services.access import (
    can_read_audit,
    can_see_app,
    can_see_deployments,
    can_see_environments,
)
from services.access_tokens import can_see_tokens
from services.api_keys import can_see_key
from services.errors import PermissionDenied
from services.inputs import is_name
from services.invitations import can_see_invitation
from services.managing import can_see_member
from services.plain_rows import read_plainly
from services.principals import Permission, Principal
from services.role_choices import can_see_role
from services.service_tokens import can_see_service_token
from services.sessions import find_session
from services.variables.reading import visible_variable

APP = select(App).where(col(App.name) == bindparam("name"))
ENVIRONMENT = select(Environment).where(
    col(Environment.app_id) == bindparam("app_id"),
    col(Environment.name) == bindparam("name"),
    col(Environment.deleted_at).is_(None),
)


def require_environments(principal: Principal, app_id: UUID) -> None:
    """Refuse a list of environments to one who may see the app but not them."""
    if not can_see_environments(principal, app_id):
        raise PermissionDenied(Permission.ENVIRONMENT_READ.value)


def require_deployments(principal: Principal, app_id: UUID) -> None:
    """Refuse an app's deployments to one who may see the app but not them."""
    if not can_see_deployments(principal, app_id):
        raise PermissionDenied(Permission.DEPLOYMENT_READ.value)


async def app_by_name(session: AsyncSession, *, principal: Principal, name: str) -> App | None:
    if not is_name(name):
        return None
    for app in await read_plainly(session, App, APP, {"name": name}):
        return app if can_see_app(principal, app) else None
    return None


async def environment_by_name(
    session: AsyncSession, *, principal: Principal, app: App, name: str
) -> Environment | None:
    if not is_name(name) or not can_see_environments(principal, app.id):
        return None
    values = {"app_id": app.id, "name": name}
    found = await read_plainly(session, Environment, ENVIRONMENT, values)
    return found[0] if found else None


Found = (
    App
    | Environment
    | Deployment
    | Repository
    | ApiKey
    | EnvironmentVariable
    | AuditEntry
    | ServiceToken
    | SignInSession
    | Member
    | CustomRole
    | Invitation
    | AccessToken
)


async def visible(
    session: AsyncSession, *, principal: Principal, kind: str, identity: UUID
) -> Found | None:
    """The thing of ``kind`` with this identity, deleted environments included."""
    match kind:
        case "Member" | "CustomRole" | "Invitation" | "AccessToken":
            return await _of_the_organization(
                session, principal=principal, kind=kind, identity=identity
            )
        case "App":
            app = await session.get(App, identity)
            return app if app is not None and can_see_app(principal, app) else None
        case "Environment":
            found = await session.get(Environment, identity)
        case "Deployment":
            deployment = await session.get(Deployment, identity)
            seen = deployment is not None and can_see_deployments(principal, deployment.app_id)
            return deployment if seen else None
        case "Repository":
            repository = await session.get(Repository, identity)
            app = None if repository is None else await session.get(App, repository.app_id)
            return repository if app is not None and can_see_app(principal, app) else None
        case "ApiKey":
            key = await session.get(ApiKey, identity)
            visible = key is not None and not key.internal and can_see_key(principal, key)
            return key if visible else None
        case "EnvironmentVariable":
            return await visible_variable(session, principal=principal, identity=identity)
        case "AuditEntry":
            entry = await session.get(AuditEntry, identity)
            return entry if entry is not None and can_read_audit(principal, entry) else None
        case "ServiceToken":
            token = await session.get(ServiceToken, identity)
            seen = token is not None and can_see_service_token(principal, token)
            return token if seen else None
        case "SignInSession":
            return await find_session(session, principal=principal, session_id=identity)
        case _:
            return None
    return found if found is not None and can_see_environments(principal, found.app_id) else None


async def _of_the_organization(
    session: AsyncSession, *, principal: Principal, kind: str, identity: UUID
) -> Member | CustomRole | Invitation | AccessToken | None:
    match kind:
        case "Member":
            member = await session.get(Member, identity)
            return member if member is not None and can_see_member(principal, member) else None
        case "Invitation":
            found = await session.get(Invitation, identity)
            return found if found is not None and can_see_invitation(principal, found) else None
        case "AccessToken":
            token = await session.get(AccessToken, identity)
            holder = None if token is None else await session.get(Member, token.member_id)
            return token if holder is not None and can_see_tokens(principal, holder) else None
        case _:
            role = await session.get(CustomRole, identity)
            seen = role is not None and can_see_role(principal, role)
            return role if seen else None
