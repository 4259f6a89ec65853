"""Running and settling: the only code that writes what happened to a deployment.

A worker takes an attempt and holds its token; every later write compares the token under the
row lock. A worker that was thought dead and comes back holds an old one, and is told so by
``AttemptLost``. Rows are locked environment first, deployment second.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    SYSTEM,
    Actor,
    AppEventKind,
    CacheDecisionKind,
    CodeBuildStatus,
    Deployment,
    DeploymentKind,
    Environment,
    FailureClass,
    FileSyncStatus,
    utc_now,
)
from services import doorbell, events, faults, jobs, serving
from services.access import lock_deployment
from services.deployments import FILE_SYNC_FAILED
from services.errors import AlreadySettled, ContentProblem
from services.faults import Point
from services.texts import storable

MAXIMUM_ATTEMPTS = 3
MAXIMUM_REASON = 20_000
SUPERSEDED = "SUPERSEDED"


class AttemptLost(Exception):
    """Another worker has the deployment now, or it settled: what this one found counts no more."""


@dataclass(frozen=True)
class Attempt:
    """A worker's hold on a deployment: ``number`` counts from 1, ``token`` fences the others."""

    deployment: Deployment
    environment: Environment
    number: int
    token: UUID


@dataclass(frozen=True)
class CacheDecision:
    """Why a kept build was used or not; ``key`` is the digest of all that goes in."""

    kind: CacheDecisionKind
    detail: str | None = None
    key: str | None = None


FORCED_SKIP = CacheDecision(CacheDecisionKind.FORCED_SKIP)
"""The commit message asked for no build."""


@dataclass(frozen=True)
class Failure:
    """Why a step failed, in words."""

    kind: FailureClass
    reason: str
    problems: tuple[ContentProblem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", storable(self.reason, maximum=MAXIMUM_REASON))


async def awaits_file_sync(session: AsyncSession, deployment_id: UUID) -> bool:
    """Whether the files are still to be synced; true until this transaction ends.

    A sync that is asked for again must take nothing from the build that followed it.
    """
    _, deployment = await _lock(session, deployment_id)
    return not deployment.file_sync.is_settled


async def begin_attempt(session: AsyncSession, deployment_id: UUID) -> Attempt | None:
    """Take the deployment for this worker, or None when nothing is left to do.

    The attempt after the last allowed one settles the deployment as an infrastructure failure.
    """
    environment, deployment = await _lock(session, deployment_id)
    if deployment.settled_at is not None:
        return None
    if deployment.attempt >= MAXIMUM_ATTEMPTS:
        failure = Failure(
            FailureClass.INFRASTRUCTURE,
            f"It was tried {MAXIMUM_ATTEMPTS} times and never finished: its worker died, or met an"
            " error of ours.",
        )
        _fail(session, environment, deployment, failure, SYSTEM)
        return None
    deployment.attempt += 1
    deployment.attempt_token = uuid4()
    session.add(deployment)
    await session.flush()  # the attempt may settle in this very transaction, which reads it again
    return Attempt(deployment, environment, deployment.attempt, deployment.attempt_token)


def begin_file_sync(session: AsyncSession, attempt: Attempt) -> None:
    if attempt.deployment.file_sync is FileSyncStatus.PENDING:
        attempt.deployment.file_sync = FileSyncStatus.SYNCING
        attempt.deployment.file_sync_started_at = utc_now()
        _progressed(session, attempt.deployment)


def begin_code_build(session: AsyncSession, attempt: Attempt) -> None:
    if attempt.deployment.code_build is CodeBuildStatus.PENDING:
        attempt.deployment.code_build = CodeBuildStatus.BUILDING
        attempt.deployment.code_build_started_at = utc_now()
        _progressed(session, attempt.deployment)


async def finish_file_sync(session: AsyncSession, attempt: Attempt, *, snapshot_id: UUID) -> None:
    """The default environment's content is live from here on; its build follows."""
    environment, deployment = await _lock_attempt(session, attempt)
    deployment.file_sync = FileSyncStatus.SYNCED
    deployment.file_sync_finished_at = await serving.next_moment(
        session, environment_id=environment.id
    )
    deployment.snapshot_id = snapshot_id
    deployment.attempt, deployment.attempt_token = 0, None  # the build counts its own
    if await _is_newest(session, environment.content_deployment_id, deployment):
        environment.content_deployment_id = deployment.id
        await serving.begin(session, deployment=deployment, at=deployment.file_sync_finished_at)
        doorbell.ring(session, doorbell.RUNTIMES)
    session.add_all([environment, deployment])
    await jobs.enqueue(
        session,
        jobs.Task.BUILD_CODE,
        deployment_id=deployment.id,
        environment_id=environment.id,
    )
    _progressed(session, deployment)


async def hand_back(session: AsyncSession, attempt: Attempt) -> None:
    """Leave the deployment to another worker: this one is told to stop, and did not try in vain."""
    environment, deployment = await _lock_attempt(session, attempt)
    deployment.attempt, deployment.attempt_token = deployment.attempt - 1, None
    session.add(deployment)
    await jobs.enqueue(
        session,
        jobs.Task.BUILD_CODE if deployment.file_sync.is_settled else jobs.Task.SYNC_FILES,
        deployment_id=deployment.id,
        environment_id=environment.id,
    )


async def note_decision(session: AsyncSession, attempt: Attempt, decision: CacheDecision) -> None:
    """Write down why a kept build is used or not, before the build that may fail."""
    _, deployment = await _lock_attempt(session, attempt)
    _decide(deployment, decision)
    session.add(deployment)


def _decide(deployment: Deployment, decision: CacheDecision) -> None:
    deployment.cache_decision = decision.kind
    deployment.cache_detail = decision.detail and storable(decision.detail)
    deployment.cache_key = decision.key


async def settle_built(
    session: AsyncSession,
    attempt: Attempt,
    *,
    artifact_id: UUID | None,
    decision: CacheDecision,
) -> None:
    """The code is there: the pin moves now, and for a promotion the counter with it."""
    environment, deployment = await _lock_attempt(session, attempt)
    faults.reach(Point.SETTLE_LOCKED, session)
    built = decision.kind not in {CacheDecisionKind.HIT, CacheDecisionKind.NO_HANDLER}
    deployment.code_build = CodeBuildStatus.DEPLOYED if built else CodeBuildStatus.SKIPPED
    deployment.artifact_id = artifact_id
    _decide(deployment, decision)
    if not built:
        deployment.code_build_detail = decision.kind.value
    at = await serving.next_moment(session, environment_id=environment.id)
    await _move(session, environment, deployment, at)
    faults.reach(Point.SETTLE_MOVED, session)
    _settled(session, environment, deployment, SYSTEM, at)


async def settle_skipped(
    session: AsyncSession,
    attempt: Attempt,
    *,
    detail: str,
    decision: CacheDecision | None = None,
) -> None:
    """What is left of the deployment is not done: the environment keeps what it had of it."""
    environment, deployment = await _lock_attempt(session, attempt)
    if not deployment.file_sync.is_settled:
        deployment.file_sync = FileSyncStatus.SKIPPED
        deployment.file_sync_detail = detail
        deployment.file_sync_finished_at = utc_now()
    deployment.code_build = CodeBuildStatus.SKIPPED
    deployment.code_build_detail = detail
    if decision is not None:
        deployment.cache_decision = decision.kind
    _settled(session, environment, deployment, SYSTEM)


async def settle_failed(session: AsyncSession, attempt: Attempt, failure: Failure) -> None:
    """The step in hand failed; the environment keeps serving what it served."""
    environment, deployment = await _lock_attempt(session, attempt)
    faults.reach(Point.FAIL_LOCKED, session)
    _fail(session, environment, deployment, failure, SYSTEM)


async def cancel(
    session: AsyncSession, *, environment: Environment, deployment: Deployment, actor: Actor
) -> None:
    """Settle a locked deployment as cancelled, or ``AlreadySettled`` when it was faster."""
    if deployment.settled_at is not None:
        raise AlreadySettled(deployment.id)
    failure = Failure(FailureClass.CANCELLED, f"Cancelled by {actor.name}.")
    _fail(session, environment, deployment, failure, actor)


async def holds(session: AsyncSession, attempt: Attempt) -> bool:
    """Whether the attempt still has the deployment."""
    statement = select(Deployment.attempt_token, Deployment.settled_at).where(
        col(Deployment.id) == attempt.deployment.id
    )
    token, settled_at = (await session.exec(statement)).one()
    return token == attempt.token and settled_at is None


async def lock_held(session: AsyncSession, attempt: Attempt) -> None:
    """Hold the deployment row for a write of the attempt, or ``AttemptLost``."""
    deployment = await lock_deployment(session, attempt.deployment.id)
    if deployment.settled_at is not None or deployment.attempt_token != attempt.token:
        raise AttemptLost


async def _lock(session: AsyncSession, deployment_id: UUID) -> tuple[Environment, Deployment]:
    # An environment with an unsettled deployment cannot be deleted, so it is there.
    owner = select(Deployment.environment_id).where(col(Deployment.id) == deployment_id)
    environment = await session.get_one(
        Environment,
        (await session.exec(owner)).one(),
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    return environment, await lock_deployment(session, deployment_id)


async def _lock_attempt(session: AsyncSession, attempt: Attempt) -> tuple[Environment, Deployment]:
    environment, deployment = await _lock(session, attempt.deployment.id)
    if deployment.settled_at is not None or deployment.attempt_token != attempt.token:
        raise AttemptLost
    return environment, deployment


async def _move(
    session: AsyncSession, environment: Environment, deployment: Deployment, at: datetime
) -> None:
    if environment.is_default:
        if await _is_newest(session, environment.code_deployment_id, deployment):
            environment.code_deployment_id = deployment.id
        return
    assert deployment.version is not None
    environment.pinned_version = deployment.version
    environment.pinned_deployment_id = deployment.id
    if deployment.kind is DeploymentKind.PROMOTION:
        environment.current_version = deployment.version
    await serving.begin(session, deployment=deployment, at=at)


async def _is_newest(
    session: AsyncSession, present_id: UUID | None, deployment: Deployment
) -> bool:
    if present_id is None:
        return True
    present = select(Deployment.ordinal).where(col(Deployment.id) == present_id)
    return (await session.exec(present)).one() < deployment.ordinal


def _fail(
    session: AsyncSession,
    environment: Environment,
    deployment: Deployment,
    failure: Failure,
    actor: Actor,
) -> None:
    if deployment.file_sync.is_settled:
        deployment.code_build = CodeBuildStatus.FAILED
    else:
        deployment.file_sync = FileSyncStatus.FAILED
        deployment.file_sync_finished_at = utc_now()
        deployment.file_sync_detail = failure.reason
        deployment.code_build = CodeBuildStatus.SKIPPED
        deployment.code_build_detail = FILE_SYNC_FAILED
    deployment.failure_class = failure.kind
    deployment.failure_reason = failure.reason
    if failure.problems:
        deployment.content_problems = [asdict(problem) for problem in failure.problems]
    _settled(session, environment, deployment, actor)


def _settled(
    session: AsyncSession,
    environment: Environment,
    deployment: Deployment,
    actor: Actor,
    at: datetime | None = None,
) -> None:
    deployment.settled_at = at or utc_now()
    if deployment.code_build_started_at is not None:
        deployment.code_build_finished_at = deployment.settled_at
    deployment.attempt_token = None
    if environment.deploying_id == deployment.id:
        environment.deploying_id = None
    session.add_all([environment, deployment])
    doorbell.ring(session, doorbell.log_topic(deployment.id))
    doorbell.ring(session, doorbell.RUNTIMES)
    events.append(
        session,
        app_id=deployment.app_id,
        kind=AppEventKind.DEPLOYMENT_SETTLED,
        actor=actor,
        deployment=deployment,
    )


def _progressed(session: AsyncSession, deployment: Deployment) -> None:
    session.add(deployment)
    events.append(
        session,
        app_id=deployment.app_id,
        kind=AppEventKind.DEPLOYMENT_PROGRESSED,
        actor=SYSTEM,
        deployment=deployment,
    )
