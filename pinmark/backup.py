"""``pinmark backup`` and ``pinmark restore``: everything that an installation would be missed for.

The database comes first, as it is at one moment, and the files after it: what the dump names is
in the store by then, and nothing in the store is ever changed. What came meanwhile is more than
is needed and does no harm.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from pinmark.embedded_postgres import run_embedded_postgres
from pinmark.embedded_postgres.binaries import find_binaries
from pinmark.migrations import Standing, standing
from pinmark.postgres import reachable_postgres, serving_postgres
from pinmark.settings import Settings

DUMP = "pinmark.dump"
FILES = ("secret.key", "owner.token")
DIRECTORIES = ("store", "mirrors", "repositories")

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class BackupFailed(Exception):
    """Nothing was backed up or restored; the message says why."""


def back_up(settings: Settings, directory: Path) -> None:
    """Write a backup into a new ``directory``, beside a running server or without one."""
    try:
        directory.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupFailed(f"{directory} is there already; name a new directory.") from None
    with reachable_postgres(settings) as url:
        _run("pg_dump", ["--format=custom", f"--file={directory / DUMP}", "--no-owner"], url)
    for name in FILES:
        if (settings.data_dir / name).exists():
            shutil.copy2(settings.data_dir / name, directory / name)
    for name in DIRECTORIES:
        if (settings.data_dir / name).exists():
            shutil.copytree(settings.data_dir / name, directory / name, symlinks=True)


def restore(settings: Settings, directory: Path) -> None:
    """Make an installation of a backup, where there is none yet."""
    if not (directory / DUMP).is_file():
        raise BackupFailed(f"There is no {DUMP} in {directory}.")
    present = [name for name in (*FILES, *DIRECTORIES) if (settings.data_dir / name).exists()]
    if present or (settings.database_url is None and settings.postgres_directory.exists()):
        raise BackupFailed(f"{settings.data_dir} has an installation; name an empty directory.")
    if settings.database_url is not None:
        _fill(settings.database_url.get_secret_value(), directory)
    else:
        with run_embedded_postgres(settings.postgres_directory) as embedded:
            _fill(embedded.url(), directory)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FILES:
        if (directory / name).exists():
            shutil.copy2(directory / name, settings.data_dir / name)
    for name in DIRECTORIES:
        if (directory / name).exists():
            shutil.copytree(directory / name, settings.data_dir / name, symlinks=True)
    with serving_postgres(settings):  # an older backup is brought up to date
        pass


def _fill(url: str, directory: Path) -> None:
    if standing(url) is not Standing.EMPTY:
        raise BackupFailed("The database is not empty; name an empty one.")
    arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    database = str(conninfo_to_dict(url)["dbname"])
    _run("pg_restore", [*arguments, f"--dbname={database}"], url, directory / DUMP)


def _run(program: str, arguments: Sequence[str], url: str, *files: Path) -> None:
    """Run one of Postgres's programs; the URL, which may hold a password, is no argument of it."""
    parts = conninfo_to_dict(url)
    variables = {name: str(parts[key]) for key, name in VARIABLES.items() if key in parts}
    done = subprocess.run(
        [find_binaries(None) / program, *arguments, *files],
        env={"PATH": os.environ.get("PATH", ""), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()}")
