"""Branch HEAD: fetched when it matters, its content read and its blobs kept ahead of time."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Commit, Deployment, FileSyncStatus, Repository
from services import pushes
from services.content.reading import Content, read_content
from services.errors import ContentProblem, GitConnectionMissing, RepositoryUnreachable
from services.fixed_statements import Fixed
from services.git.mirrors import Remote
from services.git.ssh_keys import DeployKey, HostKey
from services.held import send
from services.installation import Installation
from services.snapshots import NewFile, StoredFile, copy_snapshot, store_files, write_snapshot

OBSERVATION_ATTEMPTS = 5

_LINKED = Fixed(
    text(
        """
        SELECT name, EXISTS (SELECT FROM repository WHERE repository.app_id = app.id)
        FROM app WHERE id = :app_id
        """
    )
)


@dataclass(frozen=True)
class CommitContent:
    """The validated content of a commit, its bytes kept; or what is wrong with it."""

    commit: Commit
    files: tuple[StoredFile, ...] = ()
    configuration: dict[str, Any] | None = None
    problems: tuple[ContentProblem, ...] = ()
    synced_snapshot_id: UUID | None = None
    """The default environment's snapshot of this very commit, when there is one to copy."""


async def has_repository(session: AsyncSession, app: App) -> bool:
    return await _repository(session, app) is not None


async def _repository(session: AsyncSession, app: App) -> Repository | None:
    statement = select(Repository).where(col(Repository.app_id) == app.id)
    return (await session.exec(statement)).one_or_none()


async def find_repository(session: AsyncSession, app: App, *, field: str) -> Repository:
    """The app's repository, or ``GitConnectionMissing`` at ``field``."""
    return linked(app, await _repository(session, app), field=field)


async def check_repository(session: AsyncSession, app_id: UUID, *, field: str) -> None:
    """Refuse an app without a repository: ``GitConnectionMissing`` at ``field``."""
    [[name, is_linked]] = await send(session, _LINKED, app_id=app_id)
    if not is_linked:
        raise GitConnectionMissing(name, path=("input", field))


def linked(app: App, repository: Repository | None, *, field: str) -> Repository:
    """The repository, or ``GitConnectionMissing`` at ``field`` when none is linked."""
    if repository is None:
        raise GitConnectionMissing(app.name, path=("input", field))
    return repository


def remote_of(installation: Installation, repository: Repository) -> Remote:
    kept = repository.credential
    credential = None if kept is None else installation.cipher.decrypt(kept)
    remote = Remote(url=repository.url, branch=repository.branch)
    fingerprint = repository.deploy_key_fingerprint
    if credential is None or fingerprint is None or repository.host_key is None:
        return replace(remote, token=credential)
    return replace(
        remote,
        deploy_key=DeployKey(credential, fingerprint),
        host_key=HostKey.kept(repository.host_key),
    )


async def observe_head(installation: Installation, app_id: UUID) -> Commit:
    """Fetch branch HEAD and record a push when it is new; raises ``RepositoryUnreachable``.

    The head recorded before the fetch must still be the one recorded after it. Otherwise
    somebody saw another head meanwhile, and which is newer only a further look can tell.
    """
    for _ in range(OBSERVATION_ATTEMPTS):
        repository = await _read_repository(installation, app_id)
        commit = await fetch_commit(installation, app_id, remote_of(installation, repository))
        async with installation.database.transaction() as session:
            if await pushes.record_head(
                session, app_id=app_id, commit=commit, seen_before=repository.head_sha
            ):
                return commit
    raise RepositoryUnreachable("its branch moves faster than it can be fetched")


async def fetch_commit(installation: Installation, app_id: UUID, remote: Remote) -> Commit:
    """Fetch the head of the remote's branch and keep the commit from being lost."""
    sha = await installation.mirrors.fetch_head(app_id, remote)
    return await read_commit(installation, app_id, sha)


async def read_commit(installation: Installation, app_id: UUID, sha: str) -> Commit:
    await installation.mirrors.keep(app_id, sha)
    facts = await installation.mirrors.commit(app_id, sha)
    return Commit(
        app_id=app_id,
        sha=facts.sha,
        message=facts.message,
        author_name=facts.author_name,
        committed_at=facts.committed_at,
    )


async def _read_repository(installation: Installation, app_id: UUID) -> Repository:
    async with installation.database.moment() as session:
        statement = select(Repository).where(col(Repository.app_id) == app_id)
        return (await session.exec(statement)).one()


async def content_of(installation: Installation, commit: Commit) -> CommitContent:
    """The content of a fetched commit: synced before, or read, validated and kept now."""
    synced = await _synced_snapshot(installation, commit)
    if synced is not None:
        return CommitContent(commit, synced_snapshot_id=synced)
    content = await read_content(installation.mirrors, commit.app_id, commit.sha)
    if content.problems:
        return CommitContent(commit, problems=content.problems)
    files = await store_files(installation.database, installation.store, _new_files(content))
    return CommitContent(commit, files, asdict(content.configuration))


def _new_files(content: Content) -> list[NewFile]:
    return [NewFile(file.path, file.kind, file.content) for file in content.files]


async def _synced_snapshot(installation: Installation, commit: Commit) -> UUID | None:
    """Dev's own snapshot of the commit: dev is never deleted, so its entries stay."""
    async with installation.database.moment() as session:
        statement = (
            select(Deployment.snapshot_id)
            .where(
                col(Deployment.app_id) == commit.app_id,
                col(Deployment.commit_sha) == commit.sha,
                col(Deployment.pinned).is_(False),
                col(Deployment.file_sync) == FileSyncStatus.SYNCED,
            )
            .limit(1)
        )
        return (await session.exec(statement)).one_or_none()


async def write_content(
    session: AsyncSession, content: CommitContent, *, environment_id: UUID
) -> UUID:
    """Write an environment's own snapshot of the content."""
    if content.synced_snapshot_id is not None:
        return await copy_snapshot(
            session, snapshot_id=content.synced_snapshot_id, environment_id=environment_id
        )
    return await write_snapshot(
        session,
        environment_id=environment_id,
        commit_sha=content.commit.sha,
        configuration=content.configuration or {},
        files=content.files,
    )
