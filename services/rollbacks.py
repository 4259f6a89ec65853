"""Rolling back: the pin moves to another version that this environment served before."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, DeploymentKind, Environment
from services import deployments, faults, snapshots
from services.acceptance import find_accepted, record_accepted
from services.deployments import Ask, check_idle
from services.environments import lock_visible
from services.errors import (
    AlreadyServing,
    EnvironmentNotPinned,
    TargetIsDefault,
    VersionNotFound,
)
from services.faults import Point
from services.idempotency import Repeatable
from services.inputs import check_note
from services.principals import Permission, Principal, require
from services.revisions import check_revision


@dataclass(frozen=True)
class Rollback:
    environment_id: UUID | None
    version: int
    note: str | None = None
    idempotency_key: str | None = None
    expected_revisions: frozenset[str] | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "rollbackEnvironment",
            self.idempotency_key,
            {
                "environment": str(self.environment_id),
                "version": self.version,
                "note": self.note,
            },
        )


def check_environment(principal: Principal, environment: Environment) -> None:
    """Refuse what has no versions, and whoever may not."""
    require(principal, Permission.ENVIRONMENT_PROMOTE, app_id=environment.app_id)
    if environment.is_default:
        raise TargetIsDefault(environment.name, field="environmentId")


def check_other_version(environment: Environment) -> None:
    """Refuse an environment that has no version beside the one that it serves."""
    if environment.pinned_version is None:
        raise EnvironmentNotPinned(environment.name)
    if environment.current_version == 1:
        raise AlreadyServing(environment.name, environment.pinned_version)


async def roll_back(
    session: AsyncSession, *, principal: Principal, request: Rollback
) -> Deployment:
    """Serve a successful version of the environment again, older or newer, with its kept build.

    ``current_version`` does not move. Raises ``NotFound``, ``PermissionDenied``,
    ``InvalidInput``, ``TargetIsDefault``, ``EnvironmentBusy``, ``AlreadyServing`` and
    ``VersionNotFound``.
    """
    check_note(request.note)
    made = await find_accepted(session, principal=principal, request=request.repeatable())
    if made is not None:
        return made
    environment = await lock_visible(
        session,
        principal=principal,
        environment_id=request.environment_id,
        permission=Permission.ENVIRONMENT_PROMOTE,
    )
    faults.reach(Point.ROLL_BACK_LOCKED, session)
    check_environment(principal, environment)
    check_revision(environment, request.expected_revisions)
    check_idle(environment, field="environmentId")
    if environment.pinned_version == request.version:
        raise AlreadyServing(environment.name, request.version)
    kept = await deployments.newest_success(
        session, environment_id=environment.id, version=request.version
    )
    if kept is None:
        raise VersionNotFound(environment.name, request.version)

    assert kept.snapshot_id is not None
    deployment = await deployments.start(
        session,
        environment=environment,
        ask=Ask(
            kind=DeploymentKind.ROLLBACK,
            commit_sha=kept.commit_sha,
            actor=principal.actor,
            version=request.version,
            note=request.note,
        ),
        snapshot_id=await snapshots.copy_snapshot(
            session, snapshot_id=kept.snapshot_id, environment_id=environment.id
        ),
        artifact_id=kept.artifact_id,
    )
    faults.reach(Point.ROLL_BACK_STARTED, session)
    record_accepted(
        session,
        principal=principal,
        request=request.repeatable(),
        environment=environment,
        deployment=deployment,
        action="environment.rollback",
    )
    return deployment
