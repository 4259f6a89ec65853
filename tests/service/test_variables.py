"""Environment variables: kept encrypted, changed one at a time, told to those who may know."""

import pytest
from sqlalchemy import Update, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models import (
    App,
    AppEventKind,
    AuditEntry,
    Environment,
    EnvironmentVariable,
    Event,
    VariablePhase,
    utc_now,
)
from services.environments import preview_deletion
from services.errors import IdempotencyConflict, InvalidInput, NotFound, PermissionDenied
from services.paging import PageRequest
from services.principals import ALL_PERMISSIONS, Permission
from services.variables import rules
from services.variables.given import build_variables, runtime_variables
from services.variables.reading import list_variables, visible_variable
from services.variables.rules import MAXIMUM_TOTAL_BYTES, MAXIMUM_VARIABLES
from tests.support.apps import events_of, fresh, make_environment
from tests.support.callers import Caller
from tests.support.variables import BOTH, BUILD, RUNTIME, put, remove, reveal, variables_of

SECRET = "hunter2 and the like"


async def audited(caller: Caller) -> list[AuditEntry]:
    statement = (
        select(AuditEntry)
        .where(col(AuditEntry.action).startswith("environment_variable."))
        .order_by(col(AuditEntry.created_at))
    )
    async with caller.installation.database.moment() as session:
        return list((await session.exec(statement)).all())


async def changes_of(caller: Caller, app: App) -> list[Event]:
    events = await events_of(caller.installation, app)
    return [event for event in events if event.kind is AppEventKind.VARIABLES_CHANGED]


async def test_a_value_is_told_to_whoever_reveals_it_and_that_is_written_down(
    caller: Caller, staging: Environment
) -> None:
    variable = await put(caller, staging, "API_KEY", SECRET)

    assert await reveal(caller, variable.id) == SECRET
    set_entry, revealed = await audited(caller)
    assert (set_entry.action, revealed.action) == (
        "environment_variable.set",
        "environment_variable.reveal",
    )
    assert revealed.environment_id == staging.id
    assert revealed.facts == {"name": "API_KEY", "phase": "RUNTIME"}
    assert revealed.actor_name == "owner"


@pytest.mark.parametrize("value", ["", " ", "x" * 32768, "ä\n\t'\"\\ $(x) `y`", "\u2028🙂"])
async def test_a_value_comes_back_as_it_was(
    caller: Caller, staging: Environment, value: str
) -> None:
    variable = await put(caller, staging, "VALUE", value)
    assert await reveal(caller, variable.id) == value


async def test_no_table_holds_a_plaintext(caller: Caller, app: App, staging: Environment) -> None:
    variable = await put(caller, staging, "API_KEY", SECRET, BOTH, key="once")
    await put(caller, staging, "API_KEY", f"{SECRET}, changed", BOTH)
    await reveal(caller, variable.id)

    async with caller.installation.database.moment() as session:
        connection = await session.connection()
        tables = (
            await connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            )
        ).scalars()
        for table in tables.all():
            rows = await connection.execute(text(f'SELECT t::text FROM "{table}" t'))
            for row in rows.scalars():
                assert SECRET not in row
                assert SECRET.encode().hex() not in row


async def test_the_database_refuses_a_value_that_is_not_encrypted(
    caller: Caller, staging: Environment
) -> None:
    variable = await put(caller, staging, "API_KEY", SECRET)
    statement = update(EnvironmentVariable).values(value=SECRET.encode())
    with pytest.raises(IntegrityError, match="value_encrypted"):
        await write(caller, statement.where(col(EnvironmentVariable.id) == variable.id))


async def test_setting_the_same_again_changes_nothing(
    caller: Caller, app: App, staging: Environment
) -> None:
    first = await put(caller, staging, "API_KEY", SECRET)
    again = await put(caller, staging, "API_KEY", SECRET)

    assert (again.id, again.value, again.updated_at) == (first.id, first.value, first.updated_at)
    assert len(await audited(caller)) == 1
    assert len(await changes_of(caller, app)) == 1


async def test_a_change_says_who_and_when_and_keeps_the_variable(
    caller: Caller, app: App, staging: Environment
) -> None:
    first = await put(caller, staging, "API_KEY", SECRET)
    guest = caller.holding(Permission.ENVIRONMENT_READ, Permission.VARIABLE_WRITE)
    second = await put(guest, staging, "API_KEY", "another")

    assert second.id == first.id
    assert (first.actor.name, second.actor.name) == ("owner", "guest")
    assert second.created_at == first.created_at < second.updated_at
    assert [event.environment_id for event in await changes_of(caller, app)] == [staging.id] * 2
    assert [entry.facts["created"] for entry in await audited(caller)] == [True, False]


async def test_each_environment_has_its_own(
    caller: Caller, dev: Environment, staging: Environment, prod: Environment
) -> None:
    await put(caller, dev, "API_KEY", "of dev")
    await put(caller, staging, "API_KEY", "of staging")
    await caller.release(dev, staging)
    await caller.release(staging, prod)

    assert await reveal(caller, (await variables_of(caller, dev))["API_KEY"].id) == "of dev"
    assert await reveal(caller, (await variables_of(caller, staging))["API_KEY"].id) == "of staging"
    assert await variables_of(caller, prod) == {}


async def test_builds_and_runtimes_are_given_what_is_meant_for_them(
    caller: Caller, staging: Environment
) -> None:
    for phase in VariablePhase:
        await put(caller, staging, phase.value, f"for {phase.value}", phase)

    async with caller.installation.database.moment() as session:
        build = await build_variables(session, environment_id=staging.id)
        runtime = await runtime_variables(session, environment_id=staging.id)
    assert build.open(caller.installation.cipher) == {"BOTH": "for BOTH", "BUILD": "for BUILD"}
    assert runtime.sealed.keys() == {"BOTH", "RUNTIME"}
    assert "for" not in f"{build!r}{runtime!r}"


async def test_the_revision_counts_what_a_runtime_would_see(
    caller: Caller, staging: Environment
) -> None:
    async def revision() -> int:
        return (await fresh(caller.installation, staging)).variables_revision

    await put(caller, staging, "A", "1", BUILD)
    assert await revision() == 0
    await put(caller, staging, "A", "1", BOTH)
    assert await revision() == 1
    await put(caller, staging, "A", "1", RUNTIME)
    assert await revision() == 1
    await put(caller, staging, "A", "2", RUNTIME)
    await put(caller, staging, "A", "2", BUILD)
    assert await revision() == 3
    await remove(caller, staging, "A")
    assert await revision() == 3
    await put(caller, staging, "A", "2")
    await remove(caller, staging, "A")
    assert await revision() == 5


RESERVED = [
    *("PATH", "Path", "HOME", "AGENTMARK_API_KEY", "PINMARK_VERSION", "pinmark_x", "LD_PRELOAD"),
    *("PYTHONPATH", "PYTHONSTARTUP", "NODE_OPTIONS", "https_proxy", "npm_config_registry"),
]
NO_NAMES = ["", "1A", "A-B", "A B", "A\n", "Ä", "A=B", "A" * 129, "A\0", "${A}"]


@pytest.mark.parametrize("name", [*RESERVED, *NO_NAMES])
async def test_a_name_that_no_app_may_set_is_refused_in_words(
    caller: Caller, staging: Environment, name: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await put(caller, staging, name, SECRET)
    assert refused.value.path == ("input", "name")
    assert ("reserved" in refused.value.message) == (name in RESERVED)
    assert SECRET not in refused.value.message


@pytest.mark.parametrize("name", ["A", "_", "NODE_ENV", "DATABASE_URL", "a1", "A" * 128])
async def test_other_names_are_taken(caller: Caller, staging: Environment, name: str) -> None:
    assert (await put(caller, staging, name, SECRET)).name == name


@pytest.mark.parametrize("value", ["x" * 32769, "ä" * 16385, "a\0b", "\ud800"])
async def test_a_value_that_cannot_be_kept_is_refused_and_not_repeated(
    caller: Caller, staging: Environment, value: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await put(caller, staging, "VALUE", value)
    assert refused.value.path == ("input", "value")
    assert value not in refused.value.message


async def test_an_environment_has_room_for_so_many_variables_and_bytes(
    caller: Caller, dev: Environment, staging: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MAXIMUM_VARIABLES", 2)
    for name in ("A", "B"):
        await put(caller, staging, name, "1")
    await put(caller, staging, "A", "2")
    with pytest.raises(InvalidInput, match="at most 2 variables"):
        await put(caller, staging, "C", "1")
    monkeypatch.setattr(rules, "MAXIMUM_TOTAL_BYTES", 10)
    await put(caller, dev, "A", "x" * 8)
    await put(caller, dev, "A", "x" * 10)
    with pytest.raises(InvalidInput, match="they would have 11"):
        await put(caller, dev, "B", "1")
    assert (MAXIMUM_VARIABLES, MAXIMUM_TOTAL_BYTES) == (100, 262_144)


async def test_a_key_makes_a_request_safe_to_repeat(caller: Caller, staging: Environment) -> None:
    first = await put(caller, staging, "A", "1", key="once")
    await put(caller, staging, "A", "2")
    late = await put(caller, staging, "A", "1", key="once")

    assert late.id == first.id
    assert await reveal(caller, first.id) == "2"
    for name, value, phase in (("A", "2", RUNTIME), ("B", "1", RUNTIME), ("A", "1", BOTH)):
        with pytest.raises(IdempotencyConflict):
            await put(caller, staging, name, value, phase, key="once")
    await remove(caller, staging, "A")
    with pytest.raises(NotFound):
        await put(caller, staging, "A", "1", key="once")


async def test_what_one_may_do_is_what_one_holds(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    variable = await put(caller, staging, "A", SECRET)

    def without(permission: Permission) -> Caller:
        return caller.holding(*(ALL_PERMISSIONS - {permission}))

    with pytest.raises(PermissionDenied, match=r"variable\.write"):
        await put(without(Permission.VARIABLE_WRITE), staging, "B", "1")
    with pytest.raises(PermissionDenied, match=r"variable\.write"):
        await remove(without(Permission.VARIABLE_WRITE), staging, "A")
    with pytest.raises(PermissionDenied, match=r"variable\.reveal"):
        await reveal(without(Permission.VARIABLE_REVEAL), variable.id)
    blind, stranger = without(Permission.VARIABLE_READ), without(Permission.ENVIRONMENT_READ)
    for one in (blind, stranger):
        async with caller.installation.database.moment() as session:
            seen = await visible_variable(session, principal=one.principal, identity=variable.id)
        assert seen is None
    with pytest.raises(NotFound):
        await reveal(stranger, variable.id)
    with pytest.raises(NotFound):
        await put(stranger, staging, "B", "1")
    with pytest.raises(PermissionDenied, match=r"variable\.read"):
        async with caller.installation.database.moment() as session:
            await list_variables(
                session, principal=blind.principal, environment=staging, request=PageRequest()
            )
    assert (await variables_of(caller, staging)).keys() == {"A"}


async def test_its_variables_go_with_an_environment_as_the_preview_says(
    caller: Caller, app: App, staging: Environment, prod: Environment
) -> None:
    for name in ("A", "B"):
        await put(caller, staging, name, SECRET)
    await put(caller, prod, "A", SECRET)
    async with caller.installation.database.moment() as session:
        preview = await preview_deletion(session, staging)

    await caller.delete(staging)

    assert preview.variables_released == 2
    assert await variables_of(caller, staging) == {}
    assert (await variables_of(caller, prod)).keys() == {"A"}
    assert len(await audited(caller)) == 3
    namesake = await make_environment(caller.installation, caller.principal, app, "staging")
    assert await variables_of(caller, namesake) == {}
    with pytest.raises(NotFound):
        await put(caller, staging, "A", SECRET)


async def test_the_database_lets_no_deleted_environment_keep_a_variable(
    caller: Caller, staging: Environment
) -> None:
    await put(caller, staging, "A", SECRET)
    statement = update(Environment).values(deleted_at=utc_now())
    with pytest.raises(IntegrityError, match="has no variables"):
        await write(caller, statement.where(col(Environment.id) == staging.id))


async def write(caller: Caller, statement: Update) -> None:
    async with caller.installation.database.transaction() as session:
        await session.exec(statement)
