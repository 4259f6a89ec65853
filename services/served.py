"""What an environment serves to its clients: one file, a list of files, its configuration.

Everything here is read in the session it is given. In one moment that names the pin, the entry
and the bytes together, so an answer is never of two versions.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models import Blob, Deployment, Environment, FileKind, Snapshot, SnapshotEntry
from services.access import readable_kinds, require_content
from services.blobs import open_blob
from services.content.configuration import Configuration
from services.errors import EnvironmentNotPinned, FileNotServed, NotFound, NothingSynced
from services.inputs import check_text
from services.listings import MAXIMUM_PATH
from services.principals import Principal
from services.store import Store
from services.suggestions import closest

TEMPLATE_SUFFIX = ".mdx"


@dataclass(frozen=True)
class Served:
    """What an environment serves at one moment; the version is 0 for dev."""

    environment: str
    version: int
    commit_sha: str
    snapshot_id: UUID
    configuration: Configuration
    readable: frozenset[FileKind]


@dataclass(frozen=True)
class ServedFile:
    """A file of it; ``inline`` holds the bytes unless they are too many to lie in Postgres."""

    path: str
    kind: FileKind
    digest: bytes
    size: int
    inline: bytes | None

    async def open(
        self, store: Store, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """Its bytes from ``start`` up to ``end``, piece by piece."""
        until = self.size if end is None else min(end, self.size)
        return await open_blob(store, self.digest, self.inline, start=start, end=until)

    async def read(self, store: Store) -> bytes:
        return b"".join([piece async for piece in await self.open(store)])


async def find_served(
    session: AsyncSession,
    *,
    principal: Principal,
    environment_id: UUID | None,
    kind: FileKind | None,
) -> Served:
    """What the environment serves now, to one who may read its content of ``kind``.

    Raises ``NotFound``, ``PermissionDenied``, ``EnvironmentNotPinned`` and ``NothingSynced``.
    """
    environment = await session.get(Environment, environment_id) if environment_id else None
    if environment is None or environment.deleted_at is not None:
        raise NotFound("environment", path=("environmentId",))
    require_content(principal, environment, kind)
    serving = environment.pinned_deployment_id or environment.content_deployment_id
    if serving is None:
        raise (NothingSynced if environment.is_default else EnvironmentNotPinned)(environment.name)
    statement = (
        select(Deployment, Snapshot)
        .join(Snapshot, col(Snapshot.id) == col(Deployment.snapshot_id))
        .where(col(Deployment.id) == serving)
    )
    deployment, snapshot = (await session.exec(statement)).one()
    return Served(
        environment=environment.name,
        version=environment.pinned_version or 0,
        commit_sha=deployment.commit_sha,
        snapshot_id=snapshot.id,
        configuration=Configuration(**snapshot.configuration),
        readable=readable_kinds(principal, environment),
    )


async def read_file(
    session: AsyncSession, served: Served, path: str, *, called: str = "file"
) -> ServedFile:
    """The file at a path of the repository; ``FileNotServed`` with what may have been meant."""
    check_text("path", path, maximum=MAXIMUM_PATH)
    statement = (
        select(SnapshotEntry, Blob.content)
        .join(Blob, col(Blob.digest) == col(SnapshotEntry.digest))
        .where(
            col(SnapshotEntry.snapshot_id) == served.snapshot_id,
            col(SnapshotEntry.path) == path,
            col(SnapshotEntry.kind).in_(served.readable),
        )
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise FileNotServed(called, await _closest(session, served, path))
    entry, content = found
    return ServedFile(entry.path, entry.kind, entry.digest, entry.size, content)


async def read_below_root(
    session: AsyncSession, served: Served, path: str, *, called: str
) -> ServedFile:
    """The file at a path below the content root; what may have been meant is so written too."""
    root = served.configuration.content_root
    try:
        return await read_file(session, served, root + path, called=called)
    except FileNotServed as error:
        suffix = path[path.rfind(".") :]
        meant = [each for each in error.suggestions if each.startswith(root)]
        raise FileNotServed(
            called, [each.removeprefix(root) for each in meant if each.endswith(suffix)]
        ) from None


async def _closest(session: AsyncSession, served: Served, path: str) -> tuple[str, ...]:
    """Paths of the same snapshot that are close, of the kinds that may be read."""
    gathered = select(sa.func.array_agg(SnapshotEntry.path)).where(
        col(SnapshotEntry.snapshot_id) == served.snapshot_id,
        col(SnapshotEntry.kind).in_(served.readable),
    )
    known = (await session.exec(gathered)).one() or ()
    root = served.configuration.content_root
    return await to_thread.run_sync(lambda: closest(path, known, root=root))


@dataclass(frozen=True)
class Slice:
    """Some of a sorted list, and how many there are in all."""

    entries: Sequence[SnapshotEntry]
    total: int


async def list_templates(
    session: AsyncSession,
    served: Served,
    *,
    limit: int,
    offset: int,
    digests: Collection[bytes] | None = None,
) -> Slice:
    """The prompts and components, by path; with ``digests`` only those that have one of these."""
    statement = select(SnapshotEntry).where(
        col(SnapshotEntry.snapshot_id) == served.snapshot_id,
        col(SnapshotEntry.kind).in_((FileKind.PROMPT, FileKind.COMPONENT)),
        col(SnapshotEntry.path).endswith(TEMPLATE_SUFFIX, autoescape=True),
    )
    if digests is not None:
        # One array: thousands of parameters would be rendered and parsed anew each time.
        listed = sa.literal(list(digests), sa.ARRAY(sa.LargeBinary))
        statement = statement.where(col(SnapshotEntry.digest) == sa.any_(listed))
    return await _slice(session, statement, limit=limit, offset=offset)


async def list_datasets(session: AsyncSession, served: Served, *, limit: int, offset: int) -> Slice:
    """The datasets, by path."""
    statement = select(SnapshotEntry).where(
        col(SnapshotEntry.snapshot_id) == served.snapshot_id,
        col(SnapshotEntry.kind) == FileKind.DATASET,
    )
    return await _slice(session, statement, limit=limit, offset=offset)


async def prompt_digests(session: AsyncSession, served: Served) -> Sequence[bytes]:
    """What the prompts consist of, each content once."""
    gathered = select(sa.func.array_agg(SnapshotEntry.digest)).where(
        col(SnapshotEntry.snapshot_id) == served.snapshot_id,
        col(SnapshotEntry.kind) == FileKind.PROMPT,
    )
    return list(set((await session.exec(gathered)).one() or ()))


async def _slice(
    session: AsyncSession, statement: SelectOfScalar[SnapshotEntry], *, limit: int, offset: int
) -> Slice:
    counted = select(sa.func.count()).select_from(statement.subquery())
    total = (await session.exec(counted)).one()
    page = statement.order_by(col(SnapshotEntry.path)).limit(limit).offset(offset)
    return Slice((await session.exec(page)).all(), total)
