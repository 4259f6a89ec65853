"""A short directory of the server's own for its socket, gone when the server is.

A socket's path has room for 107 bytes, less than many data directories take, so the socket
lives in the machine's temporary directory. Whoever can connect is trusted, so the directory
that holds the socket lets in its owner only.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pinmark.embedded_postgres.errors import EmbeddedPostgresError
from pinmark.embedded_postgres.identity import Identity, SameUser

PORT = 5432  # of no network: Postgres names its socket after it
PREFIX = "pinmark-"
LONGEST_SOCKET_PATH_BYTES = 107  # sun_path of unix(7) less its final zero
# Commas, colons and percent signs mean something in the hosts of a URL.
SAFE_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@contextmanager
def runtime_directory(directory: Path, identity: Identity) -> Generator[Path]:
    """A new runtime directory; what a killed owner left behind is removed first."""
    link = directory / "runtime"
    _remove_left_over(link)
    runtime = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_short_parent(directory, identity)))
    link.symlink_to(runtime)
    try:
        runtime.chmod(0o711)  # the server may be another user than the one who made it
        _make_socket_directory(runtime, identity)
        yield runtime
    finally:
        if runtime.exists():  # temporary directories are swept by others too
            shutil.rmtree(runtime)
        link.unlink(missing_ok=True)


def socket_directory(runtime: Path) -> Path:
    return runtime / "socket"


def socket_path(runtime: Path) -> Path:
    return socket_directory(runtime) / f".s.PGSQL.{PORT}"


def _make_socket_directory(runtime: Path, identity: Identity) -> None:
    path = socket_directory(runtime)
    path.mkdir(mode=0o700)
    os.chown(path, identity.uid, identity.gid)


def _short_parent(directory: Path, identity: Identity) -> Path:
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    for candidate in candidates:
        if _is_suitable(candidate, directory) and _is_reachable(candidate, identity):
            return candidate
    raise EmbeddedPostgresError(
        f"None of {', '.join(map(str, candidates))} can hold the socket of Postgres: a writable "
        "directory with a short and plain path is needed. Set TMPDIR to one."
    )


def _is_suitable(parent: Path, directory: Path) -> bool:
    longest = socket_path(parent / f"{PREFIX}12345678")
    return (
        parent.is_absolute()
        and SAFE_PATH.fullmatch(str(parent)) is not None
        and len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH_BYTES
        and not parent.resolve().is_relative_to(directory.resolve())
        and os.access(parent, os.W_OK | os.X_OK)
    )


def _is_reachable(parent: Path, identity: Identity) -> bool:
    if isinstance(identity, SameUser):
        return True
    return all(part.stat().st_mode & 0o001 for part in (parent, *parent.parents))


def _remove_left_over(link: Path) -> None:
    try:
        left_over = link.readlink()
    except FileNotFoundError:
        return
    # Someone else may have taken the name since: only a directory of ours is removed.
    if left_over.name.startswith(PREFIX) and _is_ours(left_over):
        shutil.rmtree(left_over)
    link.unlink()


def _is_ours(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False
