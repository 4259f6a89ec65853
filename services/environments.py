"""Pinned environments: making them, and what deleting one would take along."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, AppEventKind, Environment, Organization
from services import api_keys, audit, doorbell, events, faults, serving, snapshots
from services.acceptance import served_by
from services.access import can_see_environments, find_app, lock_environment
from services.apps import default_environment_id
from services.audit import Plain
from services.deployments import check_idle
from services.errors import (
    ConfirmationMismatch,
    DefaultEnvironmentLocked,
    EnvironmentLimit,
    NameTaken,
    NotFound,
)
from services.faults import Point
from services.idempotency import Repeatable, find_answer, remember_answer
from services.inputs import check_name
from services.principals import Permission, Principal, require
from services.revisions import check_revision
from services.runtimes import records
from services.variables.reading import count_variables, release_variables


@dataclass(frozen=True)
class NewEnvironment:
    app_id: UUID | None
    name: str
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "createEnvironment",
            self.idempotency_key,
            {"app": str(self.app_id), "name": self.name},
        )


async def create_environment(
    session: AsyncSession, *, principal: Principal, request: NewEnvironment
) -> Environment:
    """Make an environment without a pin: it serves nothing until something is promoted into it.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidName``, ``NameTaken`` and, when the plan
    allows no more, ``EnvironmentLimit``.
    """
    app = await find_app(session, principal=principal, app_id=request.app_id)
    if not can_see_environments(principal, app.id):
        raise NotFound("app", path=("input", "appId"))
    check_may_create(principal, app)
    check_name(request.name)
    repeatable = request.repeatable()
    made = await find_answer(session, principal=principal, request=repeatable)
    if made is not None:
        return await session.get_one(Environment, made)

    # The default environment stands for the app's set of names: who holds it makes the next.
    await lock_environment(session, await default_environment_id(session, app.id))
    await _check_free(session, app, request.name)
    await check_limit(session, app)
    environment = Environment(id=uuid4(), app_id=app.id, name=request.name)
    session.add(environment)
    await session.flush()
    remember_answer(session, principal=principal, request=repeatable, subject_id=environment.id)
    _record(
        session,
        principal,
        environment,
        "environment.create",
        AppEventKind.ENVIRONMENT_CREATED,
        after={"name": environment.name},
    )
    return environment


def check_may_create(principal: Principal, app: App) -> None:
    """Refuse whoever may make no environment in the app."""
    require(principal, Permission.ENVIRONMENT_READ, app_id=app.id)
    require(principal, Permission.ENVIRONMENT_INSERT, app_id=app.id)


async def _check_free(session: AsyncSession, app: App, name: str) -> None:
    statement = select(Environment.id).where(
        col(Environment.app_id) == app.id,
        col(Environment.name) == name,
        col(Environment.deleted_at).is_(None),
    )
    if (await session.exec(statement)).one_or_none() is not None:
        raise NameTaken("environment", name)


async def check_limit(session: AsyncSession, app: App) -> None:
    """Refuse an environment that the plan does not allow."""
    organization = await session.get_one(Organization, app.organization_id)
    limit = organization.plan.environment_limit
    if limit is None:
        return
    living = (
        select(func.count())
        .select_from(Environment)
        .where(col(Environment.app_id) == app.id, col(Environment.deleted_at).is_(None))
    )
    current = (await session.exec(living)).one()
    if current >= limit:
        raise EnvironmentLimit(organization.plan.label, limit, current)


@dataclass(frozen=True)
class DeletionPreview:
    """What goes when the environment is deleted. Its history stays."""

    snapshot_files_released: int
    api_keys_revoked: int
    variables_released: int


async def preview_deletion(session: AsyncSession, environment: Environment) -> DeletionPreview:
    return DeletionPreview(
        snapshot_files_released=await snapshots.count_entries(
            session, environment_id=environment.id
        ),
        api_keys_revoked=await api_keys.count_living(session, environment_id=environment.id),
        variables_released=await count_variables(session, environment_id=environment.id),
    )


@dataclass(frozen=True)
class Deletion:
    environment_id: UUID | None
    confirmation_name: str
    expected_revisions: frozenset[str] | None = None


async def delete_environment(
    session: AsyncSession, *, principal: Principal, request: Deletion
) -> Environment:
    """Delete an idle environment whose name was typed; its history stays for the app's life.

    Raises ``NotFound``, ``PermissionDenied``, ``DefaultEnvironmentLocked``,
    ``ConfirmationMismatch`` and ``EnvironmentBusy``.
    """
    environment = await lock_visible(
        session,
        principal=principal,
        environment_id=request.environment_id,
        permission=Permission.ENVIRONMENT_DELETE,
    )
    faults.reach(Point.DELETE_LOCKED, session)
    check_deletable(principal, environment)
    if request.confirmation_name != environment.name:
        raise ConfirmationMismatch(environment.name)
    check_revision(environment, request.expected_revisions)
    check_idle(environment, field="environmentId")

    await snapshots.release_entries(session, environment_id=environment.id)
    await api_keys.revoke_all_of(session, environment_id=environment.id)
    await release_variables(session, environment_id=environment.id)
    await records.forget_variables(session, environment_id=environment.id)
    faults.reach(Point.DELETE_RELEASED, session)
    environment.deleted_at = await serving.next_moment(session, environment_id=environment.id)
    await serving.end(session, environment_id=environment.id, at=environment.deleted_at)
    faults.reach(Point.DELETE_ENDED, session)
    session.add(environment)
    doorbell.ring(session, doorbell.RUNTIMES)
    _record(
        session,
        principal,
        environment,
        "environment.delete",
        AppEventKind.ENVIRONMENT_DELETED,
        before={"name": environment.name, **served_by(environment)},
    )
    return environment


def check_deletable(principal: Principal, environment: Environment) -> None:
    """Refuse what is never deleted, and whoever may not."""
    require(principal, Permission.ENVIRONMENT_DELETE, app_id=environment.app_id)
    if environment.is_default:
        raise DefaultEnvironmentLocked(environment.name)


async def lock_visible(
    session: AsyncSession,
    *,
    principal: Principal,
    environment_id: UUID | None,
    permission: Permission,
) -> Environment:
    """Hold an environment that the principal may see and do ``permission`` to."""
    if environment_id is None:
        raise NotFound("environment", path=("input", "environmentId"))
    environment = await lock_environment(session, environment_id)
    if not can_see_environments(principal, environment.app_id):
        raise NotFound("environment", path=("input", "environmentId"))
    require(principal, permission, app_id=environment.app_id)
    return environment


def _record(
    session: AsyncSession,
    principal: Principal,
    environment: Environment,
    action: str,
    kind: AppEventKind,
    *,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=environment.id,
        app_id=environment.app_id,
        environment_id=environment.id,
        before=before,
        after=after,
    )
    events.append(
        session,
        app_id=environment.app_id,
        kind=kind,
        actor=principal.actor,
        environment_id=environment.id,
    )
