"""The audit: every act, by whom, written in the act's own transaction.

Entries are gathered while a transaction runs and written as its very last act: the database
chains them under the lock of the organization's head, which nobody holds for longer than a
commit takes. Values are plain and chosen one by one; secrets are never among them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Actor, AuditEntry, AuditOutcome, utc_now
from services.fixed_statements import Fixed
from services.held import send
from services.principals import Principal
from services.texts import storable

_PENDING = "audit.pending"
_GIVEN_BY_THE_DATABASE = {"seq", "previous_hash", "hash"}
_WRITE = Fixed(
    insert(AuditEntry),
    columns=set(AuditEntry.model_fields) - _GIVEN_BY_THE_DATABASE,
)

Plain = str | int | bool | UUID | None | Sequence["Plain"] | Mapping[str, "Plain"]
"""What may be written down: JSON without fractions, which no two programs write alike."""


def record(
    session: AsyncSession,
    *,
    principal: Principal,
    action: str,
    subject_id: UUID | None,
    subject_kind: str | None = None,
    app_id: UUID | None = None,
    environment_id: UUID | None = None,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
    outcome: AuditOutcome = AuditOutcome.SUCCEEDED,
    **facts: Plain,
) -> None:
    """Write down that ``principal`` did ``action``, which is ``noun.verb``.

    The subject is what the noun names unless ``subject_kind`` says otherwise. ``before`` and
    ``after`` hold what the act changed; ``facts`` are whatever else is known, None is not.
    """
    record_by(
        session,
        actor=principal.actor,
        organization_id=principal.organization_id,
        request_id=principal.request_id,
        action=action,
        subject_id=subject_id,
        subject_kind=subject_kind,
        app_id=app_id,
        environment_id=environment_id,
        before=before,
        after=after,
        outcome=outcome,
        **facts,
    )


def record_by(
    session: AsyncSession,
    *,
    actor: Actor,
    organization_id: UUID,
    action: str,
    subject_id: UUID | None,
    subject_kind: str | None = None,
    app_id: UUID | None = None,
    environment_id: UUID | None = None,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
    outcome: AuditOutcome = AuditOutcome.SUCCEEDED,
    request_id: str | None = None,
    **facts: Plain,
) -> None:
    """The same for an actor that is no principal: Pinmark itself, or a stranger."""
    if subject_id is not None and subject_kind is None:
        subject_kind = _kind_in(action)
    entry = {
        "id": uuid4(),
        "created_at": utc_now(),
        "organization_id": organization_id,
        "action": action,
        "outcome": outcome,
        "subject_kind": None if subject_kind is None else storable(subject_kind),
        "subject_id": subject_id,
        "app_id": app_id,
        "environment_id": environment_id,
        "before": None if before is None else _plain(before),
        "after": None if after is None else _plain(after),
        "facts": _plain({name: fact for name, fact in facts.items() if fact is not None}),
        "request_id": request_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": storable(actor.name),
    }
    session.info.setdefault(_PENDING, []).append(entry)


async def publish(session: AsyncSession) -> None:
    """Chain what was recorded; only the transaction's end calls this, after all else."""
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    for entry in pending:
        await send(session, _WRITE, **entry)


def _kind_in(action: str) -> str:
    """``api_key.create`` → ``ApiKey``, the type of that name in the API."""
    return "".join(word.capitalize() for word in action.partition(".")[0].split("_"))


def _plain(value: Plain) -> Any:
    match value:
        case bool() | int() | None:
            return value
        case str():
            return storable(value)
        case UUID():
            return str(value)
        case Mapping():
            return {storable(name): _plain(each) for name, each in value.items()}
        case Sequence():
            return [_plain(each) for each in value]
