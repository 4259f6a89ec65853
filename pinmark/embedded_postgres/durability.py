"""The proof that a commit is on the disk before anyone is told about it."""

from __future__ import annotations

from typing import LiteralString

import psycopg

from pinmark.embedded_postgres.errors import NotDurableError

# The first value of each is what we set; a server with standbys may be stricter still.
DURABLE_SETTINGS = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}
CURRENT_SETTINGS: LiteralString = "select name, setting from pg_settings where name = any(%s)"


def assert_durable(url: str) -> None:
    """Refuse a server that may forget a commit; the role's and database's settings count."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(CURRENT_SETTINGS, [list(DURABLE_SETTINGS)]).fetchall()
    current: dict[str, str] = dict(rows)
    unsafe = [
        f"{name} = {current.get(name)}"
        for name, accepted in DURABLE_SETTINGS.items()
        if current.get(name) not in accepted
    ]
    if unsafe:
        raise NotDurableError(
            f"This Postgres may lose committed work: {', '.join(unsafe)}. Turn it on again."
        )
