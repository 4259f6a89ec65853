"""The difference of two texts, in the hunks of a unified diff. Blocks; use a thread."""

from dataclasses import dataclass
from enum import StrEnum

import pygit2


class DiffLineKind(StrEnum):
    """What a line of a diff is to the two sides."""

    CONTEXT = "CONTEXT"
    ADDED = "ADDED"
    REMOVED = "REMOVED"


KINDS = {" ": DiffLineKind.CONTEXT, "+": DiffLineKind.ADDED, "-": DiffLineKind.REMOVED}


@dataclass(frozen=True)
class DiffLine:
    """A line without its end; its numbers count from 1, None on the side that has it not."""

    kind: DiffLineKind
    text: str
    old_number: int | None
    new_number: int | None
    ends: bool
    """Whether a line break ends it; only the last line of a file may have none."""


@dataclass(frozen=True)
class DiffHunk:
    """Lines that differ with three of context around them."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True)
class TextDiff:
    hunks: tuple[DiffHunk, ...]
    is_truncated: bool


def diff_texts(old: bytes, new: bytes, *, maximum_lines: int) -> TextDiff:
    """Compare two texts that are UTF-8 without NUL; past ``maximum_lines`` hunks are cut off."""
    hunks: list[DiffHunk] = []
    remaining = maximum_lines
    for hunk in pygit2.Patch.create_from(old, new).hunks:
        lines = [_line(line) for line in hunk.lines if line.origin in KINDS]
        if remaining:
            hunks.append(
                DiffHunk(
                    hunk.old_start,
                    hunk.old_lines,
                    hunk.new_start,
                    hunk.new_lines,
                    tuple(lines[:remaining]),
                )
            )
        if len(lines) > remaining:
            return TextDiff(tuple(hunks), is_truncated=True)
        remaining -= len(lines)
    return TextDiff(tuple(hunks), is_truncated=False)


def _line(line: pygit2.DiffLine) -> DiffLine:
    text = line.raw_content.decode()
    return DiffLine(
        KINDS[line.origin],
        text.removesuffix("\n"),
        line.old_lineno if line.old_lineno > 0 else None,
        line.new_lineno if line.new_lineno > 0 else None,
        text.endswith("\n"),
    )
