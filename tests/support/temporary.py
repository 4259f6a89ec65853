"""A temporary directory for one test process alone, so that processes side by side share none."""

import os
import shutil
import tempfile
from pathlib import Path


def take_temporary_directory() -> Path:
    """Make one, and make it the place for this process and every program that it starts.

    Everybody may pass through it, because builds run as users of their own; nobody else may
    list it.
    """
    ours = Path(tempfile.mkdtemp(prefix="pinmark-tests-"))
    ours.chmod(0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = str(ours)
    return ours


def leave_temporary_directory(ours: Path) -> None:
    shutil.rmtree(ours, ignore_errors=True)
