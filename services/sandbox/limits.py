"""How much of the machine a confined command may use, and which limit ended it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Held by the kernel for each process and by the supervisor for the tree as a whole.

    ``seconds`` is None for what may run until it is cancelled, ``lines`` for what may say as much
    as it likes. The supervisor looks every ``look_seconds``.
    """

    seconds: float | None
    memory: int = 2 * GIB
    processes: int = 256
    disk: int = 4 * GIB
    open_files: int = 4096
    lines: int | None = 20_000
    look_seconds: float = 0.2
    niceness: int = 10


class Stopped(StrEnum):
    """The limit a command was ended for."""

    TIME = "time"
    MEMORY = "memory"
    PROCESSES = "processes"
    DISK = "disk"


def process_allowance(limits: Limits, *, namespaced: bool, own_uid: bool) -> int:
    """The value of RLIMIT_NPROC that leaves a command ``limits.processes`` of its own.

    The kernel counts the tasks of a uid: since Linux 5.14 apart in each user namespace, before
    that everywhere. Where the count takes in tasks that are not the command's, they are added.
    """
    if own_uid or (namespaced and _kernel() >= (5, 14)):
        return limits.processes
    return limits.processes + _tasks_of(os.geteuid())


def _kernel() -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _tasks_of(uid: int) -> int:
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == uid:
                count += len(os.listdir(process / "task"))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    return count
