"""Apps, environments, deployments and all that hangs on them.

Plain SQL beside this file, never importing ``models``: a migration says what was true on its day
and must still run when the models have moved on.
"""

from pinmark.migrations.scripts import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script("0001_tables.sql")
