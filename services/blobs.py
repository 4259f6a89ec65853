"""Reading kept bytes again, wherever their size put them."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Blob
from services.snapshots import blob_path
from services.store import Store

BATCH = 16
"""Inline blobs in memory at a time, of one MiB at most each."""

_INLINE = text("SELECT digest, content FROM blob WHERE digest = ANY(CAST(:digests AS bytea[]))")


async def read_blob(session: AsyncSession, store: Store, digest: bytes) -> bytes:
    """The bytes of a blob that an entry names: inline in Postgres, or in the object store."""
    statement = select(Blob.content).where(col(Blob.digest) == digest)
    content = (await session.exec(statement)).one()
    return await store.get(blob_path(digest)) if content is None else content


async def read_blobs(
    session: AsyncSession, store: Store, digests: Collection[bytes]
) -> AsyncGenerator[dict[bytes, bytes]]:
    """The bytes of many blobs, each once and in no order, a few in memory at a time.

    One statement finds them all; a large one comes from the object store and by itself.
    """
    connection = await session.connection()
    found = await connection.stream(
        _INLINE.execution_options(max_row_buffer=BATCH), {"digests": list(set(digests))}
    )
    async for rows in found.partitions(BATCH):
        yield {digest: content for digest, content in rows if content is not None}
        for digest, content in rows:
            if content is None:
                yield {digest: await store.get(blob_path(digest))}


async def read_texts(session: AsyncSession, digests: Sequence[bytes]) -> list[str | None]:
    """The texts of inline blobs, in the order asked; None for what is larger or is no text."""
    connection = await session.connection()
    found = await connection.execute(_INLINE, {"digests": list(set(digests))})
    texts = {digest: None if content is None else _text(content) for digest, content in found}
    return [texts.get(digest) for digest in digests]


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


async def open_blob(
    store: Store, digest: bytes, inline: bytes | None, *, start: int, end: int
) -> AsyncIterator[bytes]:
    """The bytes from ``start`` up to ``end``, piece by piece; large blobs are not read whole.

    What cannot be opened raises here, before the first piece.
    """
    if inline is not None:
        return _once(inline[start:end])
    if start >= end:
        return _once(b"")
    return await store.open(blob_path(digest), start=start, end=end)


async def _once(content: bytes) -> AsyncGenerator[bytes]:
    if content:
        yield content
