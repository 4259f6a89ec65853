"""Where a worker exports code to and builds it; nothing here is missed when it is lost."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from services.settlement import Attempt


@contextmanager
def build_folder(work: Path, attempt: Attempt) -> Generator[Path]:
    """A fresh folder for the attempt; what dead attempts at the deployment left is removed."""
    builds = make_folder(work, "builds")
    for left in builds.glob(f"{attempt.deployment.id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = make_folder(builds, f"{attempt.deployment.id}-{attempt.number}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_folder(parent: Path, *names: str) -> Path:
    folder = parent.joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
