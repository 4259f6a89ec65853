"""One server for one owner: started, waited for, and stopped again."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import psycopg

from pinmark.embedded_postgres.binaries import bring_within_reach, find_binaries
from pinmark.embedded_postgres.cluster import SUPERUSER, prepare_cluster, process_file
from pinmark.embedded_postgres.errors import EmbeddedPostgresError
from pinmark.embedded_postgres.identity import Strategy, choose_identity
from pinmark.embedded_postgres.locks import outlive_previous_server, own
from pinmark.embedded_postgres.log import ServerLog, open_log
from pinmark.embedded_postgres.programs import Programs
from pinmark.embedded_postgres.running import forget_url, published_url
from pinmark.embedded_postgres.runtime_directory import (
    PORT,
    runtime_directory,
    socket_directory,
)

DATABASE = "pinmark"
# Recovery reads every log record since the last checkpoint: at most a gigabyte by default.
START_PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 0.01
# The first asks for a checkpoint and a clean end, the second for an end, the third does not ask.
STOP_SIGNALS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
PREFERRED_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DURABLE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FORGETFUL_SETTINGS = dict.fromkeys(DURABLE_SETTINGS, "off")


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server, reachable by this user on this machine only."""

    socket_directory: Path
    user: str
    process: subprocess.Popen[bytes] = field(repr=False, compare=False)

    def url(self, database: str = DATABASE) -> str:
        """The address libpq, psycopg, asyncpg and (with its driver's name) SQLAlchemy accept.

        The port is named so that a PGPORT in the environment cannot change it.
        """
        name = quote(database, safe="")
        return f"postgresql://{self.user}@/{name}?host={self.socket_directory}&port={PORT}"

    def poll(self) -> int | None:
        """Nothing while the server runs; how it ended once it has."""
        return self.process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Block until the server has ended, whoever ended it; meant for a thread."""
        return self.process.wait(timeout)


@contextmanager
def run_embedded_postgres(
    directory: Path,
    *,
    durable: bool = True,
    binaries: Path | None = None,
    settings: Mapping[str, str] = NO_SETTINGS,
    strategy: Strategy | None = None,
) -> Generator[EmbeddedPostgres]:
    """Own the cluster of a directory and serve it until the block ends.

    Call it from the main thread before an event loop starts: the kernel ends the server when
    the thread that started it ends. Everything is created on first use. ``settings`` are server
    parameters; they cannot open the server to a network or make a durable one forgetful.
    ``strategy`` names whom a server started by root runs as instead of finding out.
    """
    _require_main_thread_on_linux()
    found = find_binaries(binaries)
    directory = directory.absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with own(directory), outlive_previous_server(directory) as server_lock:
        forget_url(directory)
        identity = choose_identity(found / "postgres", strategy)
        with runtime_directory(directory, identity) as runtime:
            within_reach = bring_within_reach(found, identity, runtime)
            programs = Programs(within_reach, identity, server_lock)
            cluster = prepare_cluster(directory, programs, durable=durable)
            sockets = socket_directory(runtime)
            arguments = _arguments(sockets, settings, durable=durable)
            with (
                open_log(directory) as log,
                _running(programs, cluster, arguments, log) as process,
            ):
                postgres = EmbeddedPostgres(sockets, SUPERUSER, process)
                _ensure_database(postgres)
                with published_url(directory, postgres.url()):
                    yield postgres


@contextmanager
def _running(
    programs: Programs, cluster: Path, arguments: list[str], log: ServerLog
) -> Generator[subprocess.Popen[bytes]]:
    process = programs.start("postgres", cluster, arguments, log.file)
    try:
        _wait_until_ready(process, cluster, log)
        yield process
    finally:
        _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], cluster: Path, log: ServerLog) -> None:
    deadline = time.monotonic() + START_PATIENCE_SECONDS
    while not _is_ready(process, cluster):
        if process.poll() is not None:
            raise EmbeddedPostgresError(
                f"Postgres ended while starting (status {process.returncode}). "
                f"The end of {log.path}:\n{log.last_lines()}"
            )
        if time.monotonic() >= deadline:
            raise EmbeddedPostgresError(
                f"Postgres was not ready after {START_PATIENCE_SECONDS:.0f} s. "
                f"The end of {log.path}:\n{log.last_lines()}"
            )
        time.sleep(RETRY_SECONDS)


def _is_ready(process: subprocess.Popen[bytes], cluster: Path) -> bool:
    """Whether the server's own file says so: its number in line 1, its state in line 8."""
    try:
        lines = process_file(cluster).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"


def _stop(process: subprocess.Popen[bytes]) -> None:
    for request, patience_seconds in STOP_SIGNALS:
        process.send_signal(request)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            continue
        return
    raise EmbeddedPostgresError(f"Postgres (process {process.pid}) cannot be stopped.")


def _arguments(sockets: Path, settings: Mapping[str, str], *, durable: bool) -> list[str]:
    """The server's parameters; of two with one name the later wins."""
    imposed = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
        **(DURABLE_SETTINGS if durable else FORGETFUL_SETTINGS),
    }
    chosen = {**PREFERRED_SETTINGS, **settings, **imposed}
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def _ensure_database(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        exists = connection.execute("select from pg_database where datname = %s", [DATABASE])
        if exists.fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _require_main_thread_on_linux() -> None:
    if sys.platform != "linux":
        raise EmbeddedPostgresError(
            "The embedded Postgres runs on Linux only. Name another server in PINMARK_DATABASE_URL."
        )
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedPostgresError("The embedded Postgres is started from the main thread.")
