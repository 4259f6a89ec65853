"""Sign a member in who may only read, beside a running server, and print their session's secret."""

from __future__ import annotations

import sys
from uuid import uuid4

import anyio
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Member, Organization, Role, SignInMethod
from pinmark.assembly import open_installation
from pinmark.logs import configure_logs
from pinmark.postgres import running_postgres
from pinmark.settings import Settings
from services.sessions import start_session

NAME = "rita"


async def signed_in_reader(settings: Settings) -> str:
    async with (
        open_installation(settings, running_postgres(settings)) as installation,
        installation.database.transaction() as session,
    ):
        return await start_session(
            session,
            policy=installation.sessions,
            pepper=installation.pepper,
            member=await _reader(session),
            method=SignInMethod.LINK,
            user_agent="a reader's browser",
            request_id="reader",
        )


async def _reader(session: AsyncSession) -> Member:
    found = (await session.exec(select(Member).where(col(Member.name) == NAME))).one_or_none()
    if found is not None:
        return found
    organization = (await session.exec(select(Organization))).one()
    member = Member(id=uuid4(), organization_id=organization.id, name=NAME, role=Role.READ)
    session.add(member)
    await session.flush()
    return member


if __name__ == "__main__":
    configure_logs()
    sys.stdout.write(anyio.run(signed_in_reader, Settings()) + "\n")
