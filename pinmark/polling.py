"""The poll: notices heads that moved, whoever moved them."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlmodel import select

from models import Repository
from services import heads, pushes
from services.errors import RepositoryUnreachable
from services.installation import Installation

REPOSITORIES_AT_ONCE = 4

log = structlog.get_logger()


async def poll_repositories(installation: Installation) -> None:
    """Look at every linked repository once."""
    async with installation.database.moment() as session:
        repositories = (await session.exec(select(Repository))).all()
    await _look_at(installation, repositories)


async def _look_at(installation: Installation, repositories: Sequence[Repository]) -> None:
    places = asyncio.Semaphore(REPOSITORIES_AT_ONCE)

    async def look(repository: Repository) -> None:
        async with places:
            await poll_repository(installation, repository)

    outcomes = await asyncio.gather(*map(look, repositories), return_exceptions=True)
    for repository, outcome in zip(repositories, outcomes, strict=True):
        if isinstance(outcome, Exception):
            log.error("poll failed", app=str(repository.app_id), exc_info=outcome)


async def poll_repository(installation: Installation, repository: Repository) -> None:
    """Record a push when the branch has a new head; a deleted branch is no push."""
    try:
        remote = heads.remote_of(installation, repository)
        head = await installation.mirrors.observe_head(repository.app_id, remote)
        if head is not None and head != repository.head_sha:
            await heads.observe_head(installation, repository.app_id)
    except RepositoryUnreachable as error:
        async with installation.database.transaction() as session:
            await pushes.record_unreachable(session, app_id=repository.app_id, reason=error.reason)
        return
    if repository.unreachable_reason is not None:
        async with installation.database.transaction() as session:
            await pushes.record_reachable(session, app_id=repository.app_id)
