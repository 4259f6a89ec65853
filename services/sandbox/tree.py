"""The processes below one process, as the kernel shows them in /proc."""

from __future__ import annotations

import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One process; the start time tells it from a later one with the same number."""

    pid: int
    parent: int
    started: int


@dataclass(frozen=True)
class Usage:
    """What a whole tree holds: bytes of memory not backed by files, and tasks.

    ``nameless`` is what it holds of files on disk that have no name any more, so that nobody
    finds them by looking into folders.
    """

    memory: int
    tasks: int
    nameless: int


def descendants(root: int) -> list[Process]:
    """``root`` and everything below it, also what its parent has left behind in a namespace."""
    children: dict[int, list[Process]] = defaultdict(list)
    found: list[Process] = []
    for process in _processes():
        children[process.parent].append(process)
        if process.pid == root:
            found.append(process)
    for process in found:  # grows while it is walked
        found.extend(children[process.pid])
    return found


def usage(processes: Iterable[Process]) -> Usage:
    memory = tasks = 0
    nameless: dict[tuple[int, int], int] = {}
    in_memory: dict[tuple[int, int], int] = {}
    for process in processes:
        status = _status(process.pid)
        memory += 1024 * (status.get("RssAnon", 0) + status.get("RssShmem", 0))
        tasks += status.get("Threads", 0)
        for file in _nameless_files(process.pid):
            (in_memory if file.in_memory else nameless)[file.identity] = file.size
    return Usage(memory + sum(in_memory.values()), tasks, sum(nameless.values()))


@dataclass(frozen=True)
class _NamelessFile:
    identity: tuple[int, int]
    size: int
    in_memory: bool


def _nameless_files(pid: int) -> list[_NamelessFile]:
    """The open files without a name, as far as we may see them: removed ones, and memory's."""
    folder = f"/proc/{pid}/fd"
    found: list[_NamelessFile] = []
    try:
        descriptors = os.listdir(folder)
    except OSError:
        return []
    for descriptor in descriptors:
        path = f"{folder}/{descriptor}"
        try:
            seen = os.stat(path)
            if stat.S_ISREG(seen.st_mode) and not seen.st_nlink:
                in_memory = os.readlink(path).startswith("/memfd:")
                identity = (seen.st_dev, seen.st_ino)
                found.append(_NamelessFile(identity, seen.st_blocks * 512, in_memory))
        except OSError:
            continue  # it was closed while we looked
    return found


def until_gone(processes: Iterable[Process], *, seconds: float) -> bool:
    """Wait until each of ``processes`` has ended: one that is killed ends a moment later.

    False when one is still there after ``seconds``: stuck in the kernel, beyond any signal.
    """
    give_up = time.monotonic() + seconds
    for process in processes:
        while _process(process.pid) == process and not _is_zombie(process.pid):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.005)
    return True


def _processes() -> list[Process]:
    found = (_process(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [process for process in found if process is not None]


def _process(pid: int) -> Process | None:
    fields = _stat(pid)
    return Process(pid, int(fields[1]), int(fields[19])) if fields else None


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] == ["Z"]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; the name before them may hold anything."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def _status(pid: int) -> dict[str, int]:
    """The numbers of /proc/PID/status by their names."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    numbers: dict[str, int] = {}
    for line in lines:
        name, _, value = line.partition(":")
        number = value.split()[:1]
        if number and number[0].isdigit():
            numbers[name] = int(number[0])
    return numbers
