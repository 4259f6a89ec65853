"""Invitations: one open per address, accepted once, for as long as their maker could offer them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import CustomRole, Invitation, InvitationState, Member, Role, utc_now
from services import invitations, joining
from services.authentication import recognise
from services.emails import normal_email
from services.errors import (
    AlreadyMember,
    IdempotencyConflict,
    InvalidInput,
    InvitationAccepted,
    NotFound,
    PermissionDenied,
)
from services.installation import Installation
from services.principals import Permission, Principal
from tests.support.callers import Caller
from tests.support.keys import make_key
from tests.support.people import (
    accept_link,
    act,
    deactivate,
    give_role,
    invite,
    join,
    make_role,
    reactivate,
)


async def state(installation: Installation, row: Invitation) -> InvitationState:
    async with installation.database.moment() as session:
        return (await session.get_one(Invitation, row.id)).state_at(utc_now())


async def revoke(installation: Installation, principal: Principal, row: Invitation) -> Invitation:
    return await act(
        installation,
        lambda session: invitations.revoke_invitation(
            session, principal=principal, invitation_id=row.id
        ),
    )


async def test_who_accepts_becomes_a_member_with_the_role_that_was_offered(
    installation: Installation, owner: Principal
) -> None:
    made = await invite(installation, owner, " Ada@Example.COM ", Role.WRITE)
    assert made.row.email == "ada@example.com"
    joined = await accept_link(installation, made.plaintext, " Ada ")
    member = joined.member
    assert (member.name, member.email, member.role) == ("Ada", "ada@example.com", Role.WRITE)
    assert joined.plaintext.startswith("pinmark_pat_")
    assert await state(installation, made.row) is InvitationState.ACCEPTED
    for _ in range(2):
        with pytest.raises(NotFound, match="No such invitation"):
            await accept_link(installation, made.plaintext)
    with pytest.raises(InvitationAccepted):
        await revoke(installation, owner, made.row)


async def test_inviting_again_replaces_the_open_invitation(
    installation: Installation, owner: Principal
) -> None:
    first = await invite(installation, owner, "ada@example.com", Role.ADMIN)
    second = await invite(installation, owner, "ADA@example.com", Role.READ)
    assert await state(installation, first.row) is InvitationState.REVOKED
    with pytest.raises(NotFound):
        await accept_link(installation, first.plaintext)
    assert (await accept_link(installation, second.plaintext)).member.role is Role.READ


async def test_a_revoked_and_an_expired_invitation_are_none(
    installation: Installation, owner: Principal
) -> None:
    revoked = await invite(installation, owner, "ada@example.com")
    await revoke(installation, owner, revoked.row)
    await revoke(installation, owner, revoked.row)
    soon = utc_now() + timedelta(seconds=0.3)
    expired = await invite(installation, owner, "bob@example.com", expires_at=soon)
    await asyncio.sleep(0.4)
    assert await state(installation, expired.row) is InvitationState.EXPIRED
    for token in (revoked.plaintext, expired.plaintext, "", "é", "x" * 600, "pinmark_inv_no"):
        with pytest.raises(NotFound) as refusal:
            await accept_link(installation, token)
        assert refusal.value.message == "No such invitation."
    await join(installation, owner, "bob")  # the address is free again


async def test_an_invitation_lasts_a_week_and_a_month_at_most(
    installation: Installation, owner: Principal
) -> None:
    made = await invite(installation, owner, "ada@example.com")
    lasts = made.row.expires_at - made.row.created_at
    assert timedelta(days=7) - lasts < timedelta(minutes=1)
    month = utc_now() + timedelta(days=30)
    await invite(installation, owner, "ada@example.com", expires_at=month)
    for expires_at in (month + timedelta(hours=1), utc_now(), month.replace(tzinfo=None)):
        with pytest.raises(InvalidInput, match=r"30 days|already|offset"):
            await invite(installation, owner, "ada@example.com", expires_at=expires_at)


async def test_a_member_is_not_invited_again(installation: Installation, owner: Principal) -> None:
    ada = await join(installation, owner, "ada")
    with pytest.raises(AlreadyMember):
        await invite(installation, owner, "Ada@example.com")
    await deactivate(installation, owner, ada.id)
    with pytest.raises(AlreadyMember):
        await invite(installation, owner, "ada@example.com")


async def test_an_invitation_stands_while_its_maker_could_offer_it(
    installation: Installation, owner: Principal
) -> None:
    admin = await join(installation, owner, "admin", Role.ADMIN)
    made = await invite(installation, await admin.asks(), "ada@example.com", Role.ADMIN)
    await give_role(installation, owner, admin.id, Role.READ)
    with pytest.raises(NotFound):
        await accept_link(installation, made.plaintext)
    await give_role(installation, owner, admin.id, Role.ADMIN)
    await deactivate(installation, owner, admin.id)
    assert await state(installation, made.row) is InvitationState.REVOKED
    await reactivate(installation, owner, admin.id)
    with pytest.raises(NotFound):
        await accept_link(installation, made.plaintext)


async def test_of_two_who_accept_at_once_one_joins(
    installation: Installation, owner: Principal
) -> None:
    made = await invite(installation, owner, "ada@example.com")
    outcomes = await asyncio.gather(
        *(accept_link(installation, made.plaintext) for _ in range(4)), return_exceptions=True
    )
    assert len([each for each in outcomes if isinstance(each, NotFound)]) == 3


async def test_of_two_who_invite_at_once_one_invitation_is_open(
    installation: Installation, owner: Principal
) -> None:
    made = await asyncio.gather(*(invite(installation, owner, "ada@example.com") for _ in range(4)))
    states = [await state(installation, each.row) for each in made]
    assert sorted(states) == [InvitationState.OPEN, *[InvitationState.REVOKED] * 3]


async def accept_as(
    installation: Installation, email: str, owner: Principal, **identity: Any
) -> Member:
    async def join_by_email(session: Any) -> Member:
        found = await joining.find_by_email(
            session, organization_id=owner.organization_id, email=email
        )
        assert found is not None
        return await joining.accept(session, invitation=found, name="Ada", **identity)

    return await act(installation, join_by_email)


async def test_signing_in_with_the_invited_address_accepts(
    installation: Installation, owner: Principal
) -> None:
    await invite(installation, owner, "ada@example.com")
    await invite(installation, owner, "bob@example.com")
    identity = {"issuer": "https://id.example.com", "subject": "1"}
    member = await accept_as(installation, "Ada@example.com", owner, **identity)
    assert (member.issuer, member.subject) == ("https://id.example.com", "1")
    with pytest.raises(AlreadyMember):
        await accept_as(installation, "bob@example.com", owner, **identity)
    async with installation.database.moment() as session:
        for email in ("ada@example.com", "nobody@example.com"):
            assert (
                await joining.find_by_email(
                    session, organization_id=owner.organization_id, email=email
                )
                is None
            )


async def test_a_repeated_request_gives_the_same_link(
    installation: Installation, owner: Principal
) -> None:
    first = await invite(installation, owner, "ada@example.com", idempotency_key="k")
    again = await invite(installation, owner, "ada@example.com", idempotency_key="k")
    assert (again.row.id, again.plaintext) == (first.row.id, first.plaintext)
    with pytest.raises(IdempotencyConflict):
        await invite(installation, owner, "bob@example.com", idempotency_key="k")


async def test_who_may_not_manage_members_invites_nobody(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    reader = await join(installation, owner, "ada", Role.WRITE)
    app = await caller.create_app("triage")
    key = await make_key(installation, owner, await caller.create_environment(app, "staging"))
    made = await invite(installation, owner, "bob@example.com")
    program = await key_holder(installation, key.plaintext)
    for principal in (await reader.asks(), program):
        with pytest.raises(PermissionDenied, match=r"member\.write"):
            await invite(installation, principal, "eve@example.com")
    with pytest.raises(PermissionDenied):
        await revoke(installation, await reader.asks(), made.row)
    with pytest.raises(NotFound):
        await revoke(installation, program, made.row)


async def key_holder(installation: Installation, token: str) -> Principal:
    async with installation.database.moment() as session:
        found = await recognise(session, pepper=installation.pepper, token=token)
    assert found is not None
    return found.principal


async def test_a_deleted_role_is_offered_no_more(
    installation: Installation, owner: Principal
) -> None:
    role: CustomRole = await make_role(installation, owner, "Deployer", Permission.APP_READ)
    made = await invite(installation, owner, "ada@example.com", role)
    async with installation.database.transaction() as session:
        await (await session.connection()).execute(text("UPDATE customrole SET deleted_at = now()"))
    with pytest.raises(NotFound):
        await accept_link(installation, made.plaintext)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invitation SET role = 'OWNER'",
        "UPDATE invitation SET email = 'eve@example.com'",
        "UPDATE invitation SET expires_at = now() + interval '1 year'",
        "UPDATE invitation SET accepted_at = now()",
        "DELETE FROM invitation",
    ],
)
async def test_what_an_invitation_offers_never_changes(
    installation: Installation, owner: Principal, statement: str
) -> None:
    await invite(installation, owner, "ada@example.com")
    with pytest.raises(DBAPIError):
        async with installation.database.transaction() as session:
            await (await session.connection()).execute(text(statement))


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b"])
async def test_a_member_has_a_name_to_be_told_by(
    installation: Installation, owner: Principal, name: str
) -> None:
    made = await invite(installation, owner, "ada@example.com")
    with pytest.raises(InvalidInput):
        await accept_link(installation, made.plaintext, name)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.co",
        "first.last+tag@sub.example.org",
        "o'neil@example.com",
        "x" * 64 + "@example.com",
        "a@1.xn--p1ai",
    ],
)
def test_an_address_is_one(address: str) -> None:
    assert normal_email(address.upper()) == address.lower()


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@", "a@b", "a@.com", "a@b..com", ".a@b.com", "a.@b.com", "a..b@c.com",
        "a b@c.com", "a@b c.com", "a@-b.com", "a@b-.com", "a@b.com\0", "a\n@b.com", "ä@b.com",
        "a@bä.com", "a@b@c.com", '"a"@b.com', "<a@b.com>", "a@[127.0.0.1]", "x" * 65 + "@b.com",
        "a@" + "b" * 64 + ".com", "a@" + "b." * 130 + "com", "x" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        normal_email(address)
