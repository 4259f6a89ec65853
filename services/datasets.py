"""The rows of datasets: counted, passed on as they lie in the file, and a page of them."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass

from anyio import to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from services.blobs import read_blobs
from services.content.frontmatter import BYTE_ORDER_MARK
from services.content.validation import BLANK, dataset_rows
from services.store import Store


async def count_rows(session: AsyncSession, store: Store, digests: Sequence[bytes]) -> list[int]:
    """How many rows each dataset has, in the order asked; a few are in memory at a time."""
    counted: dict[bytes, int] = {}
    async for contents in read_blobs(session, store, digests):
        counted |= await to_thread.run_sync(_count_rows, contents)
    return [counted[digest] for digest in digests]


def _count_rows(contents: dict[bytes, bytes]) -> dict[bytes, int]:
    return {digest: sum(1 for _ in dataset_rows(content)) for digest, content in contents.items()}


async def rows_of(pieces: AsyncIterator[bytes]) -> AsyncGenerator[list[bytes]]:
    """The rows of a file that comes in pieces, some at a time, without what is around them."""
    rest, is_first = b"", True
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        if is_first and lines:
            lines[0], is_first = lines[0].removeprefix(BYTE_ORDER_MARK), False
        yield _rows_among(lines)
    yield _rows_among([rest.removeprefix(BYTE_ORDER_MARK) if is_first else rest])


def _rows_among(lines: Sequence[bytes]) -> list[bytes]:
    return [row for line in lines if (row := line.strip(BLANK))]


@dataclass(frozen=True)
class RowPage:
    """Rows in the file's order, and how many it has in all."""

    rows: Sequence[bytes]
    total: int


async def read_rows(pieces: AsyncIterator[bytes], *, limit: int, offset: int) -> RowPage:
    """The ``limit`` rows past the first ``offset``; nothing but these is kept in memory."""
    page: list[bytes] = []
    total = 0
    async for rows in rows_of(pieces):
        first = max(offset - total, 0)
        page += rows[first : first + limit - len(page)]
        total += len(rows)
    return RowPage(page, total)
