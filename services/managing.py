"""Changing who may do what: one change at a time, by somebody who still may.

Every change holds the organization's row, and looks at its actor again under it. So of two who
lower each other at once, the second is looked at as what the first has made of them.
"""

from dataclasses import replace
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Member, Organization, Role
from services import doorbell
from services.errors import LastOwner, NotFound, OwnerRequired
from services.principals import Permission, Principal, require
from services.rights import load_principal


def can_see_member(principal: Principal, member: Member) -> bool:
    """Members are seen with their permission, and everybody sees themselves."""
    if member.organization_id != principal.organization_id:
        return False
    return member.id == principal.id or principal.can(Permission.MEMBER_READ)


async def lock_organization(session: AsyncSession, organization_id: UUID) -> None:
    """Hold who may do what; the organization can be pointed at meanwhile."""
    await session.get_one(
        Organization, organization_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def begin_change(session: AsyncSession, principal: Principal) -> Principal:
    """Hold the organization, and give the principal with what they may do by now.

    Raises ``PermissionDenied`` to whoever may not manage members. What changes may be less than
    before for somebody, so everybody is recognised anew.
    """
    require(principal, Permission.MEMBER_WRITE)
    await lock_organization(session, principal.organization_id)
    present = await _present(session, principal)
    require(present, Permission.MEMBER_WRITE)
    doorbell.ring(session, doorbell.CREDENTIALS)
    return present


async def _present(session: AsyncSession, principal: Principal) -> Principal:
    if principal.key is not None:
        return principal
    member = await session.get(Member, principal.id, populate_existing=True)
    if member is None:
        return principal
    present = await load_principal(session, member, request_id=principal.request_id)
    return replace(principal, permissions=frozenset()) if present is None else present


async def begin_change_of(
    session: AsyncSession, *, principal: Principal, member_id: UUID | None
) -> tuple[Principal, Member]:
    """Begin a change of a member that the principal may see; an owner is an owner's to change.

    Raises ``NotFound``, ``PermissionDenied`` and ``OwnerRequired``.
    """
    seen = await session.get(Member, member_id) if member_id else None
    if seen is None or not can_see_member(principal, seen):
        raise NotFound("member", path=("input", "memberId"))
    present = await begin_change(session, principal)
    member = await session.get_one(Member, seen.id, populate_existing=True)
    check_may_touch(present, member, field="memberId")
    return present, member


def check_may_touch(principal: Principal, member: Member, *, field: str) -> None:
    """Refuse to touch an owner unless it is an owner who asks."""
    if member.role is Role.OWNER and not principal.owner:
        raise OwnerRequired(path=("input", field))


async def check_not_last_owner(session: AsyncSession, member: Member) -> None:
    """Refuse to lose the organization's last active owner; a trigger keeps this rule too."""
    if member.role is not Role.OWNER or member.deactivated_at is not None:
        return
    others = select(Member.id).where(
        col(Member.organization_id) == member.organization_id,
        col(Member.role) == Role.OWNER,
        col(Member.deactivated_at).is_(None),
        col(Member.id) != member.id,
    )
    if (await session.exec(others.limit(1))).first() is None:
        raise LastOwner
