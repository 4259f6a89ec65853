"""Accepting an invitation: by its link, or by signing in with the invited address."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    MAXIMUM_MEMBER_NAME,
    AccessToken,
    ActorKind,
    CustomRole,
    Invitation,
    InvitationState,
    Member,
    utc_now,
)
from services import audit
from services.access_tokens import give_token
from services.authentication import is_spelled_like_a_token
from services.ciphers import Mint, Pepper, is_one_of
from services.errors import AlreadyMember, DomainError, NotFound
from services.inputs import check_label
from services.invitations import check_no_member
from services.key_secrets import ACCESS_TOKEN, new_key
from services.managing import lock_organization
from services.principals import Permission, Principal, require
from services.rights import load_principal
from services.role_choices import GivenRole, check_role_everywhere
from services.roles import permissions_given

FIRST_TOKEN = "invitation"


@dataclass(frozen=True)
class Joined:
    """A new member, and the one time that their first access token is there."""

    member: Member
    access_token: AccessToken
    plaintext: str


async def join_by_token(
    session: AsyncSession,
    *,
    mint: Mint,
    pepper: Pepper,
    token: str,
    name: str,
    request_id: str | None = None,
) -> Joined:
    """Become a member by an invitation's link.

    What was never sent, has ended, or is offered no more is ``NotFound`` alike. Raises
    ``InvalidInput`` and ``AlreadyMember`` besides.
    """
    invitation = await find_by_token(session, pepper=pepper, token=token)
    if invitation is None:
        raise _not_found()
    member = await accept(session, invitation=invitation, name=name, request_id=request_id)
    principal = await load_principal(session, member, request_id=request_id)
    assert principal is not None  # who has just joined is active
    plaintext = new_key(mint, principal_id=member.id, idempotency_key=None, kind=ACCESS_TOKEN)
    given = await give_token(session, pepper, principal, member, plaintext, name=FIRST_TOKEN)
    return Joined(member, given.row, plaintext)


async def find_by_token(session: AsyncSession, *, pepper: Pepper, token: str) -> Invitation | None:
    """The open invitation that a link's token belongs to."""
    if not is_spelled_like_a_token(token):
        return None
    digests = pepper.digests(token)
    statement = select(Invitation).where(col(Invitation.digest).in_(digests))
    found = (await session.exec(statement)).one_or_none()
    if found is None or not is_one_of(found.digest, digests):
        return None
    return found if found.state_at(utc_now()) is InvitationState.OPEN else None


async def find_by_email(
    session: AsyncSession, *, organization_id: UUID, email: str
) -> Invitation | None:
    """The open invitation of an address, which somebody else has verified to be its bearer's."""
    statement = select(Invitation).where(
        col(Invitation.organization_id) == organization_id,
        col(Invitation.email) == email.lower(),
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
    )
    found = (await session.exec(statement)).one_or_none()
    return found if found is None or found.state_at(utc_now()) is InvitationState.OPEN else None


async def accept(
    session: AsyncSession,
    *,
    invitation: Invitation,
    name: str,
    issuer: str | None = None,
    subject: str | None = None,
    request_id: str | None = None,
) -> Member:
    """Make the member that an invitation offers to make; ``issuer`` and ``subject`` are who an
    identity provider says it is, when it was one that vouched for the address.

    Raises ``NotFound`` when it ended meanwhile or its maker could not give the role any more,
    ``InvalidInput`` and ``AlreadyMember``.
    """
    check_label("name", name, maximum=MAXIMUM_MEMBER_NAME)
    await lock_organization(session, invitation.organization_id)
    await session.refresh(invitation)
    if invitation.state_at(utc_now()) is not InvitationState.OPEN:
        raise _not_found()
    await _check_still_given(session, invitation)
    await check_no_member(session, invitation.organization_id, invitation.email)
    await _check_identity_free(session, issuer, subject)
    member = Member(
        id=uuid4(),
        organization_id=invitation.organization_id,
        name=name.strip(),
        email=invitation.email,
        issuer=issuer,
        subject=subject,
        role=invitation.role,
        custom_role_id=invitation.custom_role_id,
    )
    session.add(member)
    await session.flush()
    invitation.accepted_at, invitation.member_id = utc_now(), member.id
    session.add(invitation)
    await session.flush()
    await _record(session, member, invitation, request_id)
    return member


async def _check_still_given(session: AsyncSession, invitation: Invitation) -> None:
    """Refuse what its maker, as they are by now, could not offer."""
    maker = await _maker(session, invitation)
    custom_role_id = invitation.custom_role_id
    custom = await session.get(CustomRole, custom_role_id) if custom_role_id else None
    permissions = permissions_given(invitation.role, custom)
    if maker is None or (custom is not None and custom.deleted_at is not None):
        raise _not_found()
    try:
        require(maker, Permission.MEMBER_WRITE)
        check_role_everywhere(
            maker, GivenRole(invitation.role, custom_role_id, permissions, "token")
        )
    except DomainError as error:
        raise _not_found() from error


async def _maker(session: AsyncSession, invitation: Invitation) -> Principal | None:
    if invitation.actor_kind is not ActorKind.MEMBER or invitation.actor_id is None:
        return None
    member = await session.get(Member, invitation.actor_id, populate_existing=True)
    return None if member is None else await load_principal(session, member)


async def _check_identity_free(
    session: AsyncSession, issuer: str | None, subject: str | None
) -> None:
    if issuer is None or subject is None:
        return
    statement = select(Member.id).where(
        col(Member.issuer) == issuer, col(Member.subject) == subject
    )
    if (await session.exec(statement)).one_or_none() is not None:
        raise AlreadyMember


async def _record(
    session: AsyncSession, member: Member, invitation: Invitation, request_id: str | None
) -> None:
    principal = await load_principal(session, member, request_id=request_id)
    assert principal is not None  # who has just joined is active
    audit.record(
        session,
        principal=principal,
        action="invitation.accept",
        subject_id=invitation.id,
        member=member.id,
        email=invitation.email,
    )


def _not_found() -> NotFound:
    return NotFound("invitation", path=("input", "token"))
