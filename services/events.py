"""The event log: every transition of an app, in commit order, read and never guessed.

Events are gathered while a transaction runs and published as its last act, under the app's row
lock: the sequence has no gap and its order is the order of commits. A reader that has seen
``seq`` n has seen everything up to n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    Actor,
    App,
    AppEventKind,
    CodeBuildStatus,
    Deployment,
    Event,
    FileSyncStatus,
    utc_now,
)
from services import doorbell
from services.fixed_statements import Fixed
from services.held import send

_PENDING = "events.pending"
_EACH = {
    "occurred_at": "timestamptz",
    "kind": "text",
    "environment_id": "uuid",
    "deployment_id": "uuid",
    "file_sync": "text",
    "code_build": "text",
    "actor_kind": "text",
    "actor_id": "uuid",
    "actor_name": "text",
}
_WRITE = Fixed(
    text(
        f"""
        WITH numbered AS (
            UPDATE app SET event_sequence = event_sequence + :count WHERE id = :app_id
            RETURNING id, event_sequence - :count AS before
        )
        INSERT INTO event (app_id, seq, {", ".join(_EACH)})
        SELECT id, before + place, {", ".join(_EACH)}
        FROM numbered, unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _EACH.items())})
            WITH ORDINALITY AS appended ({", ".join(_EACH)}, place)
        """
    )
)
PAGE_SIZE = 200


@dataclass(frozen=True)
class _Pending:
    app_id: UUID
    kind: AppEventKind
    actor: Actor
    environment_id: UUID | None
    deployment_id: UUID | None
    file_sync: FileSyncStatus | None
    code_build: CodeBuildStatus | None
    occurred_at: datetime


def append(
    session: AsyncSession,
    *,
    app_id: UUID,
    kind: AppEventKind,
    actor: Actor,
    environment_id: UUID | None = None,
    deployment: Deployment | None = None,
) -> None:
    """Add an event to this transaction, with the deployment's steps as they are now."""
    session.info.setdefault(_PENDING, []).append(
        _Pending(
            app_id=app_id,
            kind=kind,
            actor=actor,
            environment_id=environment_id or (deployment.environment_id if deployment else None),
            deployment_id=deployment.id if deployment else None,
            file_sync=deployment.file_sync if deployment else None,
            code_build=deployment.code_build if deployment else None,
            occurred_at=utc_now(),
        )
    )


async def publish(session: AsyncSession) -> None:
    """Number and write what was appended; only the transaction's end calls this."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    pending.sort(key=lambda event: event.app_id.bytes)
    for app_id, of_app in groupby(pending, key=lambda event: event.app_id):
        await _publish_app(session, app_id, list(of_app))


async def _publish_app(session: AsyncSession, app_id: UUID, pending: Sequence[_Pending]) -> None:
    rows = [{**vars(event), **event.actor.columns} for event in pending]
    columns = {name: [row[name] for row in rows] for name in _EACH}
    await send(session, _WRITE, app_id=app_id, count=len(rows), **columns)
    doorbell.ring(session, doorbell.app_topic(app_id))


async def read_app_events(session: AsyncSession, *, app_id: UUID, after: int) -> Sequence[Event]:
    """The next events of an app past ``after``, oldest first, a page at a time."""
    statement = (
        select(Event)
        .where(col(Event.app_id) == app_id, col(Event.seq) > after)
        .order_by(col(Event.seq))
        .limit(PAGE_SIZE)
    )
    return (await session.exec(statement)).all()


async def read_deployment_events(
    session: AsyncSession, *, deployment_id: UUID, after: int
) -> Sequence[Event]:
    """The next events of a deployment past ``after``, oldest first, a page at a time."""
    statement = (
        select(Event)
        .where(col(Event.deployment_id) == deployment_id, col(Event.seq) > after)
        .order_by(col(Event.seq))
        .limit(PAGE_SIZE)
    )
    return (await session.exec(statement)).all()


async def newest_sequence(session: AsyncSession, *, app_id: UUID) -> int:
    """The number of the app's newest event at this moment."""
    statement = select(App.event_sequence).where(col(App.id) == app_id)
    return (await session.exec(statement)).one()
