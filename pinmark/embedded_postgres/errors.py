"""Why there is no database.

* EmbeddedPostgresError
  - EmbeddedPostgresInUseError
  - NotDurableError
"""

from __future__ import annotations

from pathlib import Path


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot run here; the message says what to do about it."""


class EmbeddedPostgresInUseError(EmbeddedPostgresError):
    """The directory already has an owner, or the server of the last one has not finished."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"The embedded Postgres in {directory} is in use: {reason}.")
        self.directory = directory


class NotDurableError(EmbeddedPostgresError):
    """A commit on this server could be lost with the power."""
