"""The object store: finished builds and large files, by path."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from anyio import to_thread
from obstore.store import LocalStore, ObjectStore, from_url

if TYPE_CHECKING:
    from hashlib import _Hash as Hash  # pyright: ignore[reportPrivateUsage]  # has no public name

PIECE_BYTES = 256 * 1024


class Store:
    """What is put here is never changed: paths carry a digest or a fresh id.

    Only parcels are ever removed: they are on their way to a pod, or from one.
    """

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def put(self, path: str, content: bytes | Path) -> None:
        """Keep ``content`` (a file is streamed from disk) under ``path``."""
        await obstore.put_async(self._objects, path, content)

    async def get(self, path: str) -> bytes:
        found = await obstore.get_async(self._objects, path)
        return bytes(await found.bytes_async())

    async def open(self, path: str, *, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to ``end`` in pieces, read as they are taken."""
        found = await obstore.get_async(self._objects, path, options={"range": (start, end)})

        async def pieces() -> AsyncGenerator[bytes]:
            async for chunk in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(chunk)

        return pieces()

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """All of it in pieces; ``FileNotFoundError`` when there is nothing."""
        found = await obstore.get_async(self._objects, path)

        async def pieces() -> AsyncGenerator[bytes]:
            async for chunk in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(chunk)

        return pieces()

    async def discard(self, path: str) -> None:
        """Remove what was kept for a while; it may be gone already."""
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._objects, path)

    async def fetch(self, path: str, into: Path) -> str:
        """Write what is kept under ``path`` to a new file; give its SHA-256 in hexadecimal."""
        digest = sha256()
        found = await obstore.get_async(self._objects, path)
        with into.open("xb") as file:
            async for chunk in found.stream():
                await to_thread.run_sync(_append, file, digest, bytes(chunk))
        return digest.hexdigest()


def _append(file: BinaryIO, digest: "Hash", chunk: bytes) -> None:
    digest.update(chunk)
    file.write(chunk)


def open_store(url: str | None, *, directory: Path) -> Store:
    """Open the store at ``url`` (S3, GCS, Azure, …), or a folder when there is none."""
    if url is not None:
        return Store(from_url(url))
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(LocalStore(directory))
