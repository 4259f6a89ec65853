"""Commits."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

import models
from schema.context import Info
from schema.rows import derived, read

SHORT_SHA = 7


@strawberry.type(description="A commit of the app's repository, as it was when deployed.")
class Commit:
    row: strawberry.Private[models.Commit]
    sha: str = read("row.sha", description="The full id, 40 hexadecimal digits.")
    short_sha: str = derived(
        lambda self: self.row.sha[:SHORT_SHA], description="Its first seven digits."
    )
    message: str | None = read("row.message", description="The commit message.")
    author_name: str | None = read("row.author_name", description="Who wrote it.")
    committed_at: datetime | None = read("row.committed_at", description="When it was committed.")

    @classmethod
    def of(cls, row: models.Commit) -> Self:
        return cls(row=row)


async def load_commit(info: Info, app_id: UUID, sha: str) -> Commit:
    return _made(await info.context.reading.commits.load((app_id, sha)))


def commit_of(info: Info, app_id: UUID, sha: str) -> Commit:
    """The same, to be awaited only where it is not at hand."""
    return info.context.reading.commits.make((app_id, sha), _made)


def _made(row: models.Commit | None) -> Commit:
    assert row is not None  # a foreign key says so
    return Commit.of(row)
