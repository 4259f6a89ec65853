"""Bringing a database to the present schema, one server at a time.

Alembic keeps our tables; the job queue's own tables come from its library. Both are done in one
transaction under one advisory lock, so that two servers starting at once cannot meet half-way.
"""

from alembic import command
from alembic.config import Config
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, create_engine, text

import models
from pinmark.migrations.scripts import execute_script

__all__ = ["QUEUE_TABLE_PREFIX", "check", "migrate"]

QUEUE_TABLE_PREFIX = "procrastinate_"
MIGRATION_LOCK = 0x50494E4D41524B  # "PINMARK"


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest schema; nothing happens when it is there."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            command.upgrade(_configuration(connection), "head")
            _install_queue(connection)
    finally:
        engine.dispose()


def check(url: str) -> None:
    """Raise when the tables in ``models`` and the migrated database differ."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as connection:
            command.check(_configuration(connection))
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
