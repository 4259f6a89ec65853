"""Who may in, of those whom the identity provider vouches for.

A member is known by issuer and subject, which never change hands. An e-mail address can, so it
counts once: it binds a member who has no identity yet, or accepts an open invitation.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    MAXIMUM_EMAIL,
    MAXIMUM_MEMBER_NAME,
    Member,
    Organization,
    SpentSignIn,
    utc_now,
)
from services import audit
from services.authentication import Recognised
from services.errors import DomainError
from services.joining import accept, find_by_email
from services.rights import present
from services.texts import storable


@dataclass(frozen=True)
class Identity:
    """Whom an identity provider vouches for; ``email`` only where it says that it is verified."""

    issuer: str
    subject: str
    email: str | None = None
    name: str | None = None


class NotInvited(Exception):
    """The identity is good, and nobody here."""


async def admit(session: AsyncSession, *, identity: Identity, request_id: str) -> Member:
    """The member that the identity is, or becomes; raises ``NotInvited`` and changes nothing."""
    known = await _known(session, identity)
    if known is not None:
        if known.deactivated_at is not None:
            raise NotInvited
        return known
    email = _comparable(identity.email)
    if email is None:
        raise NotInvited
    organization = (await session.exec(select(Organization))).one()
    return await _bind(session, organization, identity, email, request_id) or await _accept(
        session, organization, identity, email, request_id
    )


async def recognise_identity(
    session: AsyncSession, *, issuer: str, subject: str
) -> Recognised | None:
    """The active member who has signed in with this identity before."""
    member = await _known(session, Identity(issuer, subject))
    if member is None or member.deactivated_at is not None:
        return None
    return Recognised(await present(session, member))


async def spend(session: AsyncSession, *, state: str, expires_at: datetime) -> bool:
    """Take the state of a sign-in that comes back; False when it has come back before."""
    await session.exec(delete(SpentSignIn).where(col(SpentSignIn.expires_at) < utc_now()))
    taken = await session.exec(
        insert(SpentSignIn)
        .values(digest=sha256(state.encode()).digest(), expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(col(SpentSignIn.digest))
    )
    return taken.one_or_none() is not None


async def _known(session: AsyncSession, identity: Identity) -> Member | None:
    statement = select(Member).where(
        col(Member.issuer) == identity.issuer, col(Member.subject) == identity.subject
    )
    return (await session.exec(statement)).one_or_none()


async def _bind(
    session: AsyncSession,
    organization: Organization,
    identity: Identity,
    email: str,
    request_id: str,
) -> Member | None:
    """Give the identity to the member with this address who has none yet."""
    statement = (
        select(Member)
        .where(col(Member.organization_id) == organization.id, col(Member.email) == email)
        .with_for_update()
    )
    member = (await session.exec(statement)).one_or_none()
    if member is None:
        return None
    if member.deactivated_at is not None or member.issuer is not None:
        raise NotInvited
    member.issuer, member.subject = identity.issuer, identity.subject
    session.add(member)
    await _record(session, member, "member.bind_identity", identity, request_id)
    return member


async def _accept(
    session: AsyncSession,
    organization: Organization,
    identity: Identity,
    email: str,
    request_id: str,
) -> Member:
    """Make the member whom an open invitation is for."""
    invitation = await find_by_email(session, organization_id=organization.id, email=email)
    if invitation is None:
        raise NotInvited
    try:
        return await accept(
            session,
            invitation=invitation,
            name=_name(identity, email),
            issuer=identity.issuer,
            subject=identity.subject,
            request_id=request_id,
        )
    except DomainError as error:
        raise NotInvited from error


def _comparable(email: str | None) -> str | None:
    """The address as members have it: in lower case, of a length that can be kept."""
    if email is None or "\x00" in email:
        return None
    lowered = email.lower()
    return lowered if 3 <= len(lowered) <= MAXIMUM_EMAIL else None


def _name(identity: Identity, email: str) -> str:
    given = storable((identity.name or "").strip(), maximum=MAXIMUM_MEMBER_NAME)
    return given or email.partition("@")[0]


async def _record(
    session: AsyncSession,
    member: Member,
    action: str,
    identity: Identity,
    request_id: str,
    **facts: Any,
) -> None:
    audit.record(
        session,
        principal=await present(session, member, request_id=request_id),
        action=action,
        subject_id=member.id,
        issuer=identity.issuer,
        subject=identity.subject,
        **facts,
    )
