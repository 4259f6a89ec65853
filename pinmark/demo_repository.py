"""The sample app as a Git repository with a history: what ``pinmark serve --demo`` links.

Authors and times are fixed, so every installation of one release starts from the same commits.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

BRANCH = "main"
AUTHOR = ("Support Triage", "triage@example.com")
FIRST_COMMIT_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BETWEEN_COMMITS = timedelta(hours=2, minutes=25)

CONFIGURATION = "agentmark.json"
LEFT_BEHIND = frozenset({"__pycache__", ".venv"})


@dataclass(frozen=True)
class Chapter:
    """One commit of the story: its message, and the beginnings of the paths it adds."""

    message: str
    adds: tuple[str, ...]


STORY = (
    Chapter("Start the support triage app", (CONFIGURATION, "README.md", ".gitignore")),
    Chapter(
        "Sort tickets with a first prompt\n\nThe tone lives in a component, so that later prompts"
        " can share it.",
        ("agentmark/support/triage.prompt.mdx", "agentmark/components/tone.mdx"),
    ),
    Chapter(
        "Describe a ticket and what we expect of ten of them",
        ("agentmark/schemas/", "agentmark/support/triage-data.jsonl"),
    ),
    Chapter(
        "Answer events with a handler\n\nIts one dependency is pinned by hash.",
        ("handler.py", "requirements.txt"),
    ),
    Chapter("Draft the first answer as well", ("",)),
)


def demo_source() -> Path:
    """Where the sample app lies: in the installed package, or else in the checkout."""
    packaged = Path(str(resources.files("pinmark"))) / "examples" / "support-triage"
    if packaged.is_dir():
        return packaged
    return Path(__file__).parent.parent / "examples" / "support-triage"


def seed_demo_repository(source: Path, destination: Path) -> None:
    """Make ``destination`` a bare repository whose HEAD, ``main``, holds ``source``.

    What is already at ``destination`` stays as it is. The repository appears there whole or not
    at all, also when two servers start at once.
    """
    if destination.exists():
        return
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".seeding-") as scratch:
        unfinished = Path(scratch) / destination.name
        _tell_the_story(unfinished, read_source(source))
        try:
            unfinished.rename(destination)
        except OSError:
            if not destination.exists():  # else another server was first, with the same commits
                raise


def read_source(source: Path) -> dict[str, bytes]:
    """Every file of the sample app by its path, without what running it leaves behind."""
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and LEFT_BEHIND.isdisjoint(path.relative_to(source).parts)
    }
    if CONFIGURATION not in files:
        raise FileNotFoundError(f"No sample app in {source}.")
    return files


def _tell_the_story(path: Path, files: Mapping[str, bytes]) -> None:
    repository = pygit2.init_repository(path, bare=True, initial_head=BRANCH)
    parents: list[pygit2.Oid] = []
    told: dict[str, bytes] = {}
    for number, chapter in enumerate(STORY):
        told |= {name: files[name] for name in files if name.startswith(chapter.adds)}
        signature = _signature(FIRST_COMMIT_AT + number * BETWEEN_COMMITS)
        tree = _write_tree(repository, _as_of_then(told))
        commit = repository.create_commit(
            f"refs/heads/{BRANCH}", signature, signature, f"{chapter.message}\n", tree, parents
        )
        parents = [commit]
    repository.free()


def _as_of_then(told: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of one commit: before the handler exists, the configuration names none."""
    configuration = json.loads(told[CONFIGURATION])
    if configuration["handler"] in told:
        return told
    del configuration["handler"]
    return {**told, CONFIGURATION: f"{json.dumps(configuration, indent=2)}\n".encode()}


def _signature(at: datetime) -> pygit2.Signature:
    name, email = AUTHOR
    return pygit2.Signature(name, email, int(at.timestamp()), 0)


def _write_tree(repository: pygit2.Repository, files: Mapping[str, bytes]) -> pygit2.Oid:
    index = pygit2.Index()
    for name, content in files.items():
        blob = repository.create_blob(content)
        index.add(pygit2.IndexEntry(name, blob, FileMode.BLOB))
    return index.write_tree(repository)
