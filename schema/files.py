"""Content files."""

from typing import Self

import strawberry

import models
from schema.context import Info
from schema.nodes import Connection
from schema.requirements import WITH_PARENT
from services.snapshots import INLINE_BYTES


@strawberry.type(description="A content file that an environment serves.")
class File:
    row: strawberry.Private[models.SnapshotEntry]
    path: str = strawberry.field(description="The path from the repository's root.")
    kind: models.FileKind = strawberry.field(description="What sort of content it is.")
    size: int = strawberry.field(description="How many bytes it has.")
    digest: str = strawberry.field(description="The SHA-256 of its bytes, in hexadecimal.")

    @classmethod
    def of(cls, row: models.SnapshotEntry) -> Self:
        return cls(row=row, path=row.path, kind=row.kind, size=row.size, digest=row.digest.hex())

    @strawberry.field(
        description="Its text; null when it is larger than 1 MiB, which the REST API serves at "
        "`/v1/content`. One document may ask for 49 texts: each counts as a thousand fields.",
        directives=[WITH_PARENT],
    )
    async def content(self, info: Info) -> str | None:
        if self.size > INLINE_BYTES:
            return None
        return await info.context.reading.texts.load(self.row.digest)

    @strawberry.field(
        description="How many rows a dataset has; null for every other kind. It counts as a "
        "hundred fields of a document.",
        directives=[WITH_PARENT],
    )
    async def row_count(self, info: Info) -> int | None:
        if self.kind is not models.FileKind.DATASET:
            return None
        return await info.context.reading.row_counts.load(self.row.digest)


FileConnection = Connection[File]
