"""The text of one file on both sides, compared line by line."""

from dataclasses import dataclass
from enum import StrEnum

from anyio import to_thread
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, SnapshotEntry
from services.blobs import read_blob
from services.comparing.changes import ContentVersion
from services.comparing.code import CodeSides, CodeUnknown, tree_of
from services.comparing.comparison import Comparison
from services.git.mirrors import Mirrors
from services.git.text_diff import TextDiff, diff_texts
from services.git.trees import TreeFile
from services.store import Store

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_LINES = 50_000
MAXIMUM_SHOWN = 2_000
"""Lines of a difference; the cost of asking for one is counted by it."""


class DiffUnavailable(StrEnum):
    """Why a file has no line by line difference to show."""

    BINARY = "BINARY"
    TOO_LARGE = "TOO_LARGE"
    NOT_HERE = "NOT_HERE"


class NoDiff(Exception):
    """There is no text to compare; the message is safe to show."""

    def __init__(self, kind: DiffUnavailable, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class ContentPair:
    """A content file on both sides; a side that does not have it is None."""

    before: ContentVersion | None
    after: ContentVersion | None


@dataclass(frozen=True)
class TextPair:
    """A file's bytes on both sides; a side that does not have it is None."""

    before: bytes | None
    after: bytes | None


async def find_content(
    session: AsyncSession, comparison: Comparison, path: str
) -> ContentPair | None:
    """The content file at ``path``, None when neither side has one there."""
    before = await _entry(session, comparison.served, path)
    after = await _entry(session, comparison.given, path)
    return None if before is None and after is None else ContentPair(before, after)


async def _entry(
    session: AsyncSession, side: Deployment | None, path: str
) -> ContentVersion | None:
    if side is None:
        return None
    statement = select(SnapshotEntry).where(
        col(SnapshotEntry.snapshot_id) == side.snapshot_id, col(SnapshotEntry.path) == path
    )
    entry = (await session.exec(statement)).one_or_none()
    return None if entry is None else ContentVersion(entry.digest, entry.size)


async def read_content_pair(session: AsyncSession, store: Store, pair: ContentPair) -> TextPair:
    """The bytes of a content file; ``NoDiff`` when it is too large to compare."""
    for version in (pair.before, pair.after):
        _check_size(0 if version is None else version.size)

    async def read(version: ContentVersion | None) -> bytes | None:
        return None if version is None else await read_blob(session, store, version.digest)

    return TextPair(await read(pair.before), await read(pair.after))


async def read_code_pair(mirrors: Mirrors, sides: CodeSides, path: str) -> TextPair | None:
    """The bytes of a tracked file that is no content, None when neither side has it.

    Raises ``NoDiff`` when it cannot be told or is nothing to compare.
    """
    comparison = sides.comparison
    try:
        after = await _tracked(mirrors, comparison.given, sides.given_content, path)
        before = await _tracked(mirrors, comparison.served, sides.served_content, path)
    except CodeUnknown as error:
        raise NoDiff(DiffUnavailable.NOT_HERE, str(error)) from error
    if before is None and after is None:
        return None
    return TextPair(
        await _read_tracked(mirrors, comparison, before),
        await _read_tracked(mirrors, comparison, after),
    )


async def _tracked(
    mirrors: Mirrors, side: Deployment | None, content: frozenset[str], path: str
) -> TreeFile | None:
    if side is None or path in content:
        return None
    return next((file for file in await tree_of(mirrors, side) if file.path == path), None)


async def _read_tracked(
    mirrors: Mirrors, comparison: Comparison, file: TreeFile | None
) -> bytes | None:
    if file is None:
        return None
    sizes = await mirrors.blob_sizes(comparison.app_id, [file.object_id])
    if file.object_id not in sizes:
        raise NoDiff(
            DiffUnavailable.NOT_HERE, "This server's copy of the repository does not hold the file."
        )
    _check_size(sizes[file.object_id])
    return (await mirrors.read_blobs(comparison.app_id, [file.object_id]))[file.object_id]


def _check_size(size: int) -> None:
    if size > MAXIMUM_BYTES:
        raise NoDiff(DiffUnavailable.TOO_LARGE, "The file is larger than 1 MiB.")


async def diff_pair(pair: TextPair) -> TextDiff:
    """The difference of the two, or ``NoDiff`` when they are no text or too many lines."""
    before, after = pair.before or b"", pair.after or b""
    for text in (before, after):
        _check_text(text)
    return await to_thread.run_sync(lambda: diff_texts(before, after, maximum_lines=MAXIMUM_SHOWN))


def _check_text(content: bytes) -> None:
    if content.count(b"\n") > MAXIMUM_LINES:
        raise NoDiff(DiffUnavailable.TOO_LARGE, f"The file has more than {MAXIMUM_LINES} lines.")
    try:
        content.decode()
    except UnicodeDecodeError:
        raise NoDiff(DiffUnavailable.BINARY, "The file is not text.") from None
    if b"\0" in content:
        raise NoDiff(DiffUnavailable.BINARY, "The file is not text.")
