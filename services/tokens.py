"""The organization, its owner and the owner's token, all made on first start."""

from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import SHOWN_PREFIX, SYSTEM, AccessToken, Member, Organization, Role
from services import audit
from services.audit import Plain
from services.ciphers import Pepper

OWNER_TOKEN = "owner.token"
_OWNER = (
    select(Member)
    .where(col(Member.role) == Role.OWNER, col(Member.deactivated_at).is_(None))
    .order_by(col(Member.created_at))
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
    """The organization's first active owner, whose ``token`` is unless it was known before."""
    owner = (await session.exec(_OWNER)).first()
    if owner is None:
        owner = Member(id=uuid4(), organization_id=organization_id, name="owner", role=Role.OWNER)
        session.add(owner)
        await session.flush()
        _record(session, owner, "member.create", owner.id, {"name": owner.name, "role": owner.role})
    known = select(AccessToken).where(col(AccessToken.digest).in_(pepper.digests(token)))
    if (await session.exec(known)).first() is None:
        made = AccessToken(
            id=uuid4(),
            member_id=owner.id,
            name=OWNER_TOKEN,
            prefix=token[:SHOWN_PREFIX],
            digest=pepper.digest(token),
        )
        session.add(made)
        _record(session, owner, "access_token.create", made.id, {"member": owner.id})
    return owner


def _record(
    session: AsyncSession, owner: Member, action: str, subject_id: UUID, after: dict[str, Plain]
) -> None:
    """Write down what Pinmark made by itself, at a start."""
    audit.record_by(
        session,
        actor=SYSTEM,
        organization_id=owner.organization_id,
        action=action,
        subject_id=subject_id,
        after=after,
    )


async def find_owner(session: AsyncSession) -> Member:
    """The organization's first active owner; the database keeps it from having none."""
    return (await session.exec(_OWNER.limit(1))).one()
