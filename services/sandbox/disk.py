"""How much disk a directory tree takes, without trusting who made it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

SMALLEST = 4096  # an empty file costs too, and a million of them a lot


def disk_usage(directories: Iterable[Path], *, at_most: int) -> int:
    """Bytes below ``directories``; counting stops once they are more than ``at_most``.

    A directory that hides its size (unreadable, or deeper than a path can say) counts as too
    large: that is never an accident.
    """
    total = 0
    waiting = [str(directory) for directory in directories]
    while waiting and total <= at_most:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    found = entry.stat(follow_symlinks=False)
                    total += max(found.st_blocks * 512, SMALLEST)
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue  # removed while we looked
        except OSError:
            return at_most + 1
    return total
