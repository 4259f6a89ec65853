"""Retrying: the same frozen promotion, rollback or redeployment, run once more."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, DeploymentStatus, FailureClass
from services import deployments, faults
from services.acceptance import find_accepted, record_accepted
from services.access import find_deployment, lock_environments
from services.deployments import Ask, check_idle
from services.errors import NotRetryable
from services.faults import Point
from services.idempotency import Repeatable
from services.principals import Permission, Principal, require


@dataclass(frozen=True)
class Retry:
    deployment_id: UUID | None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "retryDeployment", self.idempotency_key, {"deployment": str(self.deployment_id)}
        )


async def retry_deployment(
    session: AsyncSession, *, principal: Principal, request: Retry
) -> Deployment:
    """Run a failed deployment into a pinned environment again, exactly as it was asked.

    Newer failures do not stand in the way; one that deployed since does. Raises ``NotFound``,
    ``PermissionDenied``, ``EnvironmentBusy`` and ``NotRetryable``.
    """
    made = await find_accepted(session, principal=principal, request=request.repeatable())
    if made is not None:
        return made
    failed = await find_deployment(
        session, principal=principal, deployment_id=request.deployment_id
    )
    require(principal, Permission.ENVIRONMENT_PROMOTE, app_id=failed.app_id)
    environments = await lock_environments(session, [failed.environment_id])
    environment = environments.get(failed.environment_id)
    if environment is None:
        raise NotRetryable("Its environment has been deleted.")
    faults.reach(Point.RETRY_LOCKED, session)
    await session.refresh(failed)
    _check_kind(failed)
    check_idle(environment, field="deploymentId")
    await _check_nothing_since(session, failed)

    deployment = await deployments.start(
        session,
        environment=environment,
        ask=Ask(
            kind=failed.kind,
            commit_sha=failed.commit_sha,
            actor=principal.actor,
            version=failed.version,
            note=failed.note,
            source_id=failed.source_id,
            source_name=failed.source_name,
            retry_of_id=failed.id,
            override=failed.override,
        ),
        snapshot_id=failed.snapshot_id,
        artifact_id=failed.artifact_id,
    )
    faults.reach(Point.RETRY_STARTED, session)
    record_accepted(
        session,
        principal=principal,
        request=request.repeatable(),
        environment=environment,
        deployment=deployment,
        action="deployment.retry",
        retry_of=failed.id,
    )
    return deployment


def _check_kind(deployment: Deployment) -> None:
    if not deployment.pinned:
        raise NotRetryable("dev is redeployed rather than retried.")
    if deployment.failure_class is FailureClass.CONTENT:
        raise NotRetryable("The content at this commit is not valid, so it would fail again.")
    if deployment.status is DeploymentStatus.DEPLOYED:
        raise NotRetryable("It deployed; there is nothing to retry.")


async def _check_nothing_since(session: AsyncSession, failed: Deployment) -> None:
    statement = (
        select(Deployment.id)
        .where(
            col(Deployment.environment_id) == failed.environment_id,
            col(Deployment.ordinal) > failed.ordinal,
            col(Deployment.failure_class).is_(None),
        )
        .limit(1)
    )
    if (await session.exec(statement)).one_or_none() is not None:
        raise NotRetryable("Another deployment has succeeded since.")
