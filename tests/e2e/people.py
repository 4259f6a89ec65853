"""The people of the pictures, made beside a running server; prints the session's secret of each."""

from __future__ import annotations

import json
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
from tests.e2e.reader import NAME as READER

ORGANIZATION = "Fernhill"
OWNER = ("Maya Lindqvist", "maya@fernhill.example")
READS = ("Rita Moreau", "rita@fernhill.example")
COLLEAGUES = (
    ("Tomas Herrera", "tomas@fernhill.example", Role.ADMIN),
    ("Priya Nair", "priya@fernhill.example", Role.ADMIN),
    ("Jonas Weber", "jonas@fernhill.example", Role.WRITE),
)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


async def people(settings: Settings) -> dict[str, str]:
    async with (
        open_installation(settings, running_postgres(settings)) as installation,
        installation.database.transaction() as session,
    ):
        organization = (await session.exec(select(Organization))).one()
        organization.name = ORGANIZATION
        members = [await _named(session, Member.role == Role.OWNER, OWNER)]
        await _named(session, Member.name == READER, READS)
        for name, email, role in COLLEAGUES:
            members.append(
                Member(
                    id=uuid4(),
                    organization_id=organization.id,
                    name=name,
                    email=email,
                    role=role,
                )
            )
        session.add_all(members)
        await session.flush()
        return {
            member.name.partition(" ")[0]: await start_session(
                session,
                policy=installation.sessions,
                pepper=installation.pepper,
                member=member,
                method=SignInMethod.LINK,
                user_agent=BROWSER,
                request_id="people",
            )
            for member in members
        }


async def _named(session: AsyncSession, who: bool, name: tuple[str, str]) -> Member:
    """A member who is there already, with a name and an address of their own."""
    member = (
        await session.exec(select(Member).where(col(Member.deactivated_at).is_(None), who))
    ).one()
    member.name, member.email = name
    return member


if __name__ == "__main__":
    configure_logs()
    sys.stdout.write(json.dumps(anyio.run(people, Settings())) + "\n")
