"""Databases of any age are brought up to date with what is in them; there is no way down."""

import subprocess
import sys
from collections.abc import Generator
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlmodel import col, select

from models import Deployment, Serving
from pinmark.assembly import ensure_access, open_installation
from pinmark.migrations import SchemaTooNew, Standing, check, migrate, standing
from pinmark.settings import Settings
from services import audit_log, snapshots
from tests.conftest import PLACEHOLDER, run_sql

REVISIONS = sorted(
    each.name[:4]
    for each in files("pinmark.migrations").joinpath("versions").iterdir()
    if each.name[:4].isdigit()
)
DAY_ONE = Path(__file__).with_name("day_one.sql")
MIGRATE = "import sys; from pinmark.migrations import migrate; migrate(sys.argv[1])"


@pytest.fixture
def empty_url(postgres: str) -> Generator[str]:
    name = f"empty_{uuid4().hex[:12]}"
    run_sql(postgres, f"CREATE DATABASE {name}")
    yield postgres.replace(PLACEHOLDER, name)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def day_one(empty_url: str) -> str:
    """A database as the first version left it: an app, its pin, one promotion in flight."""
    migrate(empty_url, to="0001")
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(DAY_ONE.read_bytes())
    return empty_url


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


KEPT = {
    "deployment": "id, version, commit_sha, kind, file_sync, code_build, settled_at, note",
    "environment": "id, name, current_version, pinned_version, pinned_deployment_id",
    "event": "app_id, seq, kind, deployment_id, occurred_at",
    "blob": "digest, size, content",
    "snapshotentry": "snapshot_id, path, kind, digest, size",
    "buildlogline": "deployment_id, seq, text",
}


def kept(url: str) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: rows(url, f"SELECT {columns} FROM {table} ORDER BY 1, 2")
        for table, columns in KEPT.items()
    }


def test_a_filled_database_of_day_one_keeps_every_row_through_every_upgrade(day_one: str) -> None:
    before = kept(day_one)
    assert all(before.values())

    for revision in REVISIONS[1:]:
        assert standing(day_one) is Standing.BEHIND
        migrate(day_one, to=revision)
        assert kept(day_one) == before

    assert standing(day_one) is Standing.NEWEST
    check(day_one)
    migrate(day_one)
    assert kept(day_one) == before


async def test_an_upgraded_installation_serves_what_it_served_and_its_audit_is_whole(
    day_one: str, settings: Settings
) -> None:
    migrate(day_one)
    async with open_installation(settings, day_one) as installation:
        await ensure_access(settings, installation)
        async with installation.database.moment() as session:
            statement = select(Serving).where(col(Serving.until).is_(None))
            serving = (await session.exec(statement)).one()
            deployment = await session.get_one(Deployment, serving.deployment_id)
            assert deployment.snapshot_id is not None
            files = await snapshots.entry_paths(session, snapshot_id=deployment.snapshot_id)
        assert deployment.version == 1
        assert files == {"a.prompt.mdx"}
        assert (await audit_log.verify(installation.database)).is_whole


@pytest.mark.parametrize("made", ["empty_url", "day_one"])
def test_servers_that_migrate_at_once_wait_for_each_other(
    made: str, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(made)
    programs = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    said = [program.communicate()[1] for program in programs]

    assert [program.returncode for program in programs] == [0, 0, 0], said
    assert standing(url) is Standing.NEWEST
    check(url)


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(day_one: str) -> None:
    migrate(day_one)
    with psycopg.connect(day_one, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert standing(day_one) is Standing.UNKNOWN
    with pytest.raises(SchemaTooNew, match="newer version"):
        migrate(day_one)

    assert rows(day_one, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_an_upgrade_that_fails_halfway_leaves_the_database_as_it_was(day_one: str) -> None:
    before = kept(day_one)
    with psycopg.connect(day_one, autocommit=True) as connection:
        connection.execute("CREATE TABLE signinsession (in_the_way boolean)")

    with pytest.raises(Exception, match="signinsession"):
        migrate(day_one)

    assert rows(day_one, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert kept(day_one) == before
