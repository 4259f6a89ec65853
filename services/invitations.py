"""Invitations: a standing offer of a role to an address, accepted once, or ended.

A link carries the token; only its keyed digest is kept. The offer stands as long as whoever made
it could still give the role: who leaves or is lowered leaves no way in behind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Invitation, InvitationState, Member, utc_now
from services import audit
from services.ciphers import Mint, Pepper
from services.emails import normal_email
from services.errors import AlreadyMember, InvalidInput, InvitationAccepted, NotFound
from services.idempotency import Repeatable, remember_answer
from services.inputs import check_expiry
from services.key_secrets import INVITATION, new_key
from services.made_before import find_made
from services.managing import begin_change
from services.paging import (
    Page,
    PageRequest,
    newest_first,
    read_page,
)
from services.principals import Permission, Principal, require
from services.role_choices import RoleChoice, check_role_everywhere, find_role

LASTS_UNLESS_TOLD = timedelta(days=7)
LASTS_AT_MOST = timedelta(days=30)


@dataclass(frozen=True)
class NewInvitation:
    """Whom to invite as what; it lasts a week unless told."""

    email: str
    choice: RoleChoice
    expires_at: datetime | None = None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "inviteMember",
            self.idempotency_key,
            {
                "email": self.email,
                "role": self.choice.role,
                "customRole": str(self.choice.custom_role_id) if self.choice.custom else None,
                "expiresAt": None if self.expires_at is None else self.expires_at.isoformat(),
            },
        )


@dataclass(frozen=True)
class MadeInvitation:
    """An invitation, and the one time its plaintext is there."""

    row: Invitation
    plaintext: str


async def invite_member(
    session: AsyncSession,
    *,
    mint: Mint,
    pepper: Pepper,
    principal: Principal,
    request: NewInvitation,
) -> MadeInvitation:
    """Offer a role that the principal could give; it replaces an open invitation of the address.

    Raises ``PermissionDenied``, ``OwnerRequired``, ``NotFound``, ``InvalidInput``,
    ``AlreadyMember`` and ``IdempotencyConflict``.
    """
    require(principal, Permission.MEMBER_WRITE)
    email = normal_email(request.email)
    made = await find_made(
        session,
        Invitation,
        mint=mint,
        pepper=pepper,
        principal=principal,
        request=request.repeatable(),
        kind=INVITATION,
    )
    if made is not None:
        return MadeInvitation(*made)
    expires_at = _check_expiry(request.expires_at)
    present = await begin_change(session, principal)
    given = await find_role(session, principal=present, choice=request.choice)
    check_role_everywhere(present, given)
    await check_no_member(session, present.organization_id, email)
    await _end_open(session, present.organization_id, email)
    plaintext = new_key(
        mint, principal_id=present.id, idempotency_key=request.idempotency_key, kind=INVITATION
    )
    row = Invitation(
        id=uuid4(),
        organization_id=present.organization_id,
        email=email,
        role=given.role,
        custom_role_id=given.custom_role_id,
        digest=pepper.digest(plaintext),
        expires_at=expires_at,
        **present.actor.columns,
    )
    session.add(row)
    await session.flush()
    remember_answer(session, principal=present, request=request.repeatable(), subject_id=row.id)
    _record(session, present, row, "member.invite", after=given.facts)
    return MadeInvitation(row, plaintext)


def _check_expiry(expires_at: datetime | None) -> datetime:
    now = utc_now()
    checked = check_expiry(expires_at) or now + LASTS_UNLESS_TOLD
    if checked > now + LASTS_AT_MOST:
        raise InvalidInput("expiresAt", f"An invitation lasts {LASTS_AT_MOST.days} days at most.")
    return checked


async def check_no_member(session: AsyncSession, organization_id: UUID, email: str) -> None:
    """Refuse an address that a member has, one who left too."""
    statement = select(Member.id).where(
        col(Member.organization_id) == organization_id, col(Member.email) == email
    )
    if (await session.exec(statement)).one_or_none() is not None:
        raise AlreadyMember


async def _end_open(session: AsyncSession, organization_id: UUID, email: str) -> None:
    await session.exec(
        update(Invitation)
        .where(
            col(Invitation.organization_id) == organization_id,
            col(Invitation.email) == email,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
        .values(revoked_at=utc_now())
    )


async def revoke_invitation(
    session: AsyncSession, *, principal: Principal, invitation_id: UUID | None
) -> Invitation:
    """End an invitation; one that has ended otherwise than by acceptance stays as it is.

    Raises ``NotFound``, ``PermissionDenied`` and ``InvitationAccepted``.
    """
    seen = await session.get(Invitation, invitation_id) if invitation_id else None
    if seen is None or not can_see_invitation(principal, seen):
        raise NotFound("invitation", path=("input", "invitationId"))
    present = await begin_change(session, principal)
    row = await session.get_one(Invitation, seen.id, populate_existing=True)
    match row.state_at(utc_now()):
        case InvitationState.ACCEPTED:
            raise InvitationAccepted
        case InvitationState.OPEN:
            row.revoked_at = utc_now()
            session.add(row)
            _record(session, present, row, "invitation.revoke")
        case _:
            pass
    return row


def can_see_invitation(principal: Principal, invitation: Invitation) -> bool:
    """Invitations are seen like the members that they may make."""
    own = invitation.organization_id == principal.organization_id
    return own and principal.can(Permission.MEMBER_READ)


async def list_invitations(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[Invitation]:
    """All invitations, newest first, those too that have ended; raises ``PermissionDenied``."""
    require(principal, Permission.MEMBER_READ)
    statement = select(Invitation).where(
        col(Invitation.organization_id) == principal.organization_id
    )
    ordering = newest_first(Invitation, scope="invitations")
    return await read_page(session, statement, ordering, request)


def _record(
    session: AsyncSession, principal: Principal, row: Invitation, action: str, **facts: Any
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=row.id,
        subject_kind="Invitation",
        email=row.email,
        **facts,
    )
