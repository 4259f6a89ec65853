"""A member's role in one app, instead of theirs everywhere; or the app switched off for them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, AppAccess, CustomRole, Member, Role
from services import audit
from services.access import find_app
from services.errors import InvalidInput, OwnerAccess
from services.listings import readable_apps
from services.managing import begin_change_of
from services.paging import Ordering, Page, PageRequest, read_page
from services.principals import Principal
from services.role_choices import RoleChoice, check_in_app, find_role, role_facts
from services.roles import permissions_given


@dataclass(frozen=True)
class NewAccess:
    """What a member is to have in an app: a role, or nothing when it is switched off."""

    member_id: UUID | None
    app_id: UUID | None
    choice: RoleChoice = field(default_factory=RoleChoice)
    switched_off: bool = False


async def set_app_access(
    session: AsyncSession, *, principal: Principal, request: NewAccess
) -> AppAccess:
    """Give a member another role in one app, or switch the app off for them.

    Nobody gives what they do not hold in that app. Raises ``NotFound``, ``PermissionDenied``,
    ``OwnerRequired``, ``OwnerAccess`` and ``InvalidInput``.
    """
    present, member = await begin_change_of(
        session, principal=principal, member_id=request.member_id
    )
    app = await find_app(session, principal=present, app_id=request.app_id)
    if member.role is Role.OWNER:
        raise OwnerAccess
    asked = AppAccess(member_id=member.id, app_id=app.id)
    if not request.switched_off:
        asked.role, asked.custom_role_id = await _role(session, present, app, request.choice)
    elif request.choice != RoleChoice():
        raise InvalidInput("switchedOff", "An app that is switched off has no role beside.")
    known = await session.get(AppAccess, (member.id, app.id), populate_existing=True)
    access = asked if known is None else known
    before = None if known is None else _facts(known)
    access.role, access.custom_role_id = asked.role, asked.custom_role_id
    session.add(access)
    _record(session, present, member, app, before=before, after=_facts(access))
    return access


async def _role(
    session: AsyncSession, giver: Principal, app: App, choice: RoleChoice
) -> tuple[Role | None, UUID | None]:
    if choice == RoleChoice():
        raise InvalidInput("role", "Give a role, or switch the app off.")
    if choice.role is Role.OWNER:
        raise InvalidInput("role", "A single app has no owner; ADMIN may do all that there is.")
    given = await find_role(session, principal=giver, choice=choice)
    check_in_app(giver, given.permissions, app.id, field=given.field)
    return given.role, given.custom_role_id


async def clear_app_access(
    session: AsyncSession, *, principal: Principal, member_id: UUID | None, app_id: UUID | None
) -> Member:
    """Let a member's role everywhere hold in the app again; the principal must hold it there.

    Raises ``NotFound``, ``PermissionDenied`` and ``OwnerRequired``.
    """
    present, member = await begin_change_of(session, principal=principal, member_id=member_id)
    app = await find_app(session, principal=present, app_id=app_id)
    access = await session.get(AppAccess, (member.id, app.id), populate_existing=True)
    if access is None:
        return member
    custom = await session.get(CustomRole, member.custom_role_id) if member.custom_role_id else None
    check_in_app(present, permissions_given(member.role, custom), app.id, field="memberId")
    await session.delete(access)
    _record(session, present, member, app, before=_facts(access), after=None)
    return member


async def list_app_access(
    session: AsyncSession, *, principal: Principal, member: Member, request: PageRequest
) -> Page[AppAccess]:
    """Where a member has a role of its own, in the apps that the principal may see."""
    statement = (
        select(AppAccess)
        .join(App, col(AppAccess.app_id) == col(App.id))
        .where(col(AppAccess.member_id) == member.id, readable_apps(principal))
    )
    ordering = Ordering[AppAccess](
        scope=f"appaccess:{member.id.hex}",
        columns=[cast(col(AppAccess.app_id), String)],
        types=[str],
        key=lambda access: [str(access.app_id)],
    )
    return await read_page(session, statement, ordering, request)


def _facts(access: AppAccess) -> dict[str, str | None]:
    return role_facts(access.role, access.custom_role_id)


def _record(
    session: AsyncSession, principal: Principal, member: Member, app: App, **facts: Any
) -> None:
    audit.record(
        session,
        principal=principal,
        action="app_access.set" if facts["after"] else "app_access.clear",
        subject_id=member.id,
        subject_kind="Member",
        app_id=app.id,
        name=member.name,
        **facts,
    )
