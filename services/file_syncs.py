"""File sync of a push: the content of its commit becomes dev's snapshot."""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Commit, Deployment, FailureClass, Override
from services import faults, heads, settlement
from services.deployments import describe_problems
from services.errors import RepositoryUnreachable
from services.faults import Point
from services.heads import CommitContent
from services.installation import Installation
from services.settlement import Attempt, AttemptLost, Failure

SKIP_DEPLOY = Override.SKIP_DEPLOY.value

log = structlog.get_logger()


async def sync_files(installation: Installation, deployment_id: UUID) -> None:
    """Sync the files of a deployment into dev, once; what another worker did is left alone."""
    async with installation.database.transaction() as session:
        if not await settlement.awaits_file_sync(session, deployment_id):
            return
        attempt = await settlement.begin_attempt(session, deployment_id)
        if attempt is None:
            return
        faults.reach(Point.BEGIN_SYNC_TAKEN, session)
        if attempt.deployment.override is Override.SKIP_DEPLOY:
            await settlement.settle_skipped(
                session, attempt, detail=SKIP_DEPLOY, decision=settlement.FORCED_SKIP
            )
            return
        settlement.begin_file_sync(session, attempt)
    try:
        await _sync(installation, attempt)
    except AttemptLost:
        log.info("file sync lost its attempt", deployment=str(deployment_id))
    except asyncio.CancelledError:
        await _hand_back(installation, attempt)
        raise


async def _hand_back(installation: Installation, attempt: Attempt) -> None:
    """Have another worker begin again; should that fail, the lost job is found."""
    try:
        async with installation.database.transaction() as session:
            await settlement.hand_back(session, attempt)
    except AttemptLost:
        return
    except (OSError, DBAPIError) as error:
        log.warning("a file sync cannot be handed back", error=type(error).__name__)


async def _sync(installation: Installation, attempt: Attempt) -> None:
    try:
        content = await _read(installation, attempt.deployment)
    except RepositoryUnreachable as error:
        failure = Failure(FailureClass.INFRASTRUCTURE, error.message)
        async with installation.database.transaction() as session:
            await settlement.settle_failed(session, attempt, failure)
        return
    faults.reach(Point.SYNC_READ)
    async with installation.database.transaction() as session:
        if content.problems:
            reason = describe_problems(content.problems)
            failure = Failure(FailureClass.CONTENT, reason, content.problems)
            await settlement.settle_failed(session, attempt, failure)
            return
        snapshot_id = await heads.write_content(
            session, content, environment_id=attempt.environment.id
        )
        await settlement.finish_file_sync(session, attempt, snapshot_id=snapshot_id)
        faults.reach(Point.SYNC_WRITTEN, session)


async def _read(installation: Installation, deployment: Deployment) -> CommitContent:
    async with installation.database.moment() as session:
        commit = await session.get_one(Commit, (deployment.app_id, deployment.commit_sha))
    await ensure_commit(installation, deployment)
    return await heads.content_of(installation, commit)


async def ensure_commit(installation: Installation, deployment: Deployment) -> None:
    """Have the deployment's commit in this machine's mirror, or ``RepositoryUnreachable``."""
    if await installation.mirrors.has_commit(deployment.app_id, deployment.commit_sha):
        return
    async with installation.database.moment() as session:
        app = await session.get_one(App, deployment.app_id)
        repository = await heads.find_repository(session, app, field="deploymentId")
    remote = heads.remote_of(installation, repository)
    await installation.mirrors.ensure_commit(deployment.app_id, remote, deployment.commit_sha)


async def is_superseded(session: AsyncSession, deployment: Deployment) -> bool:
    """Whether a newer push has valid content or may yet have: its build is the one to make.

    One whose commit message asks for no build has none to make.
    """
    builds = col(Deployment.override).is_(None) | (col(Deployment.override) == Override.FORCE_BUILD)
    newer = (
        select(Deployment.id)
        .where(
            col(Deployment.environment_id) == deployment.environment_id,
            col(Deployment.ordinal) > deployment.ordinal,
            col(Deployment.failure_class).is_(None),
            builds,
        )
        .limit(1)
    )
    return (await session.exec(newer)).one_or_none() is not None
