"""The audit as a chain: each entry is numbered and holds the hash of the one before."""

from pinmark.migrations.scripts import run_script

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    run_script("0010_audit.sql")
