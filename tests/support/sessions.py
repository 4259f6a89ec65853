"""Sessions of members, begun through the service."""

from uuid import UUID

from sqlmodel import col, select

from models import Member, SignInMethod, SignInSession
from services.installation import Installation
from services.sessions import start_session


async def sign_in(installation: Installation, member_id: UUID) -> UUID:
    """A session of the member's; its id."""
    async with installation.database.transaction() as session:
        secret = await start_session(
            session,
            policy=installation.sessions,
            pepper=installation.pepper,
            member=await session.get_one(Member, member_id),
            method=SignInMethod.LINK,
            user_agent="a browser",
            request_id="r",
        )
        digest = installation.pepper.digest(secret)
        statement = select(SignInSession.id).where(col(SignInSession.digest) == digest)
        await session.flush()
        return (await session.exec(statement)).one()
