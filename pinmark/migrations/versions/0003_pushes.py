"""Webhook secrets and deliveries; what a commit message asks of its deployment."""

from pinmark.migrations.scripts import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script("0003_pushes.sql")
