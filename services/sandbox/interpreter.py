"""The Python that confined commands run on: the one the server itself stands on.

Its prefix is bound at its own path, because a Python finds its libraries by where it lies.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from services.sandbox.identity import reachable

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Interpreter:
    """An installed Python, outside every virtual environment."""

    prefix: Path

    @property
    def executable(self) -> Path:
        return self.prefix / "bin" / f"python{VERSION}"


def find_interpreter(*, namespaced: bool, uid: int | None) -> Interpreter | None:
    """The server's own base Python, else the system's of the same version; None for neither.

    Inside a namespace any prefix can be bound. Without one, a Python below a directory that
    ``uid`` cannot enter (root's home) is of no use to it.
    """
    candidates = [Path(sys.base_prefix).resolve(), Path("/usr/local"), Path("/usr")]
    for interpreter in map(Interpreter, candidates):
        if interpreter.executable.exists() and (
            namespaced or reachable(interpreter.executable, uid)
        ):
            return interpreter
    return None
