"""Which content files differ, straight from the two snapshots."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from models import FileKind
from services.comparing.changes import ContentChange, ContentVersion, FileChangeKind
from services.comparing.comparison import Comparison
from services.paging import Page, PageRequest, page_of

DIFFERENCES = text(
    "SELECT path, coalesce(after.kind, before.kind), before.digest, before.size,"
    " after.digest, after.size"
    " FROM (SELECT * FROM snapshotentry WHERE snapshot_id = :before) before"
    " FULL JOIN (SELECT * FROM snapshotentry WHERE snapshot_id = :after) after USING (path)"
    " WHERE before.digest IS DISTINCT FROM after.digest"
)


async def content_changes(
    session: AsyncSession, comparison: Comparison
) -> tuple[ContentChange, ...]:
    """Every content file that differs, sorted by path; none when there is nothing to promote."""
    given, served = comparison.given, comparison.served
    if given is None:
        return ()
    before = None if served is None else served.snapshot_id
    return await _differences(session, before, given.snapshot_id)


async def _differences(
    session: AsyncSession, before: UUID | None, after: UUID | None
) -> tuple[ContentChange, ...]:
    connection = await session.connection()
    found = await connection.execute(DIFFERENCES, {"before": before, "after": after})
    changes = [
        ContentChange(path, FileKind(kind), _version(old, old_size), _version(new, new_size))
        for path, kind, old, old_size, new, new_size in found.all()
    ]
    return tuple(sorted(changes, key=lambda change: change.path))


def _version(digest: bytes | None, size: int | None) -> ContentVersion | None:
    return None if digest is None or size is None else ContentVersion(digest, size)


def page_of_changes(
    changes: Sequence[ContentChange],
    *,
    comparison: Comparison,
    kind: FileKind | None,
    change: FileChangeKind | None,
    request: PageRequest,
) -> Page[ContentChange]:
    """A page of the changes, of one kind of file or of change when that is given."""
    wanted = [
        each
        for each in changes
        if (kind is None or each.kind is kind) and (change is None or each.change is change)
    ]
    return page_of(
        wanted, scope=f"{comparison.scope}:content", key=lambda each: each.path, request=request
    )
