"""Custom roles: named lists of permissions, made of what their maker holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import ROLE_NAME_PATTERN, AppAccess, CustomRole, Invitation, Member, Role, utc_now
from services import audit
from services.errors import InvalidInput, NameTaken, RoleInUse
from services.idempotency import Repeatable, find_answer, remember_answer
from services.managing import begin_change
from services.paging import Ordering, Page, PageRequest, read_page
from services.principals import Permission, Principal, require
from services.role_choices import check_everywhere, find_custom_role

_NAME = re.compile(ROLE_NAME_PATTERN.removeprefix("^").removesuffix("$"))


@dataclass(frozen=True)
class NewCustomRole:
    name: str
    permissions: tuple[str, ...]
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "createCustomRole",
            self.idempotency_key,
            {"name": self.name, "permissions": sorted(self.permissions)},
        )


async def create_custom_role(
    session: AsyncSession, *, principal: Principal, request: NewCustomRole
) -> CustomRole:
    """Name a list of permissions, all of which the principal holds everywhere.

    Raises ``PermissionDenied``, ``InvalidInput``, ``NameTaken`` and ``IdempotencyConflict``.
    """
    require(principal, Permission.MEMBER_WRITE)
    permissions = _check_permissions(request.permissions)
    _check_name(request.name)
    repeatable = request.repeatable()
    made = await find_answer(session, principal=principal, request=repeatable)
    if made is not None:
        return await session.get_one(CustomRole, made)
    present = await begin_change(session, principal)
    check_everywhere(present, permissions, field="permissions")
    await _check_free(session, present.organization_id, request.name)
    role = CustomRole(
        id=uuid4(),
        organization_id=present.organization_id,
        name=request.name,
        permissions=sorted(permissions),
    )
    session.add(role)
    await session.flush()
    remember_answer(session, principal=present, request=repeatable, subject_id=role.id)
    _record(session, present, role, "custom_role.create", after=_facts(role))
    return role


@dataclass(frozen=True)
class CustomRoleUpdate:
    """What of a role changes; None leaves it."""

    custom_role_id: UUID | None
    name: str | None = None
    permissions: tuple[str, ...] | None = None


async def update_custom_role(
    session: AsyncSession, *, principal: Principal, request: CustomRoleUpdate
) -> CustomRole:
    """Change a role for everybody who has it, at once; what is added the principal must hold.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidInput`` and ``NameTaken``.
    """
    present, role = await _begin_change_of(session, principal, request.custom_role_id)
    before = _facts(role)
    if request.permissions is not None:
        permissions = _check_permissions(request.permissions)
        added = permissions - set(role.permissions)
        check_everywhere(present, frozenset(added), field="permissions")
        role.permissions = sorted(permissions)
    if request.name is not None and request.name != role.name:
        _check_name(request.name)
        await _check_free(session, role.organization_id, request.name)
        role.name = request.name
    session.add(role)
    _record(session, present, role, "custom_role.update", before=before, after=_facts(role))
    return role


async def delete_custom_role(
    session: AsyncSession, *, principal: Principal, custom_role_id: UUID | None
) -> CustomRole:
    """Delete a role that nobody has; raises ``NotFound``, ``PermissionDenied``, ``RoleInUse``."""
    present, role = await _begin_change_of(session, principal, custom_role_id)
    if await _is_in_use(session, role):
        raise RoleInUse
    role.deleted_at = utc_now()
    session.add(role)
    _record(session, present, role, "custom_role.delete", before=_facts(role))
    return role


async def _begin_change_of(
    session: AsyncSession, principal: Principal, custom_role_id: UUID | None
) -> tuple[Principal, CustomRole]:
    await find_custom_role(session, principal=principal, custom_role_id=custom_role_id)
    present = await begin_change(session, principal)
    role = await find_custom_role(session, principal=present, custom_role_id=custom_role_id)
    return present, role


async def _is_in_use(session: AsyncSession, role: CustomRole) -> bool:
    """Whether a member has it, one who left too, somewhere; or an open invitation offers it."""
    open_invitation = (
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > utc_now(),
    )
    uses = (
        select(Member.id).where(col(Member.custom_role_id) == role.id),
        select(AppAccess.member_id).where(col(AppAccess.custom_role_id) == role.id),
        select(Invitation.id).where(col(Invitation.custom_role_id) == role.id, *open_invitation),
    )
    for use in uses:
        if (await session.exec(use.limit(1))).first() is not None:
            return True
    return False


def _check_permissions(names: Iterable[str]) -> frozenset[Permission]:
    try:
        permissions = frozenset(Permission(name) for name in names)
    except ValueError:
        raise InvalidInput("permissions", "One of these is not the name of a permission.") from None
    if not permissions:
        raise InvalidInput("permissions", "A role needs at least one permission.")
    return permissions


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(
            "name",
            "A role's name has at most 40 letters, digits, spaces, hyphens and underscores, "
            "and starts with a letter.",
        )
    if name.strip().upper() in {role.value for role in Role}:
        raise InvalidInput("name", f"{name} is the name of a built-in role.")


async def _check_free(session: AsyncSession, organization_id: UUID, name: str) -> None:
    statement = select(CustomRole.id).where(
        col(CustomRole.organization_id) == organization_id,
        col(CustomRole.name) == name,
        col(CustomRole.deleted_at).is_(None),
    )
    if (await session.exec(statement)).one_or_none() is not None:
        raise NameTaken("role", name)


async def list_custom_roles(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[CustomRole]:
    """The organization's custom roles, by name; raises ``PermissionDenied``."""
    require(principal, Permission.MEMBER_READ)
    statement = select(CustomRole).where(
        col(CustomRole.organization_id) == principal.organization_id,
        col(CustomRole.deleted_at).is_(None),
    )
    ordering = Ordering[CustomRole](
        scope="customroles",
        columns=[col(CustomRole.name)],
        types=[str],
        key=lambda role: [role.name],
    )
    return await read_page(session, statement, ordering, request)


def _facts(role: CustomRole) -> dict[str, Any]:
    return {"name": role.name, "permissions": list(role.permissions)}


def _record(
    session: AsyncSession, principal: Principal, role: CustomRole, action: str, **facts: Any
) -> None:
    audit.record(session, principal=principal, action=action, subject_id=role.id, **facts)
