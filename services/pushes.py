"""Pushes: every head seen on the tracked branch makes a record of its own in dev, in order."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Actor, ActorKind, Commit, DeploymentKind, Repository, override_in, utc_now
from services import deployments
from services.access import lock_environment
from services.apps import default_environment_id
from services.deployments import Ask


async def record_head(
    session: AsyncSession, *, app_id: UUID, commit: Commit, seen_before: str | None
) -> bool:
    """Record ``commit`` as the branch's head, with a push into dev when it is new.

    False when another head was recorded since ``seen_before``: the caller looks again, because
    an old observation must not move dev back.
    """
    dev = await lock_environment(session, await default_environment_id(session, app_id))
    repository = await lock_repository(session, app_id)
    repository.observed_at = utc_now()
    repository.unreachable_reason = None
    session.add(repository)
    if repository.head_sha == commit.sha:
        return True
    if repository.head_sha != seen_before:
        return False
    repository.head_sha = commit.sha
    await deployments.keep_commit(session, commit)
    pusher = Actor(ActorKind.GIT, None, commit.author_name)
    ask = Ask(
        kind=DeploymentKind.PUSH,
        commit_sha=commit.sha,
        actor=pusher,
        override=override_in(commit.message),
    )
    await deployments.start(session, environment=dev, ask=ask)
    return True


async def record_unreachable(session: AsyncSession, *, app_id: UUID, reason: str) -> None:
    """Say why the last look at the repository failed."""
    repository = await lock_repository(session, app_id)
    if repository.unreachable_reason != reason:
        repository.unreachable_reason = reason
        session.add(repository)


async def record_reachable(session: AsyncSession, *, app_id: UUID) -> None:
    """Say that the repository answers again."""
    repository = await lock_repository(session, app_id)
    repository.unreachable_reason = None
    session.add(repository)


async def lock_repository(session: AsyncSession, app_id: UUID) -> Repository:
    statement = (
        select(Repository)
        .where(col(Repository.app_id) == app_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one()
