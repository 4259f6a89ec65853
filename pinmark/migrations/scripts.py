"""Runs whole SQL scripts, ours beside the revisions and the job queue's."""

from importlib.resources import files

from alembic import op
from sqlalchemy import Connection


def run_script(name: str) -> None:
    """Run the script ``name`` that lies beside the revisions, in the migration's transaction."""
    script = files("pinmark.migrations").joinpath("sql", name).read_text(encoding="utf-8")
    execute_script(op.get_bind(), script)


def execute_script(connection: Connection, script: str) -> None:
    # The driver reads % as the start of a parameter even where there are none.
    connection.exec_driver_sql(script.replace("%", "%%"))
