"""What every accepted deployment leaves beside itself: its idempotent answer and its audit row."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models import AuditOutcome, Deployment, Environment
from services import audit
from services.access import can_see_environments
from services.audit import Plain
from services.idempotency import Repeatable, find_answer, remember_answer
from services.principals import Principal


async def find_accepted(
    session: AsyncSession, *, principal: Principal, request: Repeatable
) -> Deployment | None:
    """The deployment that this very request made before; raises ``IdempotencyConflict``.

    One that the principal may see no more is none: the rules say what they say to anybody.
    """
    made = await find_answer(session, principal=principal, request=request)
    deployment = None if made is None else await session.get_one(Deployment, made)
    if deployment is None or not can_see_environments(principal, deployment.app_id):
        return None
    return deployment


def record_accepted(
    session: AsyncSession,
    *,
    principal: Principal,
    request: Repeatable,
    environment: Environment,
    deployment: Deployment,
    action: str,
    **facts: Plain,
) -> None:
    """Keep the answer for a repeated request, and write down who asked for what.

    ``before`` is what the environment serves, ``after`` what it was asked to serve. One that
    failed at once, for its content, is written down as refused.
    """
    remember_answer(session, principal=principal, request=request, subject_id=deployment.id)
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=deployment.id,
        subject_kind="Deployment",
        app_id=deployment.app_id,
        environment_id=environment.id,
        before=served_by(environment),
        after={
            "version": deployment.version,
            "commit": deployment.commit_sha,
            "deployment": deployment.id,
        },
        outcome=AuditOutcome.SUCCEEDED
        if deployment.failure_class is None
        else AuditOutcome.REFUSED,
        note=deployment.note,
        failure_class=deployment.failure_class,
        **facts,
    )


def served_by(environment: Environment) -> dict[str, Plain]:
    """What an environment serves, for the audit."""
    return {
        "version": environment.pinned_version,
        "deployment": environment.pinned_deployment_id or environment.content_deployment_id,
    }
