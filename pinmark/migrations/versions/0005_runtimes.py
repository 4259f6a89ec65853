"""Runtimes, their logs, and the event that one changed."""

from pinmark.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script("0005_runtimes.sql")
