"""Service tokens: within what their maker holds, in the apps they name, ended for good."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from models import ActorKind, App, AuditEntry, Role, ServiceToken, utc_now
from services.apps import NewApp, create_app
from services.authentication import recognise
from services.errors import IdempotencyConflict, InvalidInput, NotFound, PermissionDenied
from services.installation import Installation
from services.listings import list_apps
from services.paging import PageRequest
from services.principals import ALL_PERMISSIONS, Permission, Principal
from services.roles import permissions_of
from services.service_tokens import HOLDABLE, list_service_tokens, revoke_service_token
from tests.support.callers import Caller
from tests.support.keys import make_service_token


async def holder(installation: Installation, plaintext: str) -> Principal | None:
    async with installation.database.moment() as session:
        found = await recognise(session, pepper=installation.pepper, token=plaintext)
    return None if found is None else found.principal


async def revoke(
    installation: Installation, principal: Principal, row: ServiceToken
) -> ServiceToken:
    async with installation.database.transaction() as session:
        return await revoke_service_token(session, principal=principal, service_token_id=row.id)


async def test_a_token_with_a_role_holds_it_everywhere_but_lets_nobody_in(
    installation: Installation, owner: Principal, app: App
) -> None:
    for role in (Role.ADMIN, Role.WRITE, Role.READ):
        made = await make_service_token(installation, owner, role=role.value)
        found = await holder(installation, made.plaintext)
        assert found is not None
        assert found.permissions == permissions_of(role) - {Permission.MEMBER_WRITE}
        assert found.can(Permission.APP_READ, app.id)
        assert not found.can(Permission.MEMBER_WRITE)
        assert found.actor.kind is ActorKind.SERVICE
        assert (found.id, found.name) == (made.row.id, "ci")
    assert made.plaintext.startswith("st_pinmark_")
    assert made.row.prefix == made.plaintext[:17]


async def test_a_token_of_one_app_is_good_there_alone(
    installation: Installation, owner: Principal, caller: Caller, app: App
) -> None:
    other = await caller.create_app("other")
    made = await make_service_token(installation, owner, app_ids=(app.id,))
    found = await holder(installation, made.plaintext)
    assert found is not None
    for permission in Permission:
        assert found.can(permission, app.id) == (permission in HOLDABLE)
        assert not found.can(permission, other.id)
        assert not found.can(permission)
    async with installation.database.moment() as session:
        page = await list_apps(session, principal=found, request=PageRequest())
    assert [row.id for row in page.rows] == [app.id]


async def test_what_a_service_does_is_recorded_as_the_services(
    installation: Installation, owner: Principal
) -> None:
    made = await make_service_token(installation, owner, permissions=("app.insert", "app.read"))
    found = await holder(installation, made.plaintext)
    assert found is not None
    async with installation.database.transaction() as session:
        await create_app(session, principal=found, request=NewApp(name="made-by-ci"))
    async with installation.database.moment() as session:
        (entry,) = (
            await session.exec(select(AuditEntry).where(col(AuditEntry.action) == "app.create"))
        ).all()
    assert entry.actor == found.actor


async def test_nobody_grants_what_they_do_not_hold(
    installation: Installation, caller: Caller, owner: Principal, app: App
) -> None:
    maker = caller.holding(Permission.MEMBER_WRITE, Permission.APP_READ).principal
    await make_service_token(installation, maker, permissions=("app.read",))
    with pytest.raises(PermissionDenied) as refusal:
        await make_service_token(installation, maker, permissions=("app.read", "app.insert"))
    assert (refusal.value.permission, refusal.value.path) == (
        "app.insert",
        ("input", "permissions"),
    )
    with pytest.raises(PermissionDenied) as refusal:
        await make_service_token(installation, maker, role="READ")
    assert refusal.value.path == ("input", "role")


async def test_who_holds_less_in_one_app_makes_no_token_for_all(
    installation: Installation, owner: Principal, app: App
) -> None:
    less = frozenset({Permission.APP_READ})
    maker = replace(owner, in_apps={app.id: less})
    with pytest.raises(PermissionDenied):
        await make_service_token(installation, maker, permissions=("environment.promote",))
    await make_service_token(installation, maker, permissions=("app.read",))
    with pytest.raises(PermissionDenied):
        await make_service_token(
            installation, maker, permissions=("environment.promote",), app_ids=(app.id,)
        )
    off = replace(owner, in_apps={app.id: frozenset[Permission]()})
    with pytest.raises(NotFound):
        await make_service_token(installation, off, permissions=("app.read",), app_ids=(app.id,))


async def test_a_service_makes_no_service(installation: Installation, owner: Principal) -> None:
    made = await make_service_token(installation, owner)
    found = await holder(installation, made.plaintext)
    assert found is not None
    with pytest.raises(PermissionDenied, match=r"member\.write"):
        await make_service_token(installation, found, permissions=("app.read",))


async def test_a_revoked_or_expired_token_is_nobodys_and_stays_so(
    installation: Installation, owner: Principal
) -> None:
    made = await make_service_token(installation, owner)
    short = await make_service_token(
        installation, owner, expires_at=utc_now() + timedelta(milliseconds=50)
    )
    first = (await revoke(installation, owner, made.row)).revoked_at
    assert (await revoke(installation, owner, made.row)).revoked_at == first
    assert await holder(installation, made.plaintext) is None
    while short.row.expires_at is not None and utc_now() < short.row.expires_at:
        await anyio.sleep(0.01)
    assert await holder(installation, short.plaintext) is None
    with pytest.raises(DBAPIError, match="never changes"):
        async with installation.database.transaction() as session:
            await session.exec(
                update(ServiceToken)
                .where(col(ServiceToken.id) == made.row.id)
                .values(revoked_at=None)
            )


async def test_the_same_request_is_answered_with_the_same_token(
    installation: Installation, owner: Principal
) -> None:
    first = await make_service_token(installation, owner, idempotency_key="k")
    second = await make_service_token(installation, owner, idempotency_key="k")
    assert (second.row.id, second.plaintext) == (first.row.id, first.plaintext)
    with pytest.raises(IdempotencyConflict):
        await make_service_token(installation, owner, name="other", idempotency_key="k")


async def test_use_is_noted_to_the_minute(installation: Installation, owner: Principal) -> None:
    made = await make_service_token(installation, owner)
    async with installation.database.transaction() as session:
        found = await recognise(session, pepper=installation.pepper, token=made.plaintext)
        assert found is not None
        assert found.noting is not None
        await session.exec(found.noting)
    async with installation.database.moment() as session:
        again = await recognise(session, pepper=installation.pepper, token=made.plaintext)
        row = await session.get_one(ServiceToken, made.row.id)
    assert again is not None
    assert again.noting is None
    assert row.last_used_at is not None


async def test_only_who_may_read_members_lists_tokens(
    installation: Installation, caller: Caller, owner: Principal
) -> None:
    made = await make_service_token(installation, owner)
    await revoke(installation, owner, made.row)
    await make_service_token(installation, owner, name="new")
    async with installation.database.moment() as session:
        page = await list_service_tokens(session, principal=owner, request=PageRequest())
        assert [row.name for row in page.rows] == ["new", "ci"]
        others = caller.holding(*(ALL_PERMISSIONS - {Permission.MEMBER_READ})).principal
        with pytest.raises(PermissionDenied):
            await list_service_tokens(session, principal=others, request=PageRequest())
    with pytest.raises(NotFound):
        await revoke(installation, others, made.row)


async def test_neither_token_nor_digest_is_in_the_audit(
    installation: Installation, owner: Principal
) -> None:
    made = await make_service_token(installation, owner)
    async with installation.database.moment() as session:
        (entry,) = (
            await session.exec(
                select(AuditEntry).where(col(AuditEntry.action) == "service_token.create")
            )
        ).all()
    assert made.plaintext not in str(entry)
    assert entry.facts["prefix"] == made.row.prefix


WRONG: list[dict[str, Any]] = [
    {"role": Role.OWNER, "permissions": []},
    {"role": None, "permissions": []},
    {"role": Role.READ, "permissions": ["app.read"]},
    {"app_ids": []},
    {"digest": b"short"},
    {"name": ""},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
async def test_the_database_refuses_a_token_that_no_rule_allows(
    installation: Installation, owner: Principal, wrong: dict[str, Any]
) -> None:
    good: dict[str, Any] = {
        "organization_id": owner.organization_id,
        "name": "ci",
        "prefix": "p" * 17,
        "digest": b"d" * 32,
        "role": Role.READ,
        "actor_kind": ActorKind.SYSTEM,
        "actor_name": "Pinmark",
    }
    with pytest.raises(IntegrityError):
        async with installation.database.transaction() as session:
            session.add(ServiceToken(**{**good, **wrong}))


async def test_junk_is_refused_at_its_field(installation: Installation, owner: Principal) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"role": "OWNER"}, "role"),
        ({"permissions": ("member.write",)}, "permissions"),
        ({"permissions": ()}, "permissions"),
        ({"app_ids": ()}, "appIds"),
        ({"expires_at": utc_now()}, "expiresAt"),
    ]
    for more, field in refused:
        with pytest.raises(InvalidInput) as refusal:
            await make_service_token(installation, owner, **more)
        assert refusal.value.field == field
