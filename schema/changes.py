"""The files that a promotion would change."""

from collections.abc import Sequence
from typing import Annotated, Self

import strawberry

import models
from schema.arguments import After, First
from schema.context import Info
from schema.nodes import Connection
from schema.requirements import WITH_PARENT
from services.comparing import content
from services.comparing.changes import CodeChange as DomainCodeChange
from services.comparing.changes import ContentChange as DomainContentChange
from services.comparing.changes import ContentVersion, FileChangeKind
from services.comparing.comparison import Comparison
from services.paging import PageRequest, page_of


@strawberry.type(description="A content file on one side of a comparison.")
class FileVersion:
    version: strawberry.Private[ContentVersion]
    kind: strawberry.Private[models.FileKind]
    size: int = strawberry.field(description="How many bytes it has.")
    digest: str = strawberry.field(description="The SHA-256 of its bytes, in hexadecimal.")

    @classmethod
    def of(cls, version: ContentVersion | None, kind: models.FileKind) -> Self | None:
        if version is None:
            return None
        return cls(version=version, kind=kind, size=version.size, digest=version.digest.hex())

    @strawberry.field(
        description="How many rows a dataset has; null for every other kind.",
        directives=[WITH_PARENT],
    )
    async def rows(self, info: Info) -> int | None:
        if self.kind is not models.FileKind.DATASET:
            return None
        return await info.context.reading.row_counts.load(self.version.digest)


@strawberry.type(description="A content file that a promotion would change.")
class FileChange:
    path: str = strawberry.field(description="The path from the repository's root.")
    kind: models.FileKind = strawberry.field(description="What sort of content it is.")
    change: FileChangeKind = strawberry.field(description="What would happen to it.")
    before: FileVersion | None = strawberry.field(
        description="As the target has it, if it does.", directives=[WITH_PARENT]
    )
    after: FileVersion | None = strawberry.field(
        description="As the source has it, if it does.", directives=[WITH_PARENT]
    )

    @classmethod
    def of(cls, row: DomainContentChange) -> Self:
        return cls(
            path=row.path,
            kind=row.kind,
            change=row.change,
            before=FileVersion.of(row.before, row.kind),
            after=FileVersion.of(row.after, row.kind),
        )


FileChangeConnection = Connection[FileChange]


@strawberry.type(description="How many content files of one kind a promotion would change.")
class FileChangeCount:
    kind: models.FileKind = strawberry.field(description="The kind of content.")
    added: int = strawberry.field(description="How many the target would have newly.")
    changed: int = strawberry.field(description="How many it would have with other bytes.")
    removed: int = strawberry.field(description="How many it would have no more.")


@strawberry.type(description="The content that a promotion would change.")
class ContentComparison:
    changes: strawberry.Private[Sequence[DomainContentChange]]
    compared: strawberry.Private[Comparison]

    @strawberry.field(
        description="How many files of each kind would change; every kind is there.",
        directives=[WITH_PARENT],
    )
    def counts(self) -> list[FileChangeCount]:
        return [self._count(kind) for kind in models.FileKind]

    def _count(self, kind: models.FileKind) -> FileChangeCount:
        of_kind = [each.change for each in self.changes if each.kind is kind]
        return FileChangeCount(
            kind=kind,
            added=of_kind.count(FileChangeKind.ADDED),
            changed=of_kind.count(FileChangeKind.CHANGED),
            removed=of_kind.count(FileChangeKind.REMOVED),
        )

    @strawberry.field(description="The files that would change, by path.", directives=[WITH_PARENT])
    def files(
        self,
        kind: Annotated[
            models.FileKind | None, strawberry.argument(description="Only content of this kind.")
        ] = None,
        change: Annotated[
            FileChangeKind | None, strawberry.argument(description="Only this sort of change.")
        ] = None,
        first: First = None,
        after: After = None,
    ) -> FileChangeConnection:
        page = content.page_of_changes(
            self.changes,
            comparison=self.compared,
            kind=kind,
            change=change,
            request=PageRequest(first=first, after=after),
        )
        return FileChangeConnection.of(page, [FileChange.of(row) for row in page.rows])


@strawberry.type(description="A tracked file other than content that a promotion would change.")
class CodeChange:
    path: str = strawberry.field(description="The path from the repository's root.")
    change: FileChangeKind = strawberry.field(
        description="What would happen to it. A file made executable counts as changed."
    )


CodeChangeConnection = Connection[CodeChange]


@strawberry.type(description="The code that a promotion would change: all tracked but content.")
class CodeComparison:
    changes: strawberry.Private[Sequence[DomainCodeChange] | None]
    compared: strawberry.Private[Comparison]
    unavailable_reason: str | None = strawberry.field(
        description="Why the code cannot be compared here, as when this server's copy of the "
        "repository does not hold a commit; null when it can."
    )

    @strawberry.field(
        description="The files that would change, by path; null when not known.",
        directives=[WITH_PARENT],
    )
    def files(self, first: First = None, after: After = None) -> CodeChangeConnection | None:
        if self.changes is None:
            return None
        page = page_of(
            self.changes,
            scope=f"{self.compared.scope}:code",
            key=lambda each: each.path,
            request=PageRequest(first=first, after=after),
        )
        nodes = [CodeChange(path=each.path, change=each.change) for each in page.rows]
        return CodeChangeConnection.of(page, nodes)
