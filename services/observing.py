"""Looking at a repository when somebody said that its branch moved, or when it is time to."""

from uuid import UUID

from sqlmodel import col, select

from models import Repository
from services import heads, pushes
from services.errors import RepositoryUnreachable
from services.installation import Installation


async def look(installation: Installation, app_id: UUID) -> None:
    """Record a push when the branch has a new head; a deleted branch is no push.

    Why a repository cannot be read is written beside it, until it can.
    """
    async with installation.database.moment() as session:
        statement = select(Repository).where(col(Repository.app_id) == app_id)
        repository = (await session.exec(statement)).one()
    try:
        remote = heads.remote_of(installation, repository)
        head = await installation.mirrors.observe_head(app_id, remote)
        if head is not None and head != repository.head_sha:
            await heads.observe_head(installation, app_id)
    except RepositoryUnreachable as error:
        async with installation.database.transaction() as session:
            if _link_of(await pushes.lock_repository(session, app_id)) == _link_of(repository):
                await pushes.record_unreachable(session, app_id=app_id, reason=error.reason)
        return
    if repository.unreachable_reason is not None:
        async with installation.database.transaction() as session:
            await pushes.record_reachable(session, app_id=app_id)


def _link_of(repository: Repository) -> tuple[object, ...]:
    """What a look depends on: it says nothing of a repository that was linked again meanwhile."""
    return repository.url, repository.branch, repository.credential, repository.host_key
