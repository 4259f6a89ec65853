"""What a promotion would change."""

from datetime import datetime
from typing import Self

from pydantic import Field

import models
from pinmark.rest.shapes.fields import Id, PageQuery, Query, Shape, Text
from services.comparing.changes import ContentChange, ContentVersion
from services.git import text_diff
from services.git.text_diff import TextDiff


class Commit(Shape):
    sha: str
    message: str
    author_name: str
    committed_at: datetime

    @classmethod
    def of(cls, row: models.Commit) -> Self:
        return cls(
            sha=row.sha,
            message=row.message,
            author_name=row.author_name,
            committed_at=row.committed_at,
        )


class KindCount(Shape):
    kind: str = Field(description="The kind of content, as `prompt`.")
    added: int
    changed: int
    removed: int


class BuildForecast(Shape):
    """What the build of the promotion would do if it ran now."""

    would_hit_cache: bool | None = Field(description="Null when that cannot be told.")
    cache_decision_kind: str | None
    cache_decision_detail: str | None
    unavailable_reason: str | None = Field(description="Why it cannot be told.")


class Comparison(Shape):
    """What a promotion would change, from what is known here: nothing is fetched."""

    source_environment_id: Id
    target_environment_id: Id
    source_version: int = Field(description="0 for `dev` and without a pin.")
    target_version: int = Field(description="Give it as `expected_target_version`.")
    source_commit: Commit | None = Field(
        description="What was compared; give its sha as `expected_source_commit`."
    )
    target_commit: Commit | None
    commit_relation: str | None = Field(
        description="How the two stand: `first`, `same`, `ahead`, `behind` or `unknown`."
    )
    commit_count: int | None = Field(description="How many are between; null when unknown.")
    content: list[KindCount] = Field(description="How many content files differ, by kind.")
    code_count: int | None = Field(description="How many other files differ; null when unknown.")
    code_unavailable_reason: str | None
    build: BuildForecast


class ComparisonQuery(Query):
    source_environment_id: Id = Field(description="Where the version would come from.")


class ComparisonPageQuery(PageQuery):
    source_environment_id: Id = Field(description="Where the version would come from.")


class DiffQuery(ComparisonQuery):
    path: Text = Field(max_length=4096, description="The path from the repository's root.")


class FileSide(Shape):
    size: int
    sha256: str

    @classmethod
    def of(cls, version: ContentVersion | None) -> Self | None:
        return None if version is None else cls(size=version.size, sha256=version.digest.hex())


class ContentChanged(Shape):
    path: str
    kind: str
    change: str = Field(description="`added`, `changed` or `removed`.")
    before: FileSide | None = Field(description="As the target has it.")
    after: FileSide | None = Field(description="As the source has it.")

    @classmethod
    def of(cls, row: ContentChange) -> Self:
        return cls(
            path=row.path,
            kind=row.kind.value.lower(),
            change=row.change.value.lower(),
            before=FileSide.of(row.before),
            after=FileSide.of(row.after),
        )


class CodeChanged(Shape):
    path: str
    change: str = Field(description="`added`, `changed` or `removed`.")


class DiffLine(Shape):
    kind: str
    text: str
    old_number: int | None
    new_number: int | None
    has_line_break: bool

    @classmethod
    def of(cls, line: text_diff.DiffLine) -> Self:
        return cls(
            kind=line.kind.value.lower(),
            text=line.text,
            old_number=line.old_number,
            new_number=line.new_number,
            has_line_break=line.ends,
        )


class DiffHunk(Shape):
    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: list[DiffLine]

    @classmethod
    def of(cls, hunk: text_diff.DiffHunk) -> Self:
        return cls(
            old_start=hunk.old_start,
            old_lines=hunk.old_lines,
            new_start=hunk.new_start,
            new_lines=hunk.new_lines,
            lines=[DiffLine.of(line) for line in hunk.lines],
        )


class FileDiff(Shape):
    """The difference of one file, from the target's to the source's."""

    path: str
    hunks: list[DiffHunk]
    is_truncated: bool = Field(description="Whether it was cut off after 2,000 lines.")
    unavailable: str | None = Field(description="Why there is no difference to show.")
    reason: str | None = Field(description="The same in words.")

    @classmethod
    def of(cls, path: str, found: TextDiff) -> Self:
        return cls(
            path=path,
            hunks=[DiffHunk.of(hunk) for hunk in found.hunks],
            is_truncated=found.is_truncated,
            unavailable=None,
            reason=None,
        )

    @classmethod
    def missing(cls, path: str, kind: str, reason: str) -> Self:
        return cls(path=path, hunks=[], is_truncated=False, unavailable=kind.lower(), reason=reason)
