"""Cancelling a deployment in flight; its worker notices and stops the build."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment
from services import audit, faults, settlement
from services.access import find_deployment, lock_deployment, lock_environment
from services.audit import Plain
from services.errors import AlreadySettled, NotFound
from services.faults import Point
from services.principals import Permission, Principal, require


@dataclass(frozen=True)
class Cancellation:
    deployment_id: UUID | None


async def cancel_deployment(
    session: AsyncSession, *, principal: Principal, request: Cancellation
) -> Deployment:
    """Settle a deployment as failed, with who did it; the environment serves what it served.

    Raises ``NotFound``, ``PermissionDenied``, and ``AlreadySettled`` when the deployment was
    faster.
    """
    found = await find_deployment(session, principal=principal, deployment_id=request.deployment_id)
    require(principal, Permission.ENVIRONMENT_PROMOTE, app_id=found.app_id)
    if found.settled_at is not None:
        raise AlreadySettled(found.id)
    try:
        environment = await lock_environment(session, found.environment_id)
    except NotFound:  # only an idle environment is deleted, so the deployment has settled
        raise AlreadySettled(found.id) from None
    deployment = await lock_deployment(session, found.id)
    faults.reach(Point.CANCEL_LOCKED, session)
    before = _steps(deployment)
    await settlement.cancel(
        session, environment=environment, deployment=deployment, actor=principal.actor
    )
    faults.reach(Point.CANCEL_SETTLED, session)
    audit.record(
        session,
        principal=principal,
        action="deployment.cancel",
        subject_id=deployment.id,
        app_id=deployment.app_id,
        environment_id=deployment.environment_id,
        before=before,
        after=_steps(deployment),
    )
    return deployment


def _steps(deployment: Deployment) -> dict[str, Plain]:
    return {
        "file_sync": deployment.file_sync,
        "code_build": deployment.code_build,
        "failure_class": deployment.failure_class,
    }
