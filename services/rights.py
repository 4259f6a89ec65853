"""What a member may do: their role everywhere, and other ones in single apps."""

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AppAccess, CustomRole, Member, Role
from services.principals import ALL_PERMISSIONS, OF_THE_ORGANIZATION, Principal
from services.roles import permissions_given, permissions_of

IN_ONE_APP = ALL_PERMISSIONS - OF_THE_ORGANIZATION


def owner_principal(owner: Member, *, request_id: str | None = None) -> Principal:
    """The principal of an owner, who has no other role anywhere."""
    assert owner.role is Role.OWNER
    return Principal(
        id=owner.id,
        name=owner.name,
        organization_id=owner.organization_id,
        permissions=permissions_of(Role.OWNER),
        owner=True,
        request_id=request_id,
    )


async def load_principal(
    session: AsyncSession, member: Member, *, request_id: str | None = None
) -> Principal | None:
    """The member as one who asks, by one statement at most; nobody once they are deactivated."""
    if member.deactivated_at is not None:
        return None
    if member.role is Role.OWNER:
        return owner_principal(member, request_id=request_id)
    everywhere, in_app = aliased(CustomRole), aliased(CustomRole)
    statement = (
        select(everywhere, AppAccess, in_app)
        .select_from(Member)
        .outerjoin(everywhere, col(Member.custom_role_id) == everywhere.id)
        .outerjoin(AppAccess, col(AppAccess.member_id) == col(Member.id))
        .outerjoin(in_app, col(AppAccess.custom_role_id) == in_app.id)
        .where(col(Member.id) == member.id)
    )
    rows = (await session.exec(statement)).all()
    return Principal(
        id=member.id,
        name=member.name,
        organization_id=member.organization_id,
        permissions=permissions_given(member.role, rows[0][0]),
        in_apps={
            access.app_id: permissions_given(access.role, custom) & IN_ONE_APP
            for _, access, custom in rows
            if access is not None  # pyright: ignore[reportUnnecessaryComparison]  # outer join
        },
        request_id=request_id,
    )


async def present(
    session: AsyncSession, member: Member, *, request_id: str | None = None
) -> Principal:
    """The principal of a member who is known to be active, or was when they began."""
    principal = await load_principal(session, member, request_id=request_id)
    return principal or Principal(
        id=member.id,
        name=member.name,
        organization_id=member.organization_id,
        permissions=frozenset(),
        request_id=request_id,
    )
