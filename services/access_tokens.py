"""Access tokens: what a member shows from programs; named, shown once, ended for good."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import MAXIMUM_TOKEN_NAME, SHOWN_PREFIX, AccessToken, Member, utc_now
from services import audit, doorbell
from services.ciphers import Mint, Pepper
from services.errors import MemberRequired, NotFound, PermissionDenied
from services.idempotency import Repeatable, remember_answer
from services.inputs import check_expiry, check_label
from services.key_secrets import ACCESS_TOKEN, new_key
from services.made_before import find_made
from services.managing import check_may_touch
from services.paging import (
    Page,
    PageRequest,
    newest_first,
    read_page,
)
from services.principals import Permission, Principal


@dataclass(frozen=True)
class NewAccessToken:
    name: str
    expires_at: datetime | None = None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "createAccessToken",
            self.idempotency_key,
            {
                "name": self.name,
                "expiresAt": None if self.expires_at is None else self.expires_at.isoformat(),
            },
        )


@dataclass(frozen=True)
class MadeToken:
    """A token, and the one time its plaintext is there."""

    row: AccessToken
    plaintext: str


async def create_access_token(
    session: AsyncSession,
    *,
    mint: Mint,
    pepper: Pepper,
    principal: Principal,
    request: NewAccessToken,
) -> MadeToken:
    """Make a token that is as good as the member's own sign-in.

    Raises ``MemberRequired``, ``InvalidInput`` and ``IdempotencyConflict``.
    """
    member = await _lock_self(session, principal)
    check_label("name", request.name, maximum=MAXIMUM_TOKEN_NAME)
    made = await find_made(
        session,
        AccessToken,
        mint=mint,
        pepper=pepper,
        principal=principal,
        request=request.repeatable(),
        kind=ACCESS_TOKEN,
    )
    if made is not None:
        return MadeToken(*made)
    expires_at = check_expiry(request.expires_at)
    plaintext = new_key(
        mint,
        principal_id=principal.id,
        idempotency_key=request.idempotency_key,
        kind=ACCESS_TOKEN,
    )
    given = await give_token(
        session, pepper, principal, member, plaintext, name=request.name, expires_at=expires_at
    )
    remember_answer(
        session, principal=principal, request=request.repeatable(), subject_id=given.row.id
    )
    return given


async def give_token(
    session: AsyncSession,
    pepper: Pepper,
    principal: Principal,
    member: Member,
    plaintext: str,
    *,
    name: str,
    expires_at: datetime | None = None,
) -> MadeToken:
    """Keep ``plaintext`` as a token of the member, whom this transaction holds."""
    row = AccessToken(
        id=uuid4(),
        member_id=member.id,
        name=name,
        prefix=plaintext[:SHOWN_PREFIX],
        digest=pepper.digest(plaintext),
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    _record(session, principal, row, "access_token.create")
    return MadeToken(row, plaintext)


async def _lock_self(session: AsyncSession, principal: Principal) -> Member:
    """The member who asks; held, so that a deactivation ends what is made here too."""
    member = None
    if principal.key is None:
        member = await session.get(
            Member, principal.id, with_for_update={"read": True}, populate_existing=True
        )
    if member is None or member.deactivated_at is not None:
        raise MemberRequired
    return member


async def revoke_access_token(
    session: AsyncSession, *, principal: Principal, access_token_id: UUID | None
) -> AccessToken:
    """End a token at once and everywhere: one's own, or as one who manages members another's.

    Raises ``NotFound`` and, for an owner's token, ``OwnerRequired``.
    """
    row = (
        await session.get(AccessToken, access_token_id, with_for_update=True)
        if access_token_id
        else None
    )
    member = None if row is None else await session.get_one(Member, row.member_id)
    if row is None or member is None or not can_see_tokens(principal, member):
        raise NotFound("access token", path=("input", "accessTokenId"))
    if member.id != principal.id:
        check_may_touch(principal, member, field="accessTokenId")
    if row.revoked_at is None:
        row.revoked_at = utc_now()
        session.add(row)
        doorbell.ring(session, doorbell.CREDENTIALS)
        _record(session, principal, row, "access_token.revoke")
    return row


def can_see_tokens(principal: Principal, member: Member) -> bool:
    """One's own tokens, and all of them to those who manage members."""
    if member.organization_id != principal.organization_id:
        return False
    return member.id == principal.id or principal.can(Permission.MEMBER_WRITE)


async def list_access_tokens(
    session: AsyncSession, *, principal: Principal, member: Member, request: PageRequest
) -> Page[AccessToken]:
    """A member's tokens, newest first, the revoked ones too; raises ``PermissionDenied``."""
    if not can_see_tokens(principal, member):
        raise PermissionDenied(Permission.MEMBER_WRITE.value)
    statement = select(AccessToken).where(col(AccessToken.member_id) == member.id)
    ordering = newest_first(AccessToken, scope=f"accesstokens:{member.id.hex}")
    return await read_page(session, statement, ordering, request)


def _record(session: AsyncSession, principal: Principal, row: AccessToken, action: str) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=row.id,
        member=row.member_id,
        name=row.name,
        prefix=row.prefix,
    )
