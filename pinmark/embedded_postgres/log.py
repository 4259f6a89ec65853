"""What the server says, kept in a file whose size has an end."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROTATED_FROM_BYTES = 10_000_000
LAST_LINES = 20
LAST_BYTES = 20_000


@dataclass(frozen=True)
class ServerLog:
    """The open log, and where in it the present server began."""

    path: Path
    file: BinaryIO
    beginning: int

    def last_lines(self) -> str:
        """The end of what the present server said."""
        with self.path.open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(self.beginning, length - LAST_BYTES))
            text = file.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-LAST_LINES:])


@contextmanager
def open_log(directory: Path) -> Generator[ServerLog]:
    """Open the log at its end; a long one makes room first, keeping one predecessor."""
    path = directory / "postgres.log"
    if path.exists() and path.stat().st_size > ROTATED_FROM_BYTES:
        path.replace(directory / "postgres.log.1")
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(descriptor, "ab") as file:
        yield ServerLog(path, file, os.fstat(descriptor).st_size)
