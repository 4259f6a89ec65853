"""The audit: every act, by whom, written in the act's own transaction."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import AuditEntry
from services.principals import Principal


def record(
    session: AsyncSession,
    *,
    principal: Principal,
    action: str,
    subject_id: UUID,
    app_id: UUID | None = None,
    **facts: Any,
) -> None:
    """Write down that ``principal`` did ``action``; ``facts`` are plain values, never secrets."""
    actor = principal.actor
    session.add(
        AuditEntry(
            organization_id=principal.organization_id,
            app_id=app_id,
            action=action,
            subject_id=subject_id,
            facts={
                name: str(value) if isinstance(value, UUID) else value
                for name, value in facts.items()
            },
            request_id=principal.request_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
        )
    )
