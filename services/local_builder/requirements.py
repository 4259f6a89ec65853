"""What an app says it needs, and the uv command that installs it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.builder import BuildFailed

HASHES = re.compile(r"^[^#\n]*--(?:hash=|require-hashes)", re.MULTILINE)
MAXIMUM_DECLARATION = 1024 * 1024


@dataclass(frozen=True)
class Requirements:
    """``name`` is the file that declares them; ``install`` what follows ``uv`` to install them."""

    name: str
    install: Sequence[str]


def read_requirements(code: Path, *, python: str) -> Requirements | None:
    """requirements.txt, else a project in pyproject.toml, locked or not; None for neither.

    A requirements file with one hash is held to hashes for every package, as pip does it.
    """
    if (text := read_own(code, "requirements.txt")) is not None:
        hashed = ["--require-hashes"] if HASHES.search(text) else []
        install = ["pip", "install", "--python", python, *hashed, "-r", "requirements.txt"]
        return Requirements("requirements.txt", install)
    if (text := read_own(code, "pyproject.toml")) is not None and _declares_a_project(text):
        locked = ["--frozen"] if read_own(code, "uv.lock") is not None else []
        return Requirements("pyproject.toml", ["sync", "--no-dev", "--no-editable", *locked])
    return None


def _declares_a_project(text: str) -> bool:
    try:
        return "project" in tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError too
        raise BuildFailed(f"pyproject.toml is not valid TOML: {error}.") from None


def read_own(code: Path, name: str) -> str | None:
    """A file of the app; None where there is none, or a link leads out of the app."""
    path = code / name
    if not path.resolve().is_relative_to(code.resolve()) or not path.is_file():
        return None
    if path.stat().st_size > MAXIMUM_DECLARATION:
        raise BuildFailed(f"{name} is larger than 1 MiB.")
    return path.read_text(errors="replace")
