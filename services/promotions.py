"""Promotion: what one environment has, given to another as a version of its own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    Deployment,
    DeploymentKind,
    Environment,
    FailureClass,
    Override,
    override_in,
)
from services import deployments, faults, heads, snapshots
from services.acceptance import find_accepted, record_accepted
from services.access import can_see_environments, lock_environments, visible_environment
from services.deployments import Ask, check_idle, problems_of
from services.errors import (
    ContentInvalid,
    NotFound,
    RepositoryUnreachable,
    SourceIsTarget,
    StaleSource,
    StaleTarget,
    TargetIsDefault,
)
from services.faults import Point
from services.fixed_statements import Fixed
from services.heads import CommitContent
from services.held import send
from services.idempotency import Repeatable
from services.inputs import check_note
from services.installation import Installation
from services.lookups import rows_by_id
from services.principals import Permission, Principal, require
from services.revisions import check_revision

FIELDS = ("sourceId", "targetId")

_PIN = Fixed(
    text(
        """
        SELECT commit_sha, snapshot_id, message
        FROM deployment JOIN commit ON commit.app_id = deployment.app_id AND sha = commit_sha
        WHERE deployment.id = :deployment_id
        """
    )
)


@dataclass(frozen=True)
class Promotion:
    """What a promotion is asked to do; the expectations refuse it when things moved."""

    source_id: UUID | None
    target_id: UUID | None
    note: str | None = None
    expected_source_commit: str | None = None
    expected_target_version: int | None = None
    idempotency_key: str | None = None
    expected_revisions: frozenset[str] | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "promoteEnvironment",
            self.idempotency_key,
            {
                "source": str(self.source_id),
                "target": str(self.target_id),
                "note": self.note,
                "expectedSourceCommit": self.expected_source_commit,
                "expectedTargetVersion": self.expected_target_version,
            },
        )


async def promote_environment(
    installation: Installation, *, principal: Principal, request: Promotion
) -> Deployment:
    """Start promoting the source into the target; return the deployment to watch.

    The target keeps serving its present version until the deployment settles; if any step
    fails, its pin and ``current_version`` stay as they were. Owns its transactions: HEAD is
    fetched and its blobs are kept before the one that decides, so nothing slow holds a lock.
    With a pin there is nothing to fetch, and the transaction that looked decides.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidInput``, every promotion refusal,
    ``RepositoryUnreachable``, and ``ContentInvalid`` after recording the failed attempt.
    """
    check_note(request.note)
    async with installation.database.transaction() as session:
        made = await find_accepted(session, principal=principal, request=request.repeatable())
        if made is not None:
            return _answer(made)
        source = await _look(session, principal, request)
        faults.reach(Point.PROMOTE_LOOKED)
        if source.pinned_deployment_id is not None:
            faults.reach(Point.PROMOTE_READ)
            return await _decide(session, principal, request, head=None)
    head = await _read_head(installation, source.app_id)
    faults.reach(Point.PROMOTE_READ)
    async with installation.database.transaction() as session:
        deployment = await promote(session, principal=principal, request=request, head=head)
    return _answer(deployment)


def _answer(deployment: Deployment) -> Deployment:
    if deployment.failure_class is FailureClass.CONTENT:
        raise ContentInvalid(deployment.id, problems_of(deployment))
    return deployment


async def _look(session: AsyncSession, principal: Principal, request: Promotion) -> Environment:
    """Refuse what will be refused anyway, before anything is held; the source as it is."""
    wanted = [request.source_id, request.target_id]
    found = await rows_by_id(session, Environment, [each for each in wanted if each])
    rows = {row.id: row for row in found if row}
    source, target = (
        visible_environment(
            None if identity is None else rows.get(identity), principal=principal, field=field
        )
        for identity, field in zip(wanted, FIELDS, strict=True)
    )
    await _check_rules(session, principal, source, target)
    check_revision(target, request.expected_revisions)
    check_idle(target, field="targetId")
    _check_expectation(request, target)
    return source


async def _read_head(installation: Installation, app_id: UUID) -> CommitContent:
    try:
        commit = await heads.observe_head(installation, app_id)
        return await heads.content_of(installation, commit)
    except RepositoryUnreachable as error:
        raise RepositoryUnreachable(error.reason, path=("input", "sourceId")) from error


async def promote(
    session: AsyncSession,
    *,
    principal: Principal,
    request: Promotion,
    head: CommitContent | None,
) -> Deployment:
    """The deciding transaction of a promotion.

    ``head`` is branch HEAD with its blobs kept; it is needed only while the source has no pin,
    and a source that got one meanwhile gives its pin. Invalid content is recorded as a failed
    deployment without a version, for the caller to refuse once that is committed.
    """
    made = await find_accepted(session, principal=principal, request=request.repeatable())
    return made or await _decide(session, principal, request, head)


async def _decide(
    session: AsyncSession, principal: Principal, request: Promotion, head: CommitContent | None
) -> Deployment:
    source, target = await _lock(session, request)
    faults.reach(Point.PROMOTE_LOCKED, session)
    await _check_rules(session, principal, source, target)
    check_revision(target, request.expected_revisions)
    check_idle(target, field="targetId")
    _check_expectation(request, target)
    deployment = (
        await _promote_pin(session, principal, request, source, target)
        if source.pinned_deployment_id is not None
        else await _promote_head(session, principal, request, source, target, head)
    )
    faults.reach(Point.PROMOTE_STARTED, session)
    record_accepted(
        session,
        principal=principal,
        request=request.repeatable(),
        environment=target,
        deployment=deployment,
        action="environment.promote",
        source=source.id,
    )
    return deployment


async def _lock(session: AsyncSession, request: Promotion) -> tuple[Environment, Environment]:
    wanted = [request.source_id, request.target_id]
    rows = await lock_environments(session, [identity for identity in wanted if identity])
    pair: list[Environment] = []
    for identity, field in zip(wanted, FIELDS, strict=True):
        if identity is None or identity not in rows:
            raise NotFound("environment", path=("input", field))
        pair.append(rows[identity])
    return pair[0], pair[1]


async def _check_rules(
    session: AsyncSession, principal: Principal, source: Environment, target: Environment
) -> None:
    """Refuse what no promotion may do, whoever asks and however the repository stands."""
    for environment, field in ((target, "targetId"), (source, "sourceId")):
        visible = can_see_environments(principal, environment.app_id)
        if not visible or environment.app_id != target.app_id:
            raise NotFound("environment", path=("input", field))
    check_target(principal, target)
    if source.id == target.id:
        raise SourceIsTarget(target.name)
    if source.pinned_deployment_id is None:  # a pin came from a repository, which stays linked
        await heads.check_repository(session, target.app_id, field="sourceId")


def check_target(principal: Principal, target: Environment) -> None:
    """Refuse what is never promoted into, and whoever may not."""
    require(principal, Permission.ENVIRONMENT_PROMOTE, app_id=target.app_id)
    if target.is_default:
        raise TargetIsDefault(target.name)


def _check_expectation(request: Promotion, target: Environment) -> None:
    expected, actual = request.expected_target_version, target.pinned_version or 0
    if expected is not None and expected != actual:
        raise StaleTarget(expected, actual)


def _check_source(request: Promotion, commit_sha: str) -> None:
    expected = request.expected_source_commit
    if expected is not None and expected != commit_sha:
        raise StaleSource(expected, commit_sha)


async def _promote_pin(
    session: AsyncSession,
    principal: Principal,
    request: Promotion,
    source: Environment,
    target: Environment,
) -> Deployment:
    pinned_id = source.pinned_deployment_id
    [[commit_sha, snapshot_id, message]] = await send(session, _PIN, deployment_id=pinned_id)
    _check_source(request, commit_sha)
    return await deployments.start(
        session,
        environment=target,
        ask=_ask(principal, request, source, target, commit_sha, message),
        snapshot_id=await snapshots.copy_snapshot(
            session, snapshot_id=snapshot_id, environment_id=target.id
        ),
    )


async def _promote_head(
    session: AsyncSession,
    principal: Principal,
    request: Promotion,
    source: Environment,
    target: Environment,
    head: CommitContent | None,
) -> Deployment:
    # A pin is never taken away, so a source without one had none at the first look either.
    assert head is not None
    _check_source(request, head.commit.sha)
    await deployments.keep_commit(session, head.commit)
    ask = _ask(principal, request, source, target, head.commit.sha, head.commit.message)
    if head.problems:
        return await deployments.record_content_failure(
            session, environment=target, ask=ask, problems=head.problems
        )
    return await deployments.start(
        session,
        environment=target,
        ask=ask,
        snapshot_id=await heads.write_content(session, head, environment_id=target.id),
    )


def _ask(
    principal: Principal,
    request: Promotion,
    source: Environment,
    target: Environment,
    commit_sha: str,
    message: str,
) -> Ask:
    """Of what the commit message asks, a promotion honours a forced build and skips nothing."""
    forced = override_in(message) is Override.FORCE_BUILD
    return Ask(
        kind=DeploymentKind.PROMOTION,
        commit_sha=commit_sha,
        actor=principal.actor,
        version=target.current_version + 1,
        note=request.note,
        source_id=source.id,
        source_name=source.name,
        override=Override.FORCE_BUILD if forced else None,
    )
