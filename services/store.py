"""The object store: finished builds and large files, by path."""

from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url


class Store:
    """What is put here is never changed: paths carry a digest or a fresh id."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def put(self, path: str, content: bytes | Path) -> None:
        """Keep ``content`` (a file is streamed from disk) under ``path``."""
        await obstore.put_async(self._objects, path, content)

    async def get(self, path: str) -> bytes:
        found = await obstore.get_async(self._objects, path)
        return bytes(await found.bytes_async())


def open_store(url: str | None, *, directory: Path) -> Store:
    """Open the store at ``url`` (S3, GCS, Azure, …), or a folder when there is none."""
    if url is not None:
        return Store(from_url(url))
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(LocalStore(directory))
