"""A snapshot's entries are held against blobs and snapshots a statement at a time."""

from pinmark.migrations.scripts import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_script("0014_entries.sql")
