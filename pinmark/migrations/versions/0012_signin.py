"""Sessions of the dashboard, one-time links, and service tokens as actors."""

from pinmark.migrations.scripts import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_script("0012_signin.sql")
