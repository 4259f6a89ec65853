"""A working area: the one directory on disk that a confined piece of work may fill.

It lies below the machine's temporary directory, where an unprivileged uid can reach it even when
the server's own directories are closed to others. A server that was killed leaves its areas
behind; the next one to open an area removes them, told apart from living ones by a lock.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.sandbox.unbroken import unbroken

PREFIX = "pinmark-area-"


@dataclass(frozen=True)
class Area:
    """An open working area; ``uid`` is who the confined commands run as, None for ourselves."""

    root: Path
    uid: int | None

    def directory(self, name: str, *, writable: bool = False) -> Path:
        """A new directory that commands can read and, if ``writable``, own."""
        path = self.root / name
        path.mkdir(parents=True)
        path.chmod(0o755)
        if writable:
            self.give(path)
        return path

    def file(self, name: str, content: str) -> Path:
        """A new file that commands can read."""
        path = self.root / name
        path.write_text(content)
        path.chmod(0o644)
        return path

    def give(self, path: Path) -> None:
        """Make the uid of the commands the owner of ``path``."""
        if self.uid is not None:
            os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def copy(self, source: Path, name: str, *, writable: bool = False) -> Path:
        """A copy of a tree with links kept as links and modes made plain.

        Anything but files, directories and links is left out: it cannot come from a commit.
        """
        destination = self.directory(name, writable=writable)
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            target = destination / entry.name
            if entry.is_dir(follow_symlinks=False):
                self.copy(Path(entry.path), f"{name}/{entry.name}", writable=writable)
            elif entry.is_symlink():
                target.symlink_to(os.readlink(entry.path))
            elif entry.is_file(follow_symlinks=False):
                executable = entry.stat().st_mode & stat.S_IXUSR
                shutil.copyfile(entry.path, target)
                target.chmod(0o755 if executable else 0o644)
            else:
                continue
            if writable and not entry.is_dir(follow_symlinks=False):
                self.give(target)
        return destination


@asynccontextmanager
async def open_area(*, uid: int | None, below: Path | None = None) -> AsyncGenerator[Area]:
    """A fresh area, gone with all that is in it when the block ends."""
    parent = below or Path(tempfile.gettempdir())
    await asyncio.to_thread(_remove_abandoned, parent)
    root, lock = _create(parent, uid=uid)
    try:
        yield Area(root, uid)
    finally:
        await unbroken(asyncio.to_thread(remove_tree, root))
        os.close(lock)


def remove_tree(path: Path) -> None:
    """Remove a tree however deep it is and whatever modes its directories have."""
    # The coreutils walk without ever naming a whole path; shutil.rmtree recurses and gives up.
    subprocess.run(["chmod", "-R", "u+rwX", "--", path], stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["rm", "-rf", "--", path], check=True)


def _create(parent: Path, *, uid: int | None) -> tuple[Path, int]:
    while True:
        root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        if uid is not None:  # theirs to pass through, and no other user's
            os.chown(root, -1, uid)
            root.chmod(0o710)
        lock = _locked(root)
        if lock is not None:  # None: another server took it for abandoned in this very moment
            return root, lock


def _locked(root: Path) -> int | None:
    lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _remove_abandoned(parent: Path) -> None:
    for root in parent.glob(f"{PREFIX}*"):
        try:
            found = root.lstat()
            if found.st_uid != os.geteuid() or not (root / "lock").exists():
                continue
            lock = _locked(root)
        except FileNotFoundError:
            continue  # its owner was faster
        if lock is not None:
            remove_tree(root)
            os.close(lock)
