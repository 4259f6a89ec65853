"""The organization, its owner and the owner's token, all made on first start."""

from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AccessToken, Member, Organization, Role
from services.ciphers import Pepper
from services.principals import Principal
from services.roles import permissions_of

_OWNER = select(Member).where(col(Member.role) == Role.OWNER).order_by(col(Member.created_at))


def principal_of(member: Member, *, request_id: str | None = None) -> Principal:
    return Principal(
        id=member.id,
        name=member.name,
        organization_id=member.organization_id,
        permissions=frozenset() if member.role is None else permissions_of(member.role),
        request_id=request_id,
    )


async def ensure_organization(session: AsyncSession, *, name: str) -> Organization:
    """The installation's organization, made on first start."""
    found = (await session.exec(select(Organization))).one_or_none()
    if found is not None:
        return found
    organization = Organization(id=uuid4(), name=name)
    session.add(organization)
    await session.flush()
    return organization


async def ensure_owner(
    session: AsyncSession, *, pepper: Pepper, organization_id: UUID, token: str
) -> Member:
    """The organization's owner, with ``token`` as a good bearer token."""
    owner = (await session.exec(_OWNER)).first()
    if owner is None:
        owner = Member(id=uuid4(), organization_id=organization_id, name="owner", role=Role.OWNER)
        session.add(owner)
        await session.flush()
    known = select(AccessToken).where(col(AccessToken.digest).in_(pepper.digests(token)))
    if (await session.exec(known)).first() is None:
        session.add(AccessToken(member_id=owner.id, digest=pepper.digest(token)))
    return owner


async def find_owner(session: AsyncSession) -> Member:
    """The organization's first owner, who was made with it."""
    return (await session.exec(_OWNER.limit(1))).one()
