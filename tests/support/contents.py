"""What environments serve, read back byte for byte."""

from uuid import UUID

from sqlmodel import col, select

from models import Blob, Deployment, Environment, SnapshotEntry
from services.installation import Installation


async def snapshot_files(installation: Installation, snapshot_id: UUID | None) -> dict[str, bytes]:
    """The files of a snapshot whose contents are small enough to lie in Postgres."""
    statement = (
        select(SnapshotEntry.path, Blob.content)
        .join(Blob, col(Blob.digest) == col(SnapshotEntry.digest))
        .where(col(SnapshotEntry.snapshot_id) == snapshot_id)
    )
    async with installation.database.moment() as session:
        rows = (await session.exec(statement)).all()
    return {path: content or b"" for path, content in rows}


async def served_files(installation: Installation, environment: Environment) -> dict[str, bytes]:
    """The files that an environment serves now; none while it has no pin."""
    async with installation.database.moment() as session:
        now = await session.get_one(Environment, environment.id)
        serving = now.pinned_deployment_id or now.content_deployment_id
        if serving is None:
            return {}
        snapshot_id = (await session.get_one(Deployment, serving)).snapshot_id
    return await snapshot_files(installation, snapshot_id)
