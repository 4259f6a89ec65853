"""Redeploying: what an environment has, built afresh."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Commit, Deployment, DeploymentKind, Environment
from services import deployments, faults, heads
from services.acceptance import find_accepted, record_accepted
from services.access import find_environment
from services.deployments import Ask, check_idle
from services.environments import lock_visible
from services.errors import EnvironmentNotPinned, RepositoryUnreachable
from services.faults import Point
from services.idempotency import Repeatable
from services.installation import Installation
from services.principals import Permission, Principal, require
from services.revisions import check_revision


@dataclass(frozen=True)
class Redeploy:
    environment_id: UUID | None
    idempotency_key: str | None = None
    expected_revisions: frozenset[str] | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "redeployEnvironment",
            self.idempotency_key,
            {"environment": str(self.environment_id)},
        )


async def redeploy_environment(
    installation: Installation, *, principal: Principal, request: Redeploy
) -> Deployment:
    """Build what the environment has again: dev's HEAD, or the pin, which stays the version it is.

    Owns its transactions, since dev's HEAD is fetched between them. Raises ``NotFound``,
    ``PermissionDenied``, ``EnvironmentBusy``, ``EnvironmentNotPinned``,
    ``GitConnectionMissing`` and ``RepositoryUnreachable``.
    """
    async with installation.database.transaction() as session:
        made = await find_accepted(session, principal=principal, request=request.repeatable())
        if made is not None:
            return made
        environment = await find_environment(
            session, principal=principal, environment_id=request.environment_id
        )
        require(principal, Permission.ENVIRONMENT_PROMOTE, app_id=environment.app_id)
        check_revision(environment, request.expected_revisions)
        if environment.is_default:
            app = await session.get_one(App, environment.app_id)
            await heads.find_repository(session, app, field="environmentId")
    head = await _observe(installation, environment) if environment.is_default else None
    async with installation.database.transaction() as session:
        return await _redeploy(session, principal, request, head)


async def _observe(installation: Installation, environment: Environment) -> Commit:
    try:
        return await heads.observe_head(installation, environment.app_id)
    except RepositoryUnreachable as error:
        raise RepositoryUnreachable(error.reason, path=("input", "environmentId")) from error


async def _redeploy(
    session: AsyncSession, principal: Principal, request: Redeploy, head: Commit | None
) -> Deployment:
    made = await find_accepted(session, principal=principal, request=request.repeatable())
    if made is not None:
        return made
    environment = await lock_visible(
        session,
        principal=principal,
        environment_id=request.environment_id,
        permission=Permission.ENVIRONMENT_PROMOTE,
    )
    check_revision(environment, request.expected_revisions)
    faults.reach(Point.REDEPLOY_LOCKED, session)
    if head is not None:
        ask = Ask(DeploymentKind.REDEPLOY, head.sha, principal.actor)
        deployment = await deployments.start(session, environment=environment, ask=ask)
    else:
        deployment = await _redeploy_pin(session, principal, environment)
    faults.reach(Point.REDEPLOY_STARTED, session)
    record_accepted(
        session,
        principal=principal,
        request=request.repeatable(),
        environment=environment,
        deployment=deployment,
        action="environment.redeploy",
    )
    return deployment


def check_pinned(environment: Environment) -> None:
    """Refuse an environment that has nothing to deploy again."""
    if environment.pinned_deployment_id is None:
        raise EnvironmentNotPinned(environment.name)


async def _redeploy_pin(
    session: AsyncSession, principal: Principal, environment: Environment
) -> Deployment:
    check_idle(environment, field="environmentId")
    check_pinned(environment)
    pinned = await session.get_one(Deployment, environment.pinned_deployment_id)
    return await deployments.start(
        session,
        environment=environment,
        ask=Ask(
            kind=DeploymentKind.REDEPLOY,
            commit_sha=pinned.commit_sha,
            actor=principal.actor,
            version=pinned.version,
        ),
        snapshot_id=pinned.snapshot_id,
    )
