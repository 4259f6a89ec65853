"""Members with roles, built-in or custom, everywhere or in one app, and invitations."""

from pinmark.migrations.scripts import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_script("0011_members.sql")
