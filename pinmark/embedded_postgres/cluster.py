"""The cluster on disk: made whole or not at all, and owned by whom the server runs as."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from pinmark.embedded_postgres.errors import EmbeddedPostgresError, EmbeddedPostgresInUseError
from pinmark.embedded_postgres.identity import Identity, advice
from pinmark.embedded_postgres.programs import Programs

SUPERUSER = "pinmark"
INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    # Ours and the same on every machine; --locale names what little the C library still does.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    # Safe because only the socket's owner can reach it; nobody is let in over a network.
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)


def prepare_cluster(directory: Path, programs: Programs, *, durable: bool) -> Path:
    """The cluster of a directory, created on first use, with no trace of a dead server.

    The caller holds both locks. A cluster appears under its name only once initdb has finished,
    so one that was interrupted is thrown away rather than started.
    """
    cluster = directory / "cluster"
    unfinished = directory / "cluster.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    if not cluster.exists():
        _initialise(unfinished, programs, durable=durable)
        unfinished.rename(cluster)
        _synchronise(directory)
    _give_to(programs.identity, cluster)
    _remove_stale_process_file(directory, cluster)
    return cluster


def process_file(cluster: Path) -> Path:
    return cluster / "postmaster.pid"


def _initialise(cluster: Path, programs: Programs, *, durable: bool) -> None:
    cluster.mkdir(mode=0o700)
    os.chown(cluster, programs.identity.uid, programs.identity.gid)
    options = INITDB_OPTIONS if durable else (*INITDB_OPTIONS, "--no-sync")
    with tempfile.TemporaryFile() as output:
        process = programs.start("initdb", cluster, options, output)
        try:
            returncode = process.wait()
        finally:
            process.kill()  # only when waiting was interrupted; a finished one is left alone
            process.wait()
        if returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise EmbeddedPostgresError(
                f"initdb could not make a cluster in {cluster}:\n{said}{advice(programs.identity)}"
            )


def _synchronise(directory: Path) -> None:
    """Make a rename in a directory survive a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give_to(identity: Identity, cluster: Path) -> None:
    """Hand over a cluster that another identity ran; its own entry is last, so it is whole."""
    owner = cluster.stat().st_uid
    if owner == identity.uid:
        return
    if os.geteuid() != 0:
        raise EmbeddedPostgresError(
            f"{cluster} belongs to uid {owner}, and Postgres would run as uid {identity.uid}: "
            "run Pinmark as the user who created it, or change its owner."
        )
    for parent, _, files in os.walk(cluster, topdown=False):
        for path in (*(Path(parent, file) for file in files), Path(parent)):
            os.chown(path, identity.uid, identity.gid, follow_symlinks=False)


def _remove_stale_process_file(directory: Path, cluster: Path) -> None:
    """Remove the file of a server that is gone.

    No process holds the server lock, yet Postgres would refuse to start if the number in the
    file were somebody's, as it is after most restarts of a container. A server that was started
    by hand holds no lock of ours; it is known by its working directory.
    """
    path = process_file(cluster)
    try:
        number = path.read_text(encoding="utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return
    if number.isdigit() and _works_in(cluster, int(number)):
        raise EmbeddedPostgresInUseError(directory, f"process {number} serves it, not ours")
    path.unlink()


def _works_in(cluster: Path, process: int) -> bool:
    try:
        return os.path.samefile(f"/proc/{process}/cwd", cluster)
    except (FileNotFoundError, ProcessLookupError, PermissionError):  # gone, or another user's
        return False
