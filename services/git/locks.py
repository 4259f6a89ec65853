"""One writer at a time in a mirror, over all the processes of a machine."""

import fcntl
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from services.errors import RepositoryUnreachable
from services.git.deadline import Deadline

PAUSE_SECONDS = 0.02


@contextmanager
def exclusive(path: Path, deadline: Deadline) -> Generator[None]:
    """Hold the lock file for the block; the system releases it when the process dies."""
    with path.open("a") as file:
        while not take(file.fileno()):
            if deadline.remaining == 0:
                raise RepositoryUnreachable("another transfer from it is still running")
            time.sleep(PAUSE_SECONDS)
        yield


def take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
