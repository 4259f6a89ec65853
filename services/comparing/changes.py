"""A file that differs between the two sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models import FileKind


class FileChangeKind(StrEnum):
    """What would happen to a file."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


def change_of(before: object | None, after: object | None) -> FileChangeKind:
    """What leads from ``before`` to ``after``, of which one is there and both differ."""
    if before is None:
        return FileChangeKind.ADDED
    return FileChangeKind.REMOVED if after is None else FileChangeKind.CHANGED


@dataclass(frozen=True)
class ContentVersion:
    """A content file on one side."""

    digest: bytes
    size: int


@dataclass(frozen=True)
class ContentChange:
    """A content file that differs; a side that does not have it is None."""

    path: str
    kind: FileKind
    before: ContentVersion | None
    after: ContentVersion | None

    @property
    def change(self) -> FileChangeKind:
        return change_of(self.before, self.after)


@dataclass(frozen=True)
class CodeChange:
    """A tracked file other than content that differs, by its bytes or its mode."""

    path: str
    change: FileChangeKind


def code_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[CodeChange, ...]:
    """The files that differ between two trees, sorted by path."""
    return tuple(
        CodeChange(path, change_of(before.get(path), after.get(path)))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )
