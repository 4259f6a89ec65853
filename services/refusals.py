"""Refusals that matter, written into the audit.

What is refused is undone with its transaction, so the refusal gets one of its own, at the edge.
Written down are denied permissions, wrong confirmations and tokens that are not valid. What is
merely not possible now, or mistyped, is not; and what is not there is not, because absent and
foreign are one answer.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    ANONYMOUS,
    ApiKey,
    App,
    AuditOutcome,
    Deployment,
    Environment,
    EnvironmentVariable,
    Organization,
    Repository,
)
from services import audit
from services.audit import Plain
from services.database import Database
from services.errors import ConfirmationMismatch, DomainError, PermissionDenied
from services.principals import Principal

Identity = tuple[str, UUID]
"""The kind of a thing and its id, which may lead nowhere."""

_TABLES = {
    "App": App,
    "Environment": Environment,
    "Deployment": Deployment,
    "Repository": Repository,
    "ApiKey": ApiKey,
    "EnvironmentVariable": EnvironmentVariable,
}


async def record_refusal(
    database: Database,
    *,
    principal: Principal,
    action: str,
    error: DomainError,
    asked: Mapping[str, Identity] | None = None,
    at: str | None = None,
) -> None:
    """Write down that ``action`` was refused, if that matters.

    ``asked`` are the things that the request named; the last of them is what it was to act on.
    ``at`` is the field or route that was refused, where that is no act with a name of its own.
    """
    if not isinstance(error, PermissionDenied | ConfirmationMismatch):
        return
    permission = error.permission if isinstance(error, PermissionDenied) else None
    asked = asked or {}
    kind, identity = list(asked.values())[-1] if asked else (None, None)
    async with database.transaction() as session:
        app_id, environment_id = await _place(session, kind, identity)
        audit.record(
            session,
            principal=principal,
            action=action,
            subject_id=identity,
            subject_kind=kind,
            app_id=app_id,
            environment_id=environment_id,
            outcome=AuditOutcome.REFUSED,
            reason=error.message,
            permission=permission,
            asked={name: named for name, (_, named) in asked.items()} if asked else None,
            at=at,
        )


async def _place(
    session: AsyncSession, kind: str | None, identity: UUID | None
) -> tuple[UUID | None, UUID | None]:
    """The app and environment that a thing belongs to, as far as it is there."""
    table = None if kind is None else _TABLES.get(kind)
    match None if table is None else await session.get(table, identity):
        case App() as app:
            return app.id, None
        case Environment() as environment:
            return environment.app_id, environment.id
        case Deployment() as deployment:
            return deployment.app_id, deployment.environment_id
        case Repository() as repository:
            return repository.app_id, None
        case ApiKey() as key:
            return key.app_id, key.environment_id
        case EnvironmentVariable() as variable:
            environment = await session.get_one(Environment, variable.environment_id)
            return environment.app_id, environment.id
        case _:
            return None, None


async def record_refused_tokens(
    database: Database, *, attempts: int, samples: Sequence[Mapping[str, Plain]]
) -> None:
    """Write down how often a token was not valid of late, with a few of those requests."""
    async with database.transaction() as session:
        organization_id = (await session.exec(select(Organization.id))).one()
        audit.record_by(
            session,
            actor=ANONYMOUS,
            organization_id=organization_id,
            action="access_token.use",
            subject_id=None,
            outcome=AuditOutcome.REFUSED,
            attempts=attempts,
            samples=samples,
        )
