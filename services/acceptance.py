"""What every accepted deployment leaves beside itself: its idempotent answer and its audit row."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment
from services import audit
from services.access import can_see_environments
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
    deployment: Deployment,
    action: str,
    **facts: Any,
) -> None:
    """Keep the answer for a repeated request, and write down who asked for what."""
    remember_answer(session, principal=principal, request=request, subject_id=deployment.id)
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=deployment.id,
        app_id=deployment.app_id,
        environment=deployment.environment_id,
        version=deployment.version,
        commit=deployment.commit_sha,
        **facts,
    )
