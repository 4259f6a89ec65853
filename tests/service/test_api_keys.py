"""API keys: one environment's, never more than their maker holds, ended for good."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select, update

from models import (
    SHOWN_PREFIX,
    ActorKind,
    ApiKey,
    App,
    AppEventKind,
    AuditEntry,
    Environment,
    Organization,
    Plan,
    utc_now,
)
from services.api_keys import MadeKey, ensure_runtime_key, list_api_keys, revoke_api_key
from services.authentication import recognise
from services.environments import preview_deletion
from services.errors import (
    ApiKeyLimit,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
    PermissionDenied,
)
from services.granting import GRANTABLE, Preset
from services.installation import Installation
from services.paging import PageRequest
from services.principals import KeyScope, Permission, Principal
from tests.support.apps import events_of, make_environment
from tests.support.callers import Caller
from tests.support.keys import make_key


async def holder(installation: Installation, plaintext: str) -> Principal | None:
    async with installation.database.moment() as session:
        found = await recognise(session, pepper=installation.pepper, token=plaintext)
    return None if found is None else found.principal


async def revoke(installation: Installation, principal: Principal, key: ApiKey) -> ApiKey:
    async with installation.database.transaction() as session:
        return await revoke_api_key(session, principal=principal, api_key_id=key.id)


async def listed(
    installation: Installation, principal: Principal, environment: Environment, *, all: bool = False
) -> list[str]:
    async with installation.database.moment() as session:
        page = await list_api_keys(
            session,
            principal=principal,
            app_id=environment.app_id,
            environment_id=None if all else environment.id,
            request=PageRequest(),
        )
    return [row.name for row in page.rows]


async def test_a_key_is_bound_to_its_environment_and_holds_what_it_was_given(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    made = await make_key(
        installation, owner, staging, permissions=("template.read", "environment.promote")
    )
    found = await holder(installation, made.plaintext)
    assert found is not None
    assert found.key == KeyScope(staging.app_id, staging.id)
    assert found.permissions == {Permission.TEMPLATE_READ, Permission.ENVIRONMENT_PROMOTE}
    assert found.actor.kind is ActorKind.API_KEY
    assert made.row.prefix == made.plaintext[:17]
    assert made.row.actor == owner.actor


async def test_a_key_reaches_no_other_app_and_no_other_environments_data(
    installation: Installation, owner: Principal, staging: Environment, prod: Environment
) -> None:
    made = await make_key(installation, owner, staging)
    found = await holder(installation, made.plaintext)
    assert found is not None
    assert found.permissions == GRANTABLE
    for permission in Permission:
        held = permission in GRANTABLE
        assert found.can(permission, staging.app_id) == held
        assert found.can_in(permission, staging) == held
        assert not found.can_in(permission, prod)
        assert not found.can(permission)
        assert not found.can(permission, owner.id)


async def test_presets_and_single_permissions_go_together(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    made = await make_key(
        installation, owner, staging, preset="SDK", permissions=("prompt.run", "template.read")
    )
    assert set(made.row.permissions) == Preset.SDK.permissions | {Permission.PROMPT_RUN}


async def test_nobody_grants_what_they_do_not_hold(
    installation: Installation, caller: Caller, staging: Environment
) -> None:
    maker = caller.holding(Permission.ENVIRONMENT_READ, Permission.API_KEY_INSERT).principal
    await make_key(installation, maker, staging, permissions=("environment.read",))
    with pytest.raises(PermissionDenied, match=r"environment\.delete"):
        await make_key(installation, maker, staging, permissions=("environment.delete",))
    with pytest.raises(PermissionDenied):
        await make_key(installation, maker, staging, preset="FULL_ACCESS")


async def test_a_key_makes_keys_of_its_own_environment_alone(
    installation: Installation, owner: Principal, staging: Environment, prod: Environment
) -> None:
    made = await make_key(installation, owner, staging)
    key = await holder(installation, made.plaintext)
    assert key is not None
    child = await make_key(installation, key, staging, name="child")
    assert child.row.actor.kind is ActorKind.API_KEY
    with pytest.raises(PermissionDenied):
        await make_key(installation, key, prod, permissions=("template.read",))


async def test_keys_are_listed_newest_first_to_who_may_see_them(
    installation: Installation,
    caller: Caller,
    owner: Principal,
    staging: Environment,
    prod: Environment,
) -> None:
    made: MadeKey | None = None
    for environment, name in ((staging, "one"), (prod, "two"), (staging, "three")):
        made = await make_key(installation, owner, environment, name=name)
    assert await listed(installation, owner, staging) == ["three", "one"]
    assert await listed(installation, owner, staging, all=True) == ["three", "two", "one"]
    assert made is not None
    key = await holder(installation, made.plaintext)
    assert key is not None
    assert await listed(installation, key, staging, all=True) == ["three", "one"]
    assert await listed(installation, key, prod) == []
    with pytest.raises(PermissionDenied, match=r"api_key\.read"):
        await listed(installation, caller.holding(Permission.ENVIRONMENT_READ).principal, staging)


async def test_a_revoked_key_is_nobodys_for_good(
    installation: Installation, owner: Principal, app: App, staging: Environment
) -> None:
    made = await make_key(installation, owner, staging)
    revoked = await revoke(installation, owner, made.row)
    assert revoked.revoked_at is not None
    assert await holder(installation, made.plaintext) is None
    again = await revoke(installation, owner, made.row)
    assert again.revoked_at == revoked.revoked_at
    kinds = [event.kind for event in await events_of(installation, app)]
    assert kinds.count(AppEventKind.API_KEYS_CHANGED) == 2
    with pytest.raises(DBAPIError, match="never changes"):
        async with installation.database.transaction() as session:
            await session.exec(update(ApiKey).values(revoked_at=None))


async def test_who_may_not_see_a_key_is_told_of_none(
    installation: Installation, owner: Principal, staging: Environment, prod: Environment
) -> None:
    of_staging = await make_key(installation, owner, staging)
    of_prod = await make_key(installation, owner, prod)
    stranger = await holder(installation, of_prod.plaintext)
    assert stranger is not None
    with pytest.raises(NotFound):
        await revoke(installation, stranger, of_staging.row)
    assert await holder(installation, of_staging.plaintext) is not None


async def test_an_expired_key_is_nobodys(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    expires_at = utc_now() + timedelta(seconds=1)
    made = await make_key(installation, owner, staging, expires_at=expires_at)
    assert await holder(installation, made.plaintext) is not None
    while utc_now() < expires_at:  # nobody tells when it is over
        await anyio.sleep(0.05)
    assert await holder(installation, made.plaintext) is None


async def test_the_same_request_is_answered_with_the_same_key(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    first = await make_key(installation, owner, staging, idempotency_key="k")
    second = await make_key(installation, owner, staging, idempotency_key="k")
    assert (second.row.id, second.plaintext) == (first.row.id, first.plaintext)
    with pytest.raises(IdempotencyConflict):
        await make_key(installation, owner, staging, name="other", idempotency_key="k")


async def test_the_plan_limits_living_keys_and_is_named(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    async with installation.database.transaction() as session:
        await session.exec(update(Organization).values(plan=Plan.FREE))
    made = [await make_key(installation, owner, staging, name=f"{n}") for n in range(5)]
    with pytest.raises(ApiKeyLimit, match=r"Your Free plan allows 5 API keys per app\.") as refusal:
        await make_key(installation, owner, staging)
    assert (refusal.value.limit, refusal.value.current) == (5, 5)
    await revoke(installation, owner, made[0].row)
    await make_key(installation, owner, staging)


async def test_a_deleted_environments_keys_end_with_it(
    installation: Installation, owner: Principal, caller: Caller, staging: Environment
) -> None:
    made = await make_key(installation, owner, staging)
    async with installation.database.transaction() as session:
        runtime = await ensure_runtime_key(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            environment=staging,
        )
    async with installation.database.moment() as session:
        assert (await preview_deletion(session, staging)).api_keys_revoked == 1
    await caller.delete(staging)
    assert await holder(installation, made.plaintext) is None
    assert await holder(installation, runtime) is None


async def test_a_runtimes_own_key_is_in_no_list_and_cannot_be_revoked(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    async with installation.database.transaction() as session:
        plaintext = await ensure_runtime_key(
            session, mint=installation.mint, pepper=installation.pepper, environment=staging
        )
        again = await ensure_runtime_key(
            session, mint=installation.mint, pepper=installation.pepper, environment=staging
        )
    assert again == plaintext
    found = await holder(installation, plaintext)
    assert found is not None
    assert found.can_in(Permission.TEMPLATE_READ, staging)
    assert not found.can(Permission.ENVIRONMENT_READ, staging.app_id)
    assert await listed(installation, owner, staging) == []
    async with installation.database.moment() as session:
        row = (await session.exec(select(ApiKey).where(col(ApiKey.internal)))).one()
    with pytest.raises(NotFound):
        await revoke(installation, owner, row)


async def test_neither_key_nor_digest_is_in_what_is_written_down(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    made = await make_key(installation, owner, staging)
    async with installation.database.moment() as session:
        (entry,) = (
            await session.exec(select(AuditEntry).where(col(AuditEntry.action) == "api_key.create"))
        ).all()
    assert made.plaintext not in str(entry)
    assert entry.facts["prefix"] == made.row.prefix


async def test_the_database_refuses_a_key_of_one_app_in_another_apps_environment(
    installation: Installation, owner: Principal, caller: Caller, staging: Environment
) -> None:
    other = await caller.create_app("other")
    foreign = await make_environment(installation, owner, other, "foreign")
    stray = ApiKey(
        app_id=staging.app_id,
        environment_id=foreign.id,
        name="stray",
        prefix="p" * SHOWN_PREFIX,
        digest=b"d" * 32,
        permissions=["template.read"],
        actor_kind=ActorKind.SYSTEM,
        actor_name="Pinmark",
    )
    with pytest.raises(IntegrityError):
        async with installation.database.transaction() as session:
            session.add(stray)


async def test_bad_input_is_refused_at_its_field(
    installation: Installation, owner: Principal, staging: Environment
) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"permissions": ()}, "permissions"),
        ({"permissions": ("nonsense",)}, "permissions"),
        ({"permissions": ("app.insert",)}, "permissions"),
        ({"name": "\n"}, "name"),
        ({"expires_at": utc_now()}, "expiresAt"),
    ]
    for more, field in refused:
        with pytest.raises(InvalidInput) as refusal:
            await make_key(installation, owner, staging, **more)
        assert refusal.value.field == field
