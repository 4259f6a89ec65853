"""Sessions of the dashboard: one a browser, listed and ended by the member whose they are.

A session's secret lies in the browser's cookie alone. Its use moves its end on, to the minute,
but never past the longest that a session may last.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Update, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    MAXIMUM_USER_AGENT,
    Member,
    SignInMethod,
    SignInSession,
    utc_now,
)
from services import audit, doorbell
from services.authentication import USE_NOTED_EVERY, Recognised, is_one_of, is_spelled_like_a_token
from services.ciphers import Pepper
from services.errors import NotFound
from services.paging import Page, PageRequest, newest_first, read_page
from services.principals import Principal
from services.rights import present
from services.texts import storable

SUBJECT = "SignInSession"  # what the audit calls the kind of a session


@dataclass(frozen=True)
class SessionPolicy:
    """How long a session may go unused, and how long it may last at all."""

    idle: timedelta
    longest: timedelta


async def start_session(
    session: AsyncSession,
    *,
    policy: SessionPolicy,
    pepper: Pepper,
    member: Member,
    method: SignInMethod,
    user_agent: str,
    request_id: str,
) -> str:
    """Sign the member in; the answer is the secret for the browser, shown this once."""
    secret, now = secrets.token_urlsafe(32), utc_now()
    row = SignInSession(
        id=uuid4(),
        created_at=now,
        member_id=member.id,
        digest=pepper.digest(secret),
        method=method,
        user_agent=storable(user_agent, maximum=MAXIMUM_USER_AGENT),
        last_seen_at=now,
        expires_at=now + min(policy.idle, policy.longest),
        ends_at=now + policy.longest,
    )
    session.add(row)
    audit.record(
        session,
        principal=await present(session, member, request_id=request_id),
        action="session.start",
        subject_id=row.id,
        subject_kind=SUBJECT,
        method=method.value,
    )
    return secret


async def recognise_session(
    session: AsyncSession, *, policy: SessionPolicy, pepper: Pepper, secret: str
) -> Recognised | None:
    """Whose session this is the secret of, while it and its member are good."""
    if not is_spelled_like_a_token(secret):
        return None
    digests = pepper.digests(secret)
    statement = (
        select(SignInSession, Member)
        .join(Member, col(SignInSession.member_id) == col(Member.id))
        .where(
            col(SignInSession.digest).in_(digests),
            _is_living(),
            col(Member.deactivated_at).is_(None),
        )
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None or not is_one_of(found[0].digest, digests):
        return None
    row, member = found
    principal = await present(session, member)
    principal = replace(principal, session_id=row.id, good_until=row.expires_at)
    return Recognised(principal, _moving_on(row, policy))


def _moving_on(row: SignInSession, policy: SessionPolicy) -> Update | None:
    """What notes that the session is in use, once a minute."""
    now = utc_now()
    if row.last_seen_at > now - USE_NOTED_EVERY:
        return None
    return (
        update(SignInSession)
        .where(col(SignInSession.id) == row.id, _is_living())
        .values(last_seen_at=now, expires_at=min(now + policy.idle, row.ends_at))
    )


def _is_living() -> ColumnElement[bool]:
    return col(SignInSession.ended_at).is_(None) & (col(SignInSession.expires_at) > utc_now())


async def end_shown_session(
    session: AsyncSession, *, pepper: Pepper, secret: str, request_id: str
) -> None:
    """Sign out: end the session whose secret this is, if it is one and lives."""
    statement = (
        select(SignInSession)
        .where(col(SignInSession.digest).in_(pepper.digests(secret)), _is_living())
        .with_for_update()
    )
    row = (await session.exec(statement)).one_or_none()
    if row is not None:
        member = await session.get_one(Member, row.member_id)
        _end(session, row, await present(session, member, request_id=request_id))


async def end_session(
    session: AsyncSession, *, principal: Principal, session_id: UUID | None
) -> SignInSession:
    """End one of one's own sessions, at once and everywhere; one that has ended stays as it is.

    Raises ``NotFound``.
    """
    row = await _own(session, principal, session_id, field="sessionId")
    if row.ended_at is None:
        _end(session, row, principal)
    return row


async def end_other_sessions(
    session: AsyncSession, *, principal: Principal, kept: UUID | None
) -> int:
    """End all of one's own sessions but the one to be ``kept``; give how many those were.

    Raises ``NotFound`` when the one to keep is not one's own.
    """
    if kept is not None:
        await _own(session, principal, kept, field="keptSessionId")
    statement = (
        select(SignInSession)
        .where(_is_own(principal), _is_living(), col(SignInSession.id) != (kept or uuid4()))
        .order_by(col(SignInSession.id))
        .with_for_update()
    )
    rows = (await session.exec(statement)).all()
    for row in rows:
        _close(session, row)
    audit.record(
        session,
        principal=principal,
        action="other_sessions.end",
        subject_id=principal.id,
        subject_kind="Member",
        ended=[row.id for row in rows],
    )
    return len(rows)


def _end(session: AsyncSession, row: SignInSession, principal: Principal) -> None:
    _close(session, row)
    audit.record(
        session,
        principal=principal,
        action="session.end",
        subject_id=row.id,
        subject_kind=SUBJECT,
    )


def _close(session: AsyncSession, row: SignInSession) -> None:
    row.ended_at = utc_now()
    session.add(row)
    doorbell.ring(session, doorbell.CREDENTIALS)


async def find_session(
    session: AsyncSession, *, principal: Principal, session_id: UUID
) -> SignInSession | None:
    """One of one's own sessions, living or not."""
    row = await session.get(SignInSession, session_id)
    return row if row is not None and is_own(principal, row) else None


def is_own(principal: Principal, row: SignInSession) -> bool:
    return principal.is_member and row.member_id == principal.id


async def _own(
    session: AsyncSession, principal: Principal, session_id: UUID | None, *, field: str
) -> SignInSession:
    row = await session.get(SignInSession, session_id, with_for_update=True) if session_id else None
    if row is None or not is_own(principal, row):
        raise NotFound("session", path=("input", field))
    return row


def _is_own(principal: Principal) -> ColumnElement[bool]:
    # An id names one thing alone: no session is an API key's or a service's.
    return col(SignInSession.member_id) == principal.id


async def list_sessions(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[SignInSession]:
    """One's own sessions that are good now, the newest first."""
    ordering = newest_first(SignInSession, scope=f"sessions:{principal.id.hex}")
    statement = select(SignInSession).where(_is_own(principal), _is_living())
    return await read_page(session, statement, ordering, request)
