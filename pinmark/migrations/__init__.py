"""Bringing a database to the present schema, one server at a time.

Alembic keeps our tables; the job queue's own tables come from its library. Both are done in one
transaction under one advisory lock, so that two servers starting at once cannot meet half-way.
"""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, create_engine, text

import models
from pinmark.migrations.scripts import execute_script

__all__ = ["QUEUE_TABLE_PREFIX", "SchemaTooNew", "Standing", "check", "migrate", "standing"]

QUEUE_TABLE_PREFIX = "procrastinate_"
MIGRATION_LOCK = 0x50494E4D41524B  # "PINMARK"


class SchemaTooNew(Exception):
    """The database was made or upgraded by a newer version; there is no way down."""

    def __init__(self) -> None:
        super().__init__(
            "This database was upgraded by a newer version of Pinmark, and an older one cannot "
            "serve it. Run the newer version, or restore the backup from before the upgrade."
        )


class Standing(StrEnum):
    """How a database's schema stands to the one that this version needs."""

    EMPTY = "EMPTY"
    BEHIND = "BEHIND"
    NEWEST = "NEWEST"
    UNKNOWN = "UNKNOWN"


def migrate(url: str, *, to: str = "head") -> None:
    """Bring the database at ``url`` up to the newest schema; nothing happens when it is there.

    Raises ``SchemaTooNew`` and changes nothing where a newer version was at work.
    """
    with _connection(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if _standing(connection) is Standing.UNKNOWN:
            raise SchemaTooNew
        command.upgrade(_configuration(connection), to)
        _install_queue(connection)


def standing(url: str) -> Standing:
    """How the schema of the database at ``url`` stands; nothing is changed."""
    with _connection(url) as connection:
        return _standing(connection)


def _standing(connection: Connection) -> Standing:
    script = ScriptDirectory.from_config(_configuration(connection))
    at = MigrationContext.configure(connection).get_current_revision()
    if at is None:
        return Standing.EMPTY
    if at == script.get_current_head():
        return Standing.NEWEST
    known = {revision.revision for revision in script.walk_revisions()}
    return Standing.BEHIND if at in known else Standing.UNKNOWN


def check(url: str) -> None:
    """Raise when the tables in ``models`` and the migrated database differ."""
    with _connection(url) as connection:
        command.check(_configuration(connection))


@contextmanager
def _connection(url: str) -> Generator[Connection]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", "pinmark:migrations")
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    configuration.attributes["metadata"] = models.Record.metadata
    return configuration


def _install_queue(connection: Connection) -> None:
    present = connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar()
    if present is None:
        execute_script(connection, SchemaManager.get_schema())
