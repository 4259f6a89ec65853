"""Environment variables, and runtimes that keep the variables they were started with."""

from pinmark.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_script("0006_variables.sql")
