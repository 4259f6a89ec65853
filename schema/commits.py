"""Commits."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

import models
from schema.context import Info

SHORT_SHA = 7


@strawberry.type(description="A commit of the app's repository, as it was when deployed.")
class Commit:
    sha: str = strawberry.field(description="The full id, 40 hexadecimal digits.")
    short_sha: str = strawberry.field(description="Its first seven digits.")
    message: str | None = strawberry.field(description="The commit message.")
    author_name: str | None = strawberry.field(description="Who wrote it.")
    committed_at: datetime | None = strawberry.field(description="When it was committed.")

    @classmethod
    def of(cls, row: models.Commit) -> Self:
        return cls(
            sha=row.sha,
            short_sha=row.sha[:SHORT_SHA],
            message=row.message,
            author_name=row.author_name,
            committed_at=row.committed_at,
        )


async def load_commit(info: Info, app_id: UUID, sha: str) -> Commit:
    return _made(await info.context.reading.commits.load((app_id, sha)))


def commit_of(info: Info, app_id: UUID, sha: str) -> Commit:
    """The same, to be awaited only where it is not at hand."""
    return info.context.reading.commits.make((app_id, sha), _made)


def _made(row: models.Commit | None) -> Commit:
    assert row is not None  # a foreign key says so
    return Commit.of(row)
