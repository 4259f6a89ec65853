"""Roles are given within what the giver holds, and an organization keeps an active owner."""

import asyncio
from uuid import UUID, uuid4

import pytest
from anyio import fail_after
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AuditEntry, Role
from services.authentication import recognise
from services.errors import (
    InvalidInput,
    LastOwner,
    NotFound,
    OwnerRequired,
    PermissionDenied,
)
from services.installation import Installation
from services.managing import lock_organization
from services.members import list_members
from services.paging import PageRequest
from services.principals import ALL_PERMISSIONS, Permission, Principal
from services.roles import permissions_of
from tests.support.callers import Caller
from tests.support.keys import make_key
from tests.support.people import (
    clear_access,
    deactivate,
    give_access,
    give_role,
    invite,
    join,
    make_role,
    member_now,
    principal_now,
    reactivate,
)
from tests.support.racing import until_waiting


async def recognised(installation: Installation, token: str) -> Principal | None:
    async with installation.database.moment() as session:
        found = await recognise(session, pepper=installation.pepper, token=token)
    return None if found is None else found.principal


@pytest.mark.parametrize("role", list(Role))
async def test_a_member_may_what_their_role_allows(
    installation: Installation, owner: Principal, role: Role
) -> None:
    person = await join(installation, owner, "ada", role)
    found = await recognised(installation, person.token)
    assert found is not None
    assert found.permissions == permissions_of(role)
    assert found.owner == (role is Role.OWNER)
    assert found.in_apps == {}


async def test_a_custom_role_allows_what_it_names_and_nothing_else(
    installation: Installation, owner: Principal
) -> None:
    role = await make_role(installation, owner, "Deployer", Permission.ENVIRONMENT_PROMOTE)
    person = await join(installation, owner, "ada", role)
    assert (await person.asks()).permissions == {Permission.ENVIRONMENT_PROMOTE}


async def test_a_role_in_an_app_replaces_the_one_everywhere(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app, other = await caller.create_app("triage"), await caller.create_app("other")
    hidden = await caller.create_app("hidden")
    person = await join(installation, owner, "ada", Role.WRITE)
    await give_access(installation, owner, person.id, app, Role.READ)
    await give_access(installation, owner, person.id, hidden)
    principal = await person.asks()
    assert not principal.can(Permission.PROMPT_RUN, app.id)
    assert principal.can(Permission.APP_READ, app.id)
    assert principal.can(Permission.PROMPT_RUN, other.id)
    assert not any(principal.can(each, hidden.id) for each in Permission)
    await give_access(installation, owner, person.id, hidden, Role.ADMIN)
    assert (await person.asks()).can(Permission.ENVIRONMENT_DELETE, hidden.id)
    assert not (await person.asks()).can(Permission.MEMBER_WRITE)
    await clear_access(installation, owner, person.id, hidden)
    assert not (await person.asks()).can(Permission.ENVIRONMENT_DELETE, hidden.id)


async def test_only_an_owner_makes_and_unmakes_an_owner(
    installation: Installation, owner: Principal
) -> None:
    admin = await (await join(installation, owner, "admin", Role.ADMIN)).asks()
    second = await join(installation, owner, "second", Role.OWNER)
    reader = await join(installation, owner, "reader")
    for refused in (
        give_role(installation, admin, reader.id, Role.OWNER),
        give_role(installation, admin, second.id, Role.READ),
        give_role(installation, admin, admin.id, Role.OWNER),
        deactivate(installation, admin, second.id),
        reactivate(installation, admin, second.id),
        invite(installation, admin, "third@example.com", Role.OWNER),
    ):
        with pytest.raises(OwnerRequired):
            await refused
    await give_role(installation, owner, reader.id, Role.OWNER)
    await give_role(installation, owner, second.id, Role.READ)
    assert (await second.asks()).permissions == permissions_of(Role.READ)


async def test_nobody_gives_what_they_do_not_hold(
    installation: Installation, owner: Principal
) -> None:
    manager = await make_role(
        installation,
        owner,
        "Manager",
        *permissions_of(Role.READ),
        Permission.MEMBER_WRITE,
    )
    deployer = await make_role(installation, owner, "Deployer", Permission.ENVIRONMENT_PROMOTE)
    ada = await join(installation, owner, "ada", manager)
    bob = await join(installation, owner, "bob")
    principal = await ada.asks()
    for member in (bob.id, ada.id):
        for role in (Role.ADMIN, Role.WRITE, deployer):
            with pytest.raises(PermissionDenied):
                await give_role(installation, principal, member, role)
    await give_role(installation, principal, bob.id, manager)
    await give_role(installation, principal, bob.id, Role.READ)
    await give_role(installation, principal, ada.id, Role.READ)
    with pytest.raises(PermissionDenied, match=r"member\.write"):
        await give_role(installation, await ada.asks(), ada.id, manager)


async def test_who_is_restricted_in_an_app_gives_no_role_that_reaches_further_there(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    admin = await join(installation, owner, "admin", Role.ADMIN)
    reader = await join(installation, owner, "reader")
    await give_access(installation, owner, admin.id, app, Role.READ)
    principal = await admin.asks()
    with pytest.raises(PermissionDenied):
        await give_role(installation, principal, reader.id, Role.WRITE)
    with pytest.raises(PermissionDenied):
        await invite(installation, principal, "another@example.com", Role.WRITE)
    with pytest.raises(PermissionDenied):
        await give_access(installation, principal, reader.id, app, Role.WRITE)
    with pytest.raises(PermissionDenied):
        await clear_access(installation, principal, admin.id, app)
    await give_role(installation, principal, reader.id, Role.READ)
    await give_access(installation, principal, reader.id, app, Role.READ)
    await give_access(installation, owner, admin.id, app)
    with pytest.raises(PermissionDenied):
        await invite(installation, await admin.asks(), "another@example.com", Role.READ)


async def test_who_comes_back_has_their_roles_from_somebody_who_holds_them(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    reading = (*permissions_of(Role.READ), Permission.MEMBER_WRITE)
    manager = await make_role(installation, owner, "Manager", *reading)
    manages = await (await join(installation, owner, "manager", manager)).asks()
    writer = await join(installation, owner, "writer", Role.WRITE)
    reader = await join(installation, owner, "reader")
    await give_access(installation, owner, reader.id, app, Role.WRITE)
    for person in (writer, reader):
        await deactivate(installation, manages, person.id)
        with pytest.raises(PermissionDenied):
            await reactivate(installation, manages, person.id)
        await reactivate(installation, owner, person.id)
    assert (await reader.asks()).can(Permission.PROMPT_RUN, app.id)


async def test_the_last_active_owner_stays(installation: Installation, owner: Principal) -> None:
    second = await join(installation, owner, "second", Role.OWNER)
    await deactivate(installation, owner, second.id)
    with pytest.raises(LastOwner):
        await give_role(installation, owner, owner.id, Role.ADMIN)
    with pytest.raises(LastOwner):
        await deactivate(installation, owner, owner.id)
    await give_role(installation, owner, owner.id, Role.OWNER)
    await reactivate(installation, owner, second.id)
    await give_role(installation, owner, owner.id, Role.ADMIN)
    assert (await member_now(installation, owner.id)).role is Role.ADMIN


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE member SET role = 'ADMIN'",
        "UPDATE member SET deactivated_at = now()",
        "UPDATE member SET role = 'READ', deactivated_at = now()",
        "DELETE FROM member",
        "TRUNCATE member CASCADE",
    ],
)
async def test_the_database_itself_keeps_an_owner(
    installation: Installation, owner: Principal, statement: str
) -> None:
    await join(installation, owner, "second", Role.OWNER)
    with pytest.raises(DBAPIError, match=r"owner|append-only"):
        async with installation.database.transaction() as session:
            await (await session.connection()).execute(text(statement))


async def test_a_transaction_may_hand_over_in_any_order(
    installation: Installation, owner: Principal
) -> None:
    second = await join(installation, owner, "second")
    async with installation.database.transaction() as session:
        connection = await session.connection()
        for role, identity in (("READ", owner.id), ("OWNER", second.id)):
            await connection.execute(
                text("UPDATE member SET role = :role WHERE id = :id"),
                {"role": role, "id": identity},
            )
    assert (await second.asks()).owner


async def test_of_two_raw_transactions_that_each_take_one_of_two_owners_one_fails(
    installation: Installation, owner: Principal
) -> None:
    second = await join(installation, owner, "second", Role.OWNER)

    async def lower(session: AsyncSession, identity: UUID) -> None:
        connection = await session.connection()
        await connection.execute(
            text("UPDATE member SET role = 'READ' WHERE id = :id"), {"id": identity}
        )
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # as the commit does

    async def lower_second() -> None:
        async with installation.database.transaction() as session:
            await lower(session, second.id)

    async with installation.database.transaction() as session:
        await lower(session, owner.id)
        other = asyncio.ensure_future(lower_second())
        await until_waiting(installation, 1)
    with fail_after(60), pytest.raises(DBAPIError, match="keeps an active owner"):
        await other
    assert (await second.asks()).owner


async def test_of_two_owners_who_lower_each_other_at_once_one_stays(
    installation: Installation, owner: Principal
) -> None:
    second = await join(installation, owner, "second", Role.OWNER)
    other = await second.asks()
    async with installation.database.transaction() as session:
        await lock_organization(session, owner.organization_id)
        acts = [
            asyncio.ensure_future(give_role(installation, owner, second.id, Role.READ)),
            asyncio.ensure_future(give_role(installation, other, owner.id, Role.READ)),
        ]
        await until_waiting(installation, 2)
    with fail_after(60):
        outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert len([each for each in outcomes if isinstance(each, PermissionDenied)]) == 1
    roles = {(await member_now(installation, each)).role for each in (owner.id, second.id)}
    assert roles == {Role.OWNER, Role.READ}


async def test_who_was_lowered_a_moment_ago_changes_nobody_any_more(
    installation: Installation, owner: Principal
) -> None:
    admin = await join(installation, owner, "admin", Role.ADMIN)
    reader = await join(installation, owner, "reader")
    remembered = await admin.asks()
    await give_role(installation, owner, admin.id, Role.READ)
    with pytest.raises(PermissionDenied, match=r"member\.write"):
        await give_role(installation, remembered, reader.id, Role.WRITE)
    await deactivate(installation, owner, admin.id)
    with pytest.raises(PermissionDenied):
        await invite(installation, remembered, "another@example.com")


async def test_who_left_is_nobody_and_their_keys_stay_the_apps(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    staging = await caller.create_environment(app, "staging")
    writer = await join(installation, owner, "writer", Role.WRITE)
    key = await make_key(installation, await writer.asks(), staging, permissions=("template.read",))
    await deactivate(installation, owner, writer.id)
    await deactivate(installation, owner, writer.id)
    assert await recognised(installation, writer.token) is None
    assert await principal_now(installation, writer.id) is None
    found = await recognised(installation, key.plaintext)
    assert found is not None
    assert found.can(Permission.TEMPLATE_READ, app.id)
    await reactivate(installation, owner, writer.id)
    assert await recognised(installation, writer.token) is None, "tokens end for good"


async def test_members_are_listed_to_those_who_may_read_them(
    installation: Installation, owner: Principal
) -> None:
    reader = await join(installation, owner, "ada")
    deployer = await make_role(installation, owner, "Deployer", Permission.ENVIRONMENT_PROMOTE)
    blind = await join(installation, owner, "bob", deployer)
    await deactivate(installation, owner, blind.id)
    await reactivate(installation, owner, blind.id)
    async with installation.database.moment() as session:
        page = await list_members(
            session, principal=await reader.asks(), request=PageRequest(first=2, counting=True)
        )
        assert [row.name for row in page.rows] == ["ada", "bob"]
        assert page.total == 3
        with pytest.raises(PermissionDenied, match=r"member\.read"):
            await list_members(session, principal=await blind.asks(), request=PageRequest())


async def test_absent_and_unreadable_members_are_one_answer(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    reader = await join(installation, owner, "ada")
    blind = caller.holding(*(ALL_PERMISSIONS - {Permission.MEMBER_READ})).principal
    for principal, member_id in ((blind, reader.id), (owner, uuid4()), (owner, None)):
        with pytest.raises(NotFound) as refusal:
            await give_role(installation, principal, member_id, Role.READ)
        assert (refusal.value.message, refusal.value.path) == (
            "No such member.",
            ("input", "memberId"),
        )
    with pytest.raises(PermissionDenied, match=r"member\.write"):
        await give_role(installation, await reader.asks(), owner.id, Role.READ)


async def test_a_member_has_one_role(installation: Installation, owner: Principal) -> None:
    reader = await join(installation, owner, "ada")
    with pytest.raises(InvalidInput, match="one of the two"):
        await give_role(installation, owner, reader.id, None)
    for change in (
        "role = NULL",
        "custom_role_id = gen_random_uuid()",
        "email = 'Ada@example.com'",
        "issuer = 'https://example.com'",
    ):
        with pytest.raises(DBAPIError):
            async with installation.database.transaction() as session:
                await (await session.connection()).execute(text(f"UPDATE member SET {change}"))


async def test_each_change_is_written_down_with_what_was_before(
    installation: Installation, owner: Principal
) -> None:
    reader = await join(installation, owner, "ada")
    await give_role(installation, owner, reader.id, Role.ADMIN)
    await deactivate(installation, owner, reader.id)
    await reactivate(installation, owner, reader.id)
    async with installation.database.moment() as session:
        statement = (
            select(AuditEntry)
            .where(col(AuditEntry.subject_id) == reader.id)
            .order_by(col(AuditEntry.created_at))
        )
        rows = (await session.exec(statement)).all()
    assert [row.action for row in rows] == [
        "member_role.change",
        "member.deactivate",
        "member.reactivate",
    ]
    assert rows[0].facts == {"name": "ada"}
    assert rows[0].before == {"role": "READ", "custom_role": None}
    assert rows[0].after == {"role": "ADMIN", "custom_role": None}
