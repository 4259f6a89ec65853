"""API keys, each of one environment, and keys as actors."""

from pinmark.migrations.scripts import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script("0008_keys.sql")
