"""What a command sees inside bubblewrap: an empty machine with the system's programs, read-only.

Every namespace is its own, no capability and no variable gets in, nothing can be written but
what was bound for writing, and everything ends with the first process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.sandbox.limits import MIB

PROGRAMS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
SETTINGS = (
    "alternatives",
    "ca-certificates",
    "ld.so.cache",
    "localtime",
    "pki",
    "ssl/certs",
    "ssl/openssl.cnf",
)
# The names a program may look up: without them even expanding "~" fails in some.
NAMES = {
    "passwd": "app:x:1000:1000:app:/tmp:/bin/sh\n",
    "group": "app:x:1000:\n",
    "hosts": "127.0.0.1 localhost pinmark\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
SHARED_MEMORY = 64 * MIB


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A file or directory of the host and where a command finds it."""

    source: Path
    target: str
    writable: bool = False


def bwrap_arguments(
    *,
    names: Path,
    mounts: Sequence[Mount],
    variables: Mapping[str, str],
    directory: str,
) -> list[str]:
    """bwrap's options; ``names`` is a directory that holds the files of ``NAMES``."""
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"),
        *("--hostname", "pinmark", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *_system(names),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(SHARED_MEMORY), "--perms", "1777", "--tmpfs", "/dev/shm"),
        *_each(_bind(mount) for mount in mounts),
        # These two are memory without a limit as long as they can be written.
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        "--clearenv",
        *_each(["--setenv", name, value] for name, value in variables.items()),
        *("--chdir", directory),
    ]


def _system(names: Path) -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in PROGRAMS:
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for name in SETTINGS:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for name in NAMES:
        arguments += ["--ro-bind", str(names / name), f"/etc/{name}"]
    return arguments


def _bind(mount: Mount) -> list[str]:
    return ["--bind" if mount.writable else "--ro-bind", str(mount.source), mount.target]


def _each(parts: Iterable[list[str]]) -> list[str]:
    return [argument for part in parts for argument in part]
