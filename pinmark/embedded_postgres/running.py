"""The note that tells other processes of this machine where the running server is."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pinmark.embedded_postgres.locks import is_owned
from pinmark.embedded_postgres.runtime_directory import socket_path


def _note(directory: Path) -> Path:
    return directory / "url"


def forget_url(directory: Path) -> None:
    """Remove the note of an owner that was killed."""
    _note(directory).unlink(missing_ok=True)


@contextmanager
def published_url(directory: Path, url: str) -> Generator[None]:
    """Leave the note while the server runs; it is never seen half written."""
    draft = directory / "url.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(url)
    draft.replace(_note(directory))
    try:
        yield
    finally:
        forget_url(directory)


def read_running_url(directory: Path) -> str | None:
    """The URL of the server of this directory, if it has an owner and answers."""
    if not is_owned(directory):
        return None
    try:
        url = _note(directory).read_text(encoding="utf-8")
        runtime = (directory / "runtime").readlink()
    except FileNotFoundError:
        return None
    return url if _answers(socket_path(runtime)) else None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.setblocking(False)
        try:
            client.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except BlockingIOError:  # a full queue of callers: somebody is there
            return True
    return True
