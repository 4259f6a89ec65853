"""The difference of one file, line by line."""

from typing import Self

import strawberry

from schema.requirements import WITH_PARENT
from services.comparing.diff import DiffUnavailable, NoDiff
from services.git import text_diff
from services.git.text_diff import DiffLineKind, TextDiff


@strawberry.type(description="A line of a difference.")
class DiffLine:
    kind: DiffLineKind = strawberry.field(description="What it is to the two sides.")
    text: str = strawberry.field(description="The line without its line break.")
    old_number: int | None = strawberry.field(
        description="Its number in the target's file, from 1; null for an added line."
    )
    new_number: int | None = strawberry.field(
        description="Its number in the source's file, from 1; null for a removed line."
    )
    has_line_break: bool = strawberry.field(
        description="Whether a line break ends it; only the last line of a file may have none."
    )

    @classmethod
    def of(cls, line: text_diff.DiffLine) -> Self:
        return cls(
            kind=line.kind,
            text=line.text,
            old_number=line.old_number,
            new_number=line.new_number,
            has_line_break=line.ends,
        )


@strawberry.type(description="Lines that differ, with three that do not before and after them.")
class DiffHunk:
    old_start: int = strawberry.field(description="Its first line in the target's file, from 1.")
    old_lines: int = strawberry.field(description="How many lines of the target's file it has.")
    new_start: int = strawberry.field(description="Its first line in the source's file, from 1.")
    new_lines: int = strawberry.field(description="How many lines of the source's file it has.")
    lines: list[DiffLine] = strawberry.field(
        description="Its lines; fewer than counted only in the last hunk of a truncated "
        "difference.",
        directives=[WITH_PARENT],
    )

    @classmethod
    def of(cls, hunk: text_diff.DiffHunk) -> Self:
        return cls(
            old_start=hunk.old_start,
            old_lines=hunk.old_lines,
            new_start=hunk.new_start,
            new_lines=hunk.new_lines,
            lines=[DiffLine.of(line) for line in hunk.lines],
        )


@strawberry.type(description="The difference of one file, from the target's to the source's.")
class FileDiff:
    path: str = strawberry.field(description="The path from the repository's root.")
    hunks: list[DiffHunk] = strawberry.field(
        description="What differs, as in a unified diff; none for equal files, nor without text.",
        directives=[WITH_PARENT],
    )
    is_truncated: bool = strawberry.field(description="Whether it was cut off after 2,000 lines.")
    unavailable: DiffUnavailable | None = strawberry.field(
        description="Why there is no line by line difference; null when there is one."
    )
    reason: str | None = strawberry.field(description="The same in words.")

    @classmethod
    def of(cls, path: str, found: TextDiff) -> Self:
        return cls(
            path=path,
            hunks=[DiffHunk.of(hunk) for hunk in found.hunks],
            is_truncated=found.is_truncated,
            unavailable=None,
            reason=None,
        )


def unavailable(path: str, refusal: NoDiff) -> FileDiff:
    return FileDiff(
        path=path,
        hunks=[],
        is_truncated=False,
        unavailable=refusal.kind,
        reason=str(refusal),
    )
