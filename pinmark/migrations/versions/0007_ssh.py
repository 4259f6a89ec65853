"""Repositories over ssh: a deploy key, and a host with a pinned key."""

from pinmark.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script("0007_ssh.sql")
