"""Making deployment rows: what every kind of deployment has in common."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import bindparam, inspect, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    Actor,
    AppEventKind,
    CodeBuildStatus,
    Commit,
    Deployment,
    DeploymentKind,
    Environment,
    FailureClass,
    FileSyncStatus,
    Override,
    utc_now,
)
from models.kinds import ContentProblemCode
from services import events, jobs
from services.errors import ContentProblem, EnvironmentBusy
from services.fixed_statements import Fixed
from services.held import send
from services.plain_rows import is_written, new_row

_COLUMNS = {each.key: each.columns[0] for each in inspect(Deployment).column_attrs}
_TYPED = [bindparam(name, type_=each.type) for name, each in _COLUMNS.items()]
_WRITE = f"""
    WITH made AS (
        INSERT INTO deployment ({", ".join(_COLUMNS)}) VALUES (:{", :".join(_COLUMNS)})
    ), counted AS (
        UPDATE environment SET deployment_count = :ordinal, deploying_id = :deploying_id
        WHERE id = :environment_id
    )
"""
_RECORD = Fixed(text(f"{_WRITE} SELECT").bindparams(*_TYPED))
_START = Fixed(text(_WRITE + jobs.DEFER).bindparams(*_TYPED))

FILE_SYNC_FAILED = "FILE_SYNC_FAILED"
SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Ask:
    """What a deployment is asked to do; it never changes afterwards."""

    kind: DeploymentKind
    commit_sha: str
    actor: Actor
    version: int | None = None
    note: str | None = None
    source_id: UUID | None = None
    source_name: str | None = None
    retry_of_id: UUID | None = None
    override: Override | None = None


async def keep_commit(session: AsyncSession, commit: Commit) -> None:
    """Keep what the commit says of itself; a commit already known is left as it is."""
    await session.exec(insert(Commit).values(**commit.model_dump()).on_conflict_do_nothing())


def check_idle(environment: Environment, *, field: str) -> None:
    """Refuse a second deployment into a pinned environment while one is in flight."""
    if environment.deploying_id is not None:
        raise EnvironmentBusy(environment.name, environment.deploying_id, path=("input", field))


async def start(
    session: AsyncSession,
    *,
    environment: Environment,
    ask: Ask,
    snapshot_id: UUID | None = None,
    artifact_id: UUID | None = None,
) -> Deployment:
    """Record a deployment into a locked environment and put its work on the queue.

    With a snapshot the files are synced already and only the build is left; without one the
    files are synced by a worker first. ``artifact_id`` names the kept build to use, if the
    deployment must not choose one by itself.
    """
    deployment = _row(environment, ask)
    deployment.snapshot_id = snapshot_id
    deployment.artifact_id = artifact_id
    if snapshot_id is not None:
        now = utc_now()
        deployment.file_sync = FileSyncStatus.SYNCED
        deployment.file_sync_started_at = deployment.file_sync_finished_at = now
    task = jobs.Task.SYNC_FILES if snapshot_id is None else jobs.Task.BUILD_CODE
    work = jobs.work_on(task, deployment_id=deployment.id, environment_id=environment.id)
    in_flight = None if environment.is_default else deployment.id
    await _write(session, _START, environment, deployment, deploying_id=in_flight, **work)
    events.append(
        session,
        app_id=environment.app_id,
        kind=AppEventKind.DEPLOYMENT_STARTED,
        actor=ask.actor,
        deployment=deployment,
    )
    return deployment


async def record_content_failure(
    session: AsyncSession,
    *,
    environment: Environment,
    ask: Ask,
    problems: Sequence[ContentProblem],
) -> Deployment:
    """Record a promotion that failed at once because the content is invalid; it has no version."""
    now = utc_now()
    reason = describe_problems(problems)
    deployment = _row(environment, replace(ask, version=None))
    deployment.content_problems = [asdict(problem) for problem in problems]
    deployment.file_sync = FileSyncStatus.FAILED
    deployment.file_sync_started_at = deployment.file_sync_finished_at = now
    deployment.file_sync_detail = reason
    deployment.code_build = CodeBuildStatus.SKIPPED
    deployment.code_build_detail = FILE_SYNC_FAILED
    deployment.failure_class = FailureClass.CONTENT
    deployment.failure_reason = reason
    deployment.settled_at = now
    await _write(session, _RECORD, environment, deployment, deploying_id=environment.deploying_id)
    events.append(
        session,
        app_id=environment.app_id,
        kind=AppEventKind.DEPLOYMENT_SETTLED,
        actor=ask.actor,
        deployment=deployment,
    )
    return deployment


def describe_problems(problems: Sequence[ContentProblem]) -> str:
    """The first problems in words, one a line, for a failure's reason."""
    shown = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        shown.append(f"and {len(problems) - SHOWN_PROBLEMS} more")
    return "\n".join(shown)


def problems_of(deployment: Deployment) -> tuple[ContentProblem, ...]:
    """What was wrong with the content of a deployment that failed for it."""
    return tuple(
        ContentProblem(
            path=kept["path"],
            line=kept["line"],
            message=kept["message"],
            code=ContentProblemCode(kept.get("code", ContentProblemCode.UNCODED)),
        )
        for kept in deployment.content_problems or ()
    )


def _row(environment: Environment, ask: Ask) -> Deployment:
    return new_row(
        Deployment,
        app_id=environment.app_id,
        environment_id=environment.id,
        ordinal=environment.deployment_count + 1,
        kind=ask.kind,
        pinned=not environment.is_default,
        source_id=ask.source_id,
        source_name=ask.source_name,
        version=ask.version,
        commit_sha=ask.commit_sha,
        note=ask.note,
        retry_of_id=ask.retry_of_id,
        override=ask.override,
        **ask.actor.columns,
    )


async def _write(
    session: AsyncSession,
    statement: Fixed,
    environment: Environment,
    deployment: Deployment,
    *,
    deploying_id: UUID | None,
    **work: str,
) -> None:
    """Write the row; its environment counts it, and points at what is in flight now."""
    row = {name: getattr(deployment, name) for name in _COLUMNS}
    await send(session, statement, **row, **work, deploying_id=deploying_id)
    is_written(environment, deployment_count=deployment.ordinal, deploying_id=deploying_id)


async def newest_success(
    session: AsyncSession, *, environment_id: UUID, version: int
) -> Deployment | None:
    """The last successful deployment of a version: its content and its kept build."""
    statement = (
        select(Deployment)
        .where(
            col(Deployment.environment_id) == environment_id,
            col(Deployment.version) == version,
            col(Deployment.settled_at).is_not(None),
            col(Deployment.failure_class).is_(None),
        )
        .order_by(col(Deployment.ordinal).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()
