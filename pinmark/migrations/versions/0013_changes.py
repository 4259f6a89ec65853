"""Which apps each transaction of late has written to, so that answers about others stay good."""

from pinmark.migrations.scripts import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_script("0013_changes.sql")
