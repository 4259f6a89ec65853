"""People of an organization: invited, joined, and asking under what they may do by now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, AppAccess, CustomRole, Member, Role
from services import app_access, custom_roles, members
from services.app_access import NewAccess
from services.custom_roles import NewCustomRole
from services.installation import Installation
from services.invitations import MadeInvitation, NewInvitation, invite_member
from services.joining import Joined, join_by_token
from services.members import RoleChange
from services.principals import Permission, Principal
from services.rights import load_principal
from services.role_choices import RoleChoice

Made = TypeVar("Made")


def choose(role: Role | CustomRole | None) -> RoleChoice:
    if isinstance(role, CustomRole):
        return RoleChoice(custom=True, custom_role_id=role.id)
    return RoleChoice(role)


@dataclass(frozen=True)
class Person:
    """A member and the token that they joined with."""

    installation: Installation
    id: UUID
    token: str

    async def asks(self) -> Principal:
        """Them, with what they may do by now."""
        found = await principal_now(self.installation, self.id)
        assert found is not None
        return found


async def act(installation: Installation, what: Callable[[AsyncSession], Awaitable[Made]]) -> Made:
    """Do one thing in a transaction of its own."""
    async with installation.database.transaction() as session:
        return await what(session)


async def principal_now(installation: Installation, member_id: UUID) -> Principal | None:
    async with installation.database.moment() as session:
        return await load_principal(session, await session.get_one(Member, member_id))


async def member_now(installation: Installation, member_id: UUID) -> Member:
    async with installation.database.moment() as session:
        return await session.get_one(Member, member_id)


async def invite(
    installation: Installation,
    inviter: Principal,
    email: str,
    role: Role | CustomRole | None = Role.READ,
    **more: Any,
) -> MadeInvitation:
    request = NewInvitation(email=email, choice=choose(role), **more)
    return await act(
        installation,
        lambda session: invite_member(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=inviter,
            request=request,
        ),
    )


async def accept_link(installation: Installation, token: str, name: str = "ada") -> Joined:
    return await act(
        installation,
        lambda session: join_by_token(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            token=token,
            name=name,
        ),
    )


async def join(
    installation: Installation, inviter: Principal, name: str, role: Role | CustomRole = Role.READ
) -> Person:
    """Somebody new, invited as ``name`` at example.com, who has accepted."""
    made = await invite(installation, inviter, f"{name}@example.com", role)
    joined = await accept_link(installation, made.plaintext, name)
    return Person(installation, joined.member.id, joined.plaintext)


async def make_role(
    installation: Installation, maker: Principal, name: str, *permissions: Permission
) -> CustomRole:
    request = NewCustomRole(name, tuple(permissions))
    return await act(
        installation,
        lambda session: custom_roles.create_custom_role(session, principal=maker, request=request),
    )


async def give_role(
    installation: Installation,
    giver: Principal,
    member_id: UUID | None,
    role: Role | CustomRole | None,
) -> Member:
    request = RoleChange(member_id, choose(role))
    return await act(
        installation,
        lambda session: members.change_role(session, principal=giver, request=request),
    )


async def give_access(
    installation: Installation,
    giver: Principal,
    member_id: UUID,
    app: App,
    role: Role | CustomRole | None = None,
) -> AppAccess:
    """A role in one app; without one the app is switched off."""
    request = NewAccess(member_id, app.id, choose(role), switched_off=role is None)
    return await act(
        installation,
        lambda session: app_access.set_app_access(session, principal=giver, request=request),
    )


async def clear_access(
    installation: Installation, giver: Principal, member_id: UUID, app: App
) -> Member:
    return await act(
        installation,
        lambda session: app_access.clear_app_access(
            session, principal=giver, member_id=member_id, app_id=app.id
        ),
    )


async def deactivate(installation: Installation, actor: Principal, member_id: UUID) -> Member:
    return await act(
        installation,
        lambda session: members.deactivate_member(session, principal=actor, member_id=member_id),
    )


async def owner_leaves(installation: Installation, owner: Principal) -> None:
    """The owner hands the organization over and leaves it."""
    heir = await join(installation, owner, "heir", Role.OWNER)
    await deactivate(installation, await heir.asks(), owner.id)


async def reactivate(installation: Installation, actor: Principal, member_id: UUID) -> Member:
    return await act(
        installation,
        lambda session: members.reactivate_member(session, principal=actor, member_id=member_id),
    )
