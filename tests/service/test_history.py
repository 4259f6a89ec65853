"""The database itself keeps history and counters, whatever the code above it does."""

from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, RestrictViolation, UniqueViolation

from models import App, Deployment, Environment
from services import settlement
from tests.support.apps import fresh
from tests.support.callers import Caller, fail

APPEND_ONLY = {
    "event": "seq",
    "auditentry": "id",
    "buildlogline": "seq",
    "commit": "sha",
    "artifact": "id",
    "snapshot": "id",
}
FROZEN = {
    "created_at": "now()",
    "ordinal": "99",
    "kind": "'ROLLBACK'",
    "source_id": "NULL",
    "source_name": "'elsewhere'",
    "version": "7",
    "note": "'another note'",
    "retry_of_id": "id",
    "actor_name": "'somebody else'",
    "actor_kind": "'SYSTEM'",
    "actor_id": "NULL",
}


class Sql:
    """Statements run one by one, as somebody with a console would."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, statement: str, **facts: Any) -> int:
        with closing(psycopg.connect(self._url)) as connection, connection.transaction():
            return connection.execute(statement.encode(), facts).rowcount


@pytest.fixture
def sql(database_url: str) -> Sql:
    return Sql(database_url)


@pytest.fixture
async def settled(caller: Caller, dev: Environment, staging: Environment) -> Deployment:
    return await caller.release(dev, staging)


@pytest.fixture
async def unsettled(caller: Caller, dev: Environment, prod: Environment) -> Deployment:
    return await caller.promote(dev, prod, note="A note")


async def test_a_settled_deployment_never_changes(sql: Sql, settled: Deployment) -> None:
    for column, value in {
        **FROZEN,
        "failure_reason": "'rewritten'",
        "settled_at": "NULL",
        "code_build_detail": "'rewritten'",
        "snapshot_id": "NULL",
        "attempt_token": "gen_random_uuid()",
    }.items():
        with pytest.raises(RestrictViolation, match="never changes"):
            sql(f"UPDATE deployment SET {column} = {value} WHERE id = %(id)s", id=settled.id)


async def test_no_deployment_vanishes(sql: Sql, settled: Deployment, unsettled: Deployment) -> None:
    for deployment in (settled, unsettled):
        with pytest.raises(RestrictViolation):
            sql("DELETE FROM deployment WHERE id = %(id)s", id=deployment.id)
    with pytest.raises(RestrictViolation):
        sql("TRUNCATE deployment CASCADE")


async def test_what_was_asked_never_changes_while_it_runs(sql: Sql, unsettled: Deployment) -> None:
    for column, value in FROZEN.items():
        with pytest.raises(RestrictViolation, match="never changes"):
            sql(f"UPDATE deployment SET {column} = {value} WHERE id = %(id)s", id=unsettled.id)


async def test_what_is_written_down_stays(sql: Sql, settled: Deployment) -> None:
    for table, column in APPEND_ONLY.items():
        for statement in (
            f'UPDATE "{table}" SET {column} = {column}',
            f'DELETE FROM "{table}"',
            f'TRUNCATE "{table}" CASCADE',
        ):
            with pytest.raises(RestrictViolation, match="append-only"):
                sql(statement)


async def test_content_is_released_and_never_rewritten(sql: Sql, settled: Deployment) -> None:
    for statement in (
        "UPDATE snapshotentry SET path = path",
        "UPDATE blob SET content = content",
        "TRUNCATE snapshotentry",
        "TRUNCATE blob CASCADE",
    ):
        with pytest.raises(RestrictViolation):
            sql(statement)


async def test_steps_never_go_backwards(sql: Sql, caller: Caller, unsettled: Deployment) -> None:
    async with caller.installation.database.transaction() as session:
        attempt = await settlement.begin_attempt(session, unsettled.id)
        assert attempt is not None
        settlement.begin_code_build(session, attempt)
    for assignment in (
        "code_build = 'PENDING'",
        "file_sync = 'PENDING'",
        "file_sync = 'SYNCING'",
        "file_sync = 'FAILED', code_build = 'SKIPPED'",
        "file_sync = 'SKIPPED'",
    ):
        with pytest.raises(RestrictViolation, match="go backwards"):
            sql(f"UPDATE deployment SET {assignment} WHERE id = %(id)s", id=unsettled.id)


async def test_no_status_is_half_told(sql: Sql, unsettled: Deployment) -> None:
    for assignment in (
        "code_build = 'DEPLOYED'",
        "settled_at = now()",
        "settled_at = now(), code_build = 'FAILED'",
        "failure_class = 'BUILD', failure_reason = 'why'",
        "failure_class = 'BUILD'",
        "code_build = 'HALFWAY'",
        "failure_class = 'UNKNOWN'",
    ):
        with pytest.raises(CheckViolation):
            sql(f"UPDATE deployment SET {assignment} WHERE id = %(id)s", id=unsettled.id)


async def test_there_are_never_two_in_flight(sql: Sql, unsettled: Deployment) -> None:
    with pytest.raises(UniqueViolation, match="uq_deployment_in_flight"):
        sql(
            "INSERT INTO deployment SELECT (jsonb_populate_record(deployment, jsonb_build_object("
            "'id', gen_random_uuid(), 'ordinal', 2))).* FROM deployment WHERE id = %(id)s",
            id=unsettled.id,
        )


async def test_a_version_succeeds_once(sql: Sql, settled: Deployment) -> None:
    with pytest.raises(UniqueViolation, match="uq_deployment_successful_promotion"):
        sql(
            "INSERT INTO deployment SELECT (jsonb_populate_record(deployment, jsonb_build_object("
            "'id', gen_random_uuid(), 'ordinal', 2))).* FROM deployment WHERE id = %(id)s",
            id=settled.id,
        )


async def test_counters_never_skip_or_go_back(
    sql: Sql, caller: Caller, settled: Deployment, dev: Environment
) -> None:
    for assignment in (
        "current_version = current_version + 2",
        "current_version = 0, pinned_version = NULL, pinned_deployment_id = NULL",
        "deployment_count = deployment_count + 2",
        "deployment_count = 0",
    ):
        with pytest.raises(RestrictViolation, match="skip or go back"):
            sql(f"UPDATE environment SET {assignment} WHERE name = 'staging'")
    with pytest.raises(CheckViolation):
        sql("UPDATE environment SET current_version = 1 WHERE name = 'dev'")


async def test_a_pin_names_what_succeeded_in_this_environment(
    sql: Sql,
    caller: Caller,
    dev: Environment,
    staging: Environment,
    settled: Deployment,
    unsettled: Deployment,
) -> None:
    failed = await fail(caller.installation, await caller.promote(dev, staging))
    for identity, version, environment in (
        (failed.id, 2, staging.id),
        (settled.id, 2, staging.id),
        (unsettled.id, 1, unsettled.environment_id),
        (settled.id, 1, unsettled.environment_id),
    ):
        with pytest.raises(RestrictViolation, match="did not succeed"):
            sql(
                "UPDATE environment SET current_version = %(version)s,"
                " pinned_version = %(version)s, pinned_deployment_id = %(pin)s WHERE id = %(id)s",
                version=version,
                pin=identity,
                id=environment,
            )
    assert (await fresh(caller.installation, staging)).pinned_deployment_id == settled.id


async def test_a_pin_is_whole_and_counted(sql: Sql, settled: Deployment) -> None:
    for assignment in ("pinned_version = NULL", "pinned_version = 0", "pinned_version = 2"):
        with pytest.raises(CheckViolation):
            sql(f"UPDATE environment SET {assignment} WHERE name = 'staging'")


async def test_an_environment_keeps_its_name_and_its_place(
    sql: Sql, caller: Caller, staging: Environment, prod: Environment
) -> None:
    for assignment in ("name = 'qa'", "is_default = true", "created_at = now()"):
        with pytest.raises((RestrictViolation, UniqueViolation)):
            sql(f"UPDATE environment SET {assignment} WHERE name = 'staging'")
    with pytest.raises(RestrictViolation):
        sql("DELETE FROM environment WHERE name = 'staging'")
    await caller.delete(staging)
    with pytest.raises(RestrictViolation, match="is deleted"):
        sql("UPDATE environment SET deleted_at = NULL WHERE name = 'staging'")


async def test_names_are_checked_and_unique_below_the_code(
    sql: Sql, app: App, staging: Environment
) -> None:
    insert = (
        "INSERT INTO environment (id, created_at, app_id, name, is_default, current_version,"
        " deployment_count, variables_revision)"
        " VALUES (gen_random_uuid(), now(), %(app)s, %(name)s, %(default)s, 0, 0, 0)"
    )
    for name in ("qa\n", "QA", "", "q", "-qa", "a" * 41):
        with pytest.raises(CheckViolation):
            sql(insert, app=app.id, name=name, default=False)
    with pytest.raises(UniqueViolation):
        sql(insert, app=app.id, name="staging", default=False)
    with pytest.raises(UniqueViolation):
        sql(insert, app=app.id, name="another", default=True)


async def test_there_is_one_organization(sql: Sql, app: App) -> None:
    with pytest.raises(UniqueViolation):
        sql(
            "INSERT INTO organization (id, created_at, name, plan, singleton)"
            " VALUES (gen_random_uuid(), now(), 'second', 'FREE', true)"
        )
