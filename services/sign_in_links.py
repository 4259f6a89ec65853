"""One-time links: whoever can read the server's output, or run its commands, is its owner."""

import secrets
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Member, Role, SignInLink, utc_now
from services.authentication import is_spelled_like_a_token
from services.ciphers import Pepper

LINK_LASTS = timedelta(minutes=15)


async def make_link(session: AsyncSession, *, pepper: Pepper) -> str | None:
    """The token of a link that signs an owner in once; None where no owner is active."""
    owner = (
        await session.exec(
            select(Member)
            .where(col(Member.role) == Role.OWNER, col(Member.deactivated_at).is_(None))
            .order_by(col(Member.created_at))
            .limit(1)
        )
    ).one_or_none()
    if owner is None:
        return None
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            id=uuid4(),
            member_id=owner.id,
            digest=pepper.digest(token),
            expires_at=utc_now() + LINK_LASTS,
        )
    )
    return token


async def use_link(session: AsyncSession, *, pepper: Pepper, token: str) -> Member | None:
    """Whom the link signs in; it is used up by this. None for one that is not good any more."""
    if not is_spelled_like_a_token(token):
        return None
    now = utc_now()
    used = await session.exec(
        update(SignInLink)
        .where(
            col(SignInLink.digest).in_(pepper.digests(token)),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(SignInLink.member_id))
    )
    found = used.one_or_none()
    member = None if found is None else await session.get_one(Member, found[0])
    return member if member is not None and member.deactivated_at is None else None
