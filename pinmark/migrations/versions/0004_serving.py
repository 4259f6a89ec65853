"""What ran when: intervals of what every environment served, with the history so far."""

from pinmark.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script("0004_serving.sql")
