"""Triggers: history is append-only, counters never skip, a pin names what succeeded."""

from pinmark.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script("0002_history.sql")
