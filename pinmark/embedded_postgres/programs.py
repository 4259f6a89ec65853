"""Starting ``initdb`` and ``postgres`` as children that cannot outlive us unnoticed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pinmark.embedded_postgres.identity import Identity, SameUser, becoming

# Our own environment may hold secrets, and PG* variables that change what Postgres does.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "NIX_LD", "NIX_LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Programs:
    """The programs of one installation, run as one identity under one server lock."""

    binaries: Path
    identity: Identity
    server_lock: int

    def start(
        self, program: str, cluster: Path, arguments: Sequence[str], output: BinaryIO
    ) -> subprocess.Popen[bytes]:
        """Run a program on a cluster, in a session of its own.

        Of its own, because Ctrl-C in a terminal reaches the whole foreground process group:
        the server has to stay up until its owner has finished with it.
        """
        with _named_for(self.identity, cluster) as (name, descriptors):
            return subprocess.Popen(
                [self.binaries / program, "-D", name, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=_environment(),
                pass_fds=(self.server_lock, *descriptors),
                start_new_session=True,
                preexec_fn=becoming(self.identity),
            )


@contextmanager
def _named_for(identity: Identity, cluster: Path) -> Generator[tuple[str, tuple[int, ...]]]:
    """A name of the cluster by which the identity can open it, and what it must inherit.

    A directory that is already open can be entered through /proc even when one above it, such
    as a 0700 home, is closed to the identity.
    """
    if isinstance(identity, SameUser):
        yield str(cluster), ()
        return
    descriptor = os.open(cluster, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def _environment() -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
