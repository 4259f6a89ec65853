"""Reading kept bytes again, wherever their size put them."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Blob
from services.snapshots import blob_path
from services.store import Store


async def read_blob(session: AsyncSession, store: Store, digest: bytes) -> bytes:
    """The bytes of a blob that an entry names: inline in Postgres, or in the object store."""
    statement = select(Blob.content).where(col(Blob.digest) == digest)
    content = (await session.exec(statement)).one()
    return await store.get(blob_path(digest)) if content is None else content
