"""Members: their role, and their leaving and coming back. API keys they made are the apps' own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    AccessToken,
    AppAccess,
    CustomRole,
    Invitation,
    Member,
    Role,
    SignInSession,
    utc_now,
)
from services import audit
from services.managing import begin_change_of, check_not_last_owner
from services.paging import Ordering, Page, PageRequest, read_page
from services.principals import Permission, Principal, require
from services.role_choices import (
    GivenRole,
    RoleChoice,
    check_in_app,
    check_role_everywhere,
    find_role,
    role_facts,
)
from services.roles import permissions_given


@dataclass(frozen=True)
class RoleChange:
    """Which member gets which role."""

    member_id: UUID | None
    choice: RoleChoice


async def change_role(
    session: AsyncSession, *, principal: Principal, request: RoleChange
) -> Member:
    """Give a member another role for all apps that have none of their own for them.

    Nobody gives what they do not hold, so nobody raises themselves. Raises ``NotFound``,
    ``PermissionDenied``, ``OwnerRequired``, ``InvalidInput`` and ``LastOwner``.
    """
    present, member = await begin_change_of(
        session, principal=principal, member_id=request.member_id
    )
    given = await find_role(session, principal=present, choice=request.choice)
    check_role_everywhere(present, given)
    if given.role is Role.OWNER:
        await session.exec(delete(AppAccess).where(col(AppAccess.member_id) == member.id))
    else:
        await check_not_last_owner(session, member)
    before = role_facts(member.role, member.custom_role_id)
    member.role, member.custom_role_id = given.role, given.custom_role_id
    session.add(member)
    _record(session, present, member, "member_role.change", before=before, after=given.facts)
    return member


async def deactivate_member(
    session: AsyncSession, *, principal: Principal, member_id: UUID | None
) -> Member:
    """Make a member nobody: their tokens and sessions end, and the open invitations they made.

    Raises ``NotFound``, ``PermissionDenied``, ``OwnerRequired`` and ``LastOwner``.
    """
    present, member = await begin_change_of(session, principal=principal, member_id=member_id)
    if member.deactivated_at is not None:
        return member
    await check_not_last_owner(session, member)
    now = utc_now()
    member.deactivated_at = now
    session.add(member)
    await session.exec(
        update(AccessToken)
        .where(col(AccessToken.member_id) == member.id, col(AccessToken.revoked_at).is_(None))
        .values(revoked_at=now)
    )
    await session.exec(
        update(SignInSession)
        .where(col(SignInSession.member_id) == member.id, col(SignInSession.ended_at).is_(None))
        .values(ended_at=now)
    )
    await session.exec(
        update(Invitation)
        .where(
            col(Invitation.actor_id) == member.id,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    _record(session, present, member, "member.deactivate")
    return member


async def reactivate_member(
    session: AsyncSession, *, principal: Principal, member_id: UUID | None
) -> Member:
    """Let a member back in, with the roles that they had; the principal must hold those.

    Raises ``NotFound``, ``PermissionDenied`` and ``OwnerRequired``.
    """
    present, member = await begin_change_of(session, principal=principal, member_id=member_id)
    if member.deactivated_at is None:
        return member
    custom = await session.get(CustomRole, member.custom_role_id) if member.custom_role_id else None
    permissions = permissions_given(member.role, custom)
    check_role_everywhere(
        present, GivenRole(member.role, member.custom_role_id, permissions, "memberId")
    )
    for access, role in await _access_of(session, member):
        held = permissions_given(access.role, role)
        check_in_app(present, held, access.app_id, field="memberId")
    member.deactivated_at = None
    session.add(member)
    _record(session, present, member, "member.reactivate")
    return member


async def _access_of(
    session: AsyncSession, member: Member
) -> list[tuple[AppAccess, CustomRole | None]]:
    statement = (
        select(AppAccess, CustomRole)
        .outerjoin(CustomRole, col(AppAccess.custom_role_id) == col(CustomRole.id))
        .where(col(AppAccess.member_id) == member.id)
    )
    return [(access, role) for access, role in (await session.exec(statement)).all()]


async def list_members(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[Member]:
    """The organization's members by name, those too who left; raises ``PermissionDenied``."""
    require(principal, Permission.MEMBER_READ)
    statement = select(Member).where(col(Member.organization_id) == principal.organization_id)
    ordering = Ordering[Member](
        scope="members",
        columns=[col(Member.name), cast(col(Member.id), String)],
        types=[str, str],
        key=lambda member: [member.name, str(member.id)],
    )
    return await read_page(session, statement, ordering, request)


def _record(
    session: AsyncSession, principal: Principal, member: Member, action: str, **facts: Any
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=member.id,
        subject_kind="Member",
        name=member.name,
        **facts,
    )
