"""Content files."""

from typing import Self

import strawberry

import models
from schema.nodes import Connection


@strawberry.type(description="A content file that an environment serves.")
class File:
    path: str = strawberry.field(description="The path from the repository's root.")
    kind: models.FileKind = strawberry.field(description="What sort of content it is.")
    size: int = strawberry.field(description="How many bytes it has.")
    digest: str = strawberry.field(description="The SHA-256 of its bytes, in hexadecimal.")

    @classmethod
    def of(cls, row: models.SnapshotEntry) -> Self:
        return cls(path=row.path, kind=row.kind, size=row.size, digest=row.digest.hex())


FileConnection = Connection[File]
