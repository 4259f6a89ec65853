"""Who may touch a cluster, asked of the kernel rather than of a file with a number in it.

A flock belongs to the open file, so it ends with its last holder however that one ends, and a
child that inherits the descriptor holds it too. Numbers in files lie: a killed postmaster may
be a zombie, and after a restart of a container its number belongs to somebody else.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pinmark.embedded_postgres.errors import EmbeddedPostgresInUseError

# Long enough for ``is_owned`` in another process to let go of its glance at the lock.
OWNER_PATIENCE_SECONDS = 0.5
# A killed owner's server is told to stop at once; its last checkpoint may take a while.
SERVER_PATIENCE_SECONDS = 60.0
RETRY_SECONDS = 0.02


def owner_lock_path(directory: Path) -> Path:
    return directory / "owner.lock"


@contextmanager
def own(directory: Path) -> Generator[None]:
    """Be the one owner of a directory; a second one is refused."""
    with _hold(owner_lock_path(directory), OWNER_PATIENCE_SECONDS) as descriptor:
        if descriptor is None:
            raise EmbeddedPostgresInUseError(directory, "another process owns it")
        yield


@contextmanager
def outlive_previous_server(directory: Path) -> Generator[int]:
    """Wait until no process of an earlier server is left; the next server inherits the lock."""
    with _hold(directory / "server.lock", SERVER_PATIENCE_SECONDS) as descriptor:
        if descriptor is None:
            raise EmbeddedPostgresInUseError(
                directory,
                "the server of an owner that was killed has not finished after "
                f"{SERVER_PATIENCE_SECONDS:.0f} s",
            )
        yield descriptor


def is_owned(directory: Path) -> bool:
    """Whether a process owns the directory at this moment."""
    try:
        descriptor = os.open(owner_lock_path(directory), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _hold(path: Path, patience_seconds: float) -> Generator[int | None]:
    # The file stays for good: removing a lock file lets two processes lock different ones.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor if _acquire(descriptor, patience_seconds) else None
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(RETRY_SECONDS)
        else:
            return True
