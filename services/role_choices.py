"""Giving a role: a built-in one or a custom one, and never more than the giver holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import CustomRole, Role
from services.errors import InvalidInput, NotFound, OwnerRequired, PermissionDenied
from services.principals import OF_THE_ORGANIZATION, Permission, Principal
from services.roles import permissions_given


@dataclass(frozen=True)
class RoleChoice:
    """A role as asked for: one of the two. ``custom`` says that a custom one was named at all."""

    role: Role | None = None
    custom: bool = False
    custom_role_id: UUID | None = None

    @property
    def field(self) -> str:
        """The input field that it stands in."""
        return "customRoleId" if self.custom else "role"


@dataclass(frozen=True)
class GivenRole:
    """A role that exists, and what it allows."""

    role: Role | None
    custom_role_id: UUID | None
    permissions: frozenset[Permission]
    field: str

    @property
    def facts(self) -> dict[str, str | None]:
        """What the audit keeps of it."""
        return role_facts(self.role, self.custom_role_id)


def role_facts(role: Role | None, custom_role_id: UUID | None) -> dict[str, str | None]:
    return {"role": role, "custom_role": None if custom_role_id is None else str(custom_role_id)}


async def find_role(
    session: AsyncSession, *, principal: Principal, choice: RoleChoice
) -> GivenRole:
    """The role that was asked for; raises ``InvalidInput`` and ``NotFound``."""
    if (choice.role is None) != choice.custom:
        raise InvalidInput("role", "Give a built-in role or a custom one, one of the two.")
    if not choice.custom:
        return GivenRole(choice.role, None, permissions_given(choice.role, None), choice.field)
    found = await find_custom_role(
        session, principal=principal, custom_role_id=choice.custom_role_id
    )
    return GivenRole(None, found.id, permissions_given(None, found), choice.field)


async def find_custom_role(
    session: AsyncSession, *, principal: Principal, custom_role_id: UUID | None
) -> CustomRole:
    """A living role as it is now, or ``NotFound`` at ``customRoleId``."""
    found = (
        None
        if custom_role_id is None
        else await session.get(CustomRole, custom_role_id, populate_existing=True)
    )
    if found is None or not can_see_role(principal, found):
        raise NotFound("role", path=("input", "customRoleId"))
    return found


def can_see_role(principal: Principal, role: CustomRole) -> bool:
    """Living roles are seen like the members that have them."""
    own = role.organization_id == principal.organization_id and role.deleted_at is None
    return own and principal.can(Permission.MEMBER_READ)


def check_role_everywhere(giver: Principal, given: GivenRole) -> None:
    """Refuse to give a role for all apps that allows more than the giver may, in any of them."""
    if given.role is Role.OWNER and not giver.owner:
        raise OwnerRequired(path=("input", given.field))
    check_everywhere(giver, given.permissions, field=given.field)


def check_everywhere(giver: Principal, permissions: frozenset[Permission], *, field: str) -> None:
    """Refuse what the giver does not hold, everywhere or in an app where they hold less."""
    _check(permissions - giver.permissions, field)
    for held in giver.in_apps.values():
        _check(permissions - OF_THE_ORGANIZATION - held, field)


def check_in_app(
    giver: Principal, permissions: frozenset[Permission], app_id: UUID, *, field: str
) -> None:
    """Refuse what the giver does not hold in the app."""
    in_app = permissions - OF_THE_ORGANIZATION
    _check((each for each in in_app if not giver.can(each, app_id)), field)


def _check(lacking: Iterable[Permission], field: str) -> None:
    for permission in sorted(lacking):
        raise PermissionDenied(permission.value, path=("input", field))
