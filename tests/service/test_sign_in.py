"""Signing in when two ask at once: a link, a way back and an invitation are each good once."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from models import Invitation, Member, Role, utc_now
from services.installation import Installation
from services.principals import Principal
from services.sign_in import Identity, NotInvited, admit, recognise_identity, spend
from services.sign_in_links import make_link, use_link

ISSUER = "https://idp.example"


async def entered(installation: Installation, identity: Identity) -> Member:
    async with installation.database.transaction() as session:
        return await admit(session, identity=identity, request_id="r")


async def test_of_many_who_use_one_link_at_once_one_is_signed_in(
    installation: Installation, owner: Principal
) -> None:
    async with installation.database.transaction() as session:
        token = await make_link(session, pepper=installation.pepper)
    assert token is not None

    async def use() -> bool:
        async with installation.database.transaction() as session:
            member = await use_link(session, pepper=installation.pepper, token=token)
        return member is not None

    assert sum(await asyncio.gather(*(use() for _ in range(8)))) == 1


async def test_of_many_who_come_back_with_one_state_at_once_one_is_let_through(
    installation: Installation,
) -> None:
    async def come_back() -> bool:
        async with installation.database.transaction() as session:
            return await spend(session, state="s", expires_at=utc_now() + timedelta(minutes=1))

    assert sum(await asyncio.gather(*(come_back() for _ in range(8)))) == 1


async def test_a_state_is_forgotten_once_its_age_alone_refuses_it(
    installation: Installation,
) -> None:
    async with installation.database.transaction() as session:
        assert await spend(session, state="s", expires_at=utc_now() - timedelta(seconds=1))
        assert await spend(session, state="s", expires_at=utc_now() + timedelta(seconds=60))
        assert not await spend(session, state="s", expires_at=utc_now())


async def test_an_invitation_makes_one_member_of_two_who_take_it_at_once(
    installation: Installation, owner: Principal
) -> None:
    async with installation.database.transaction() as session:
        session.add(
            Invitation(
                organization_id=owner.organization_id,
                email="ada@example.com",
                role=Role.READ,
                digest=uuid4().bytes * 2,
                expires_at=utc_now() + timedelta(days=1),
                actor_kind=owner.actor_kind,
                actor_id=owner.id,
                actor_name=owner.name,
            )
        )
    outcomes = await asyncio.gather(
        *(
            entered(installation, Identity(ISSUER, subject, email="Ada@example.com"))
            for subject in ("one", "two")
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Member", "NotInvited"]
    async with installation.database.moment() as session:
        members = (await session.exec(select(Member))).all()
    assert sorted(member.name for member in members) == ["ada", "owner"]


@pytest.mark.parametrize("email", [None, "", "a", "a\0b@example.com", "x" * 255, "b@example.com"])
async def test_an_address_that_nobody_has_lets_nobody_in(
    installation: Installation, owner: Principal, email: str | None
) -> None:
    with pytest.raises(NotInvited):
        await entered(installation, Identity(ISSUER, "s", email=email))


async def test_an_identity_is_told_by_issuer_and_subject_together(
    installation: Installation, owner: Principal
) -> None:
    async with installation.database.transaction() as session:
        member = await session.get_one(Member, owner.id)
        member.issuer, member.subject = ISSUER, "s"
        session.add(member)
    async with installation.database.moment() as session:
        for issuer, subject in ((ISSUER, "s2"), ("https://another.example", "s"), ("", "")):
            assert await recognise_identity(session, issuer=issuer, subject=subject) is None
        found = await recognise_identity(session, issuer=ISSUER, subject="s")
    assert found is not None
    assert found.principal.id == owner.id
