"""What evil commits cost: ``python -m bench.evil_trees``.

For each commit of ``tests.support.evil_trees``, in a process of its own: the seconds to take it
into a mirror and to read and judge its content, and how much the process grew at most by that.
"""

import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from services.content.reading import read_content
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors, Remote
from tests.support.evil_trees import EVIL, Evil
from tests.support.repositories import Repository, make_repository

APP = UUID(int=0)
FETCH_SECONDS = 300


def most_memory() -> float:
    """The peak of this process so far, in MiB.

    Not what getrusage tells: a child has its parent's peak there, which made the large files.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def take(folder: Path) -> str:
    """Take and judge the one commit; a line of the table about it."""
    policy = AddressPolicy(roots=(folder,))
    mirrors = Mirrors(folder / "mirrors", policy, fetch_seconds=FETCH_SECONDS)
    before, begun = most_memory(), time.perf_counter()
    sha = await mirrors.fetch_head(APP, Remote(str(folder / "app.git"), "main"))
    fetched = time.perf_counter()
    content = await read_content(mirrors, APP, sha)
    read = time.perf_counter()
    codes = sorted({problem.code for problem in content.problems})
    return (
        f"{fetched - begun:8.2f} s {read - fetched:8.2f} s {most_memory() - before:8.0f} MiB"
        f"   {', '.join(codes) or 'valid content'}"
    )


def in_a_process_of_its_own(evil: Evil) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        repository: Repository = make_repository(folder / "app.git")
        repository.commit_tree(evil.make(repository))
        command = [sys.executable, "-m", "bench.evil_trees", str(folder)]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def main() -> None:
    if sys.argv[1:]:
        print(asyncio.run(take(Path(sys.argv[1]))))
        return
    print(
        f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}"
    )
    print(f"{'commit':28} {'taken':>10} {'judged':>10} {'at most':>12}   problems")
    for evil in EVIL:
        print(f"{evil.name:28} {in_a_process_of_its_own(evil)}", flush=True)


if __name__ == "__main__":
    main()
