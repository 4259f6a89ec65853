"""The rows of runtimes: asked for, taken up by a supervisor, changed and ended.

A supervisor's writes name its own id. One that lost its hold on the installation finds another
there, and is told so by ``HoldLost``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import ColumnElement, String, and_, case, literal_column, or_, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    SYSTEM,
    AppEventKind,
    Artifact,
    Deployment,
    Environment,
    FailureClass,
    Runtime,
    RuntimeState,
    Snapshot,
    utc_now,
)
from services import doorbell, events
from services.variables.given import runtime_variables

SERVER_ENDED = "The server it ran under ended."


class HoldLost(Exception):
    """Another supervisor has the runtime now, or it has ended."""


@dataclass(frozen=True)
class Standing:
    """A living runtime beside the rows that say whether it should be."""

    runtime: Runtime
    environment: Environment
    deployment: Deployment


async def ask(
    session: AsyncSession,
    *,
    deployment: Deployment,
    artifact_id: UUID,
    snapshot_id: UUID,
    secret: bytes,
    trial: bool,
    attempt_token: UUID | None = None,
) -> UUID:
    """Ask for a runtime of the deployment with the variables of now, or for the one that it has
    with these on behalf of another attempt.
    """
    given = await runtime_variables(session, environment_id=deployment.environment_id)
    values = {
        "id": uuid4(),
        "created_at": utc_now(),
        "app_id": deployment.app_id,
        "environment_id": deployment.environment_id,
        "deployment_id": deployment.id,
        "snapshot_id": snapshot_id,
        "artifact_id": artifact_id,
        "state": RuntimeState.STARTING,
        "since": utc_now(),
        "variables_revision": given.revision,
        "variables": given.sealed,
        "trial": trial,
        "proven": False,
        "attempt_token": attempt_token,
        "secret": secret,
        "restarts": 0,
    }
    asked = await session.exec(
        insert(Runtime)
        .values(values)
        .on_conflict_do_update(
            index_elements=["deployment_id", "snapshot_id", "variables_revision"],
            index_where=_LIVING,
            set_={"attempt_token": attempt_token},
        )
        .returning(col(Runtime.id))
    )
    doorbell.ring(session, doorbell.RUNTIMES)
    return asked.scalar_one()


# As a literal, as the index has it: planned without its values, a statement on a parameter
# names no index, and Postgres refuses it from its sixth use on a connection on.
_DRAINING: ColumnElement[str] = literal_column(f"'{RuntimeState.DRAINING.value}'", String())
_LIVING = and_(col(Runtime.ended_at).is_(None), col(Runtime.state) != _DRAINING)


# Of an environment's runtimes: those with newer variables before those that were asked for later.
_NEWEST_FIRST = (col(Runtime.variables_revision).desc(), col(Runtime.created_at).desc())


async def take_over(session: AsyncSession, supervisor_id: UUID) -> None:
    """Begin where the supervisor before left off: whatever it ran has ended with it.

    What the pins name is started again, and so is a candidate that is waited for; dev's is not
    before somebody calls it.
    """
    statement = select(Runtime, Environment.is_default).join(
        Environment, col(Environment.id) == col(Runtime.environment_id)
    )
    found = await session.exec(statement.where(col(Runtime.ended_at).is_(None)))
    for runtime, is_default in found.all():
        over = is_default or runtime.state is RuntimeState.DRAINING
        _move(session, runtime, RuntimeState.STOPPED if over else RuntimeState.STARTING)
        runtime.address = None
        runtime.supervisor_id = None if over else supervisor_id
        if over:
            runtime.reason = runtime.reason or SERVER_ENDED
            _end(runtime)
        session.add(runtime)


async def let_go(session: AsyncSession, supervisor_id: UUID) -> None:
    """The supervisor ends in good order, and with it all that it ran."""
    statement = select(Runtime).where(
        col(Runtime.supervisor_id) == supervisor_id, col(Runtime.ended_at).is_(None)
    )
    for runtime in (await session.exec(statement.with_for_update())).all():
        runtime.supervisor_id = None
        _down(session, runtime, RuntimeState.STOPPED, SERVER_ENDED)


async def claim(session: AsyncSession, runtime_id: UUID, supervisor_id: UUID) -> None:
    await session.exec(
        update(Runtime)
        .where(col(Runtime.id) == runtime_id, col(Runtime.ended_at).is_(None))
        .values(supervisor_id=supervisor_id)
    )


async def standing(session: AsyncSession) -> list[Standing]:
    """Every living runtime, newest first."""
    statement = (
        select(Runtime, Environment, Deployment)
        .join(Environment, col(Environment.id) == col(Runtime.environment_id))
        .join(Deployment, col(Deployment.id) == col(Runtime.deployment_id))
        .where(col(Runtime.ended_at).is_(None))
        .order_by(*_NEWEST_FIRST)
    )
    return [Standing(*row) for row in (await session.exec(statement)).all()]


async def pins_without_runtime(session: AsyncSession) -> list[Deployment]:
    """What pinned environments serve and have code for, without a living runtime that has the
    variables of now.
    """
    living = (
        select(Runtime.id)
        .where(
            col(Runtime.deployment_id) == col(Deployment.id),
            col(Runtime.snapshot_id) == col(Deployment.snapshot_id),
            col(Runtime.variables_revision) == col(Environment.variables_revision),
            _LIVING,
        )
        .exists()
    )
    statement = (
        select(Deployment)
        .join(Environment, col(Environment.pinned_deployment_id) == col(Deployment.id))
        .where(
            col(Environment.deleted_at).is_(None),
            col(Deployment.artifact_id).is_not(None),
            ~living,
        )
    )
    return list((await session.exec(statement)).all())


@dataclass(frozen=True)
class DevelopmentCode:
    """What dev runs: the newest code over the newest content, with the variables of now."""

    deployment: Deployment
    snapshot_id: UUID
    variables_revision: int


async def development_code(
    session: AsyncSession, environment: Environment
) -> DevelopmentCode | None:
    """None while dev has no code to run, or no content for it."""
    if environment.code_deployment_id is None or environment.content_deployment_id is None:
        return None
    code = await session.get_one(Deployment, environment.code_deployment_id)
    content = await session.get_one(Deployment, environment.content_deployment_id)
    if code.artifact_id is None or content.snapshot_id is None:
        return None
    return DevelopmentCode(code, content.snapshot_id, environment.variables_revision)


@dataclass(frozen=True)
class Rows:
    """The rows that a runtime's plan is made from."""

    runtime: Runtime
    environment: Environment
    deployment: Deployment
    artifact: Artifact
    snapshot: Snapshot


async def read_rows(session: AsyncSession, runtime_id: UUID) -> Rows:
    runtime = await session.get_one(Runtime, runtime_id)
    return Rows(
        runtime,
        await session.get_one(Environment, runtime.environment_id),
        await session.get_one(Deployment, runtime.deployment_id),
        await session.get_one(Artifact, runtime.artifact_id),
        await session.get_one(Snapshot, runtime.snapshot_id),
    )


async def lock_held(session: AsyncSession, runtime_id: UUID, supervisor_id: UUID) -> Runtime:
    """Hold the row for a write of the supervisor, or ``HoldLost``."""
    runtime = await session.get_one(Runtime, runtime_id, with_for_update=True)
    if runtime.supervisor_id != supervisor_id or runtime.ended_at is not None:
        raise HoldLost
    return runtime


def healthy(session: AsyncSession, runtime: Runtime, *, address: str) -> None:
    runtime.address = address
    runtime.trial, runtime.proven = False, True
    runtime.reason = runtime.failure_class = None
    _move(session, runtime, RuntimeState.HEALTHY)


def starting_again(session: AsyncSession, runtime: Runtime, *, reason: str) -> None:
    runtime.restarts += 1
    _down(session, runtime, RuntimeState.STARTING, reason)


def waiting(session: AsyncSession, runtime: Runtime, *, reason: str, kind: FailureClass) -> None:
    """It failed and is started again after a pause."""
    runtime.failure_class = kind
    _down(session, runtime, RuntimeState.FAILED, reason)


def failed(session: AsyncSession, runtime: Runtime, *, reason: str, kind: FailureClass) -> None:
    """It failed for good."""
    runtime.failure_class = kind
    _end(runtime)
    _down(session, runtime, RuntimeState.FAILED, reason)


def draining(session: AsyncSession, runtime: Runtime) -> None:
    _move(session, runtime, RuntimeState.DRAINING)


def stopped(session: AsyncSession, runtime: Runtime) -> None:
    _end(runtime)
    _down(session, runtime, RuntimeState.STOPPED, runtime.reason)


def _end(runtime: Runtime) -> None:
    runtime.ended_at = utc_now()
    runtime.secret = runtime.variables = None


async def forget_variables(session: AsyncSession, *, environment_id: UUID) -> None:
    """Take the values from what still runs in an environment that is being deleted."""
    await session.exec(
        update(Runtime)
        .where(col(Runtime.environment_id) == environment_id, col(Runtime.ended_at).is_(None))
        .values(variables={})
    )


def _down(session: AsyncSession, runtime: Runtime, state: RuntimeState, reason: str | None) -> None:
    runtime.address = None
    runtime.reason = reason
    _move(session, runtime, state)


def _move(session: AsyncSession, runtime: Runtime, state: RuntimeState) -> None:
    runtime.state = state
    runtime.since = utc_now()
    session.add(runtime)
    doorbell.ring(session, doorbell.runtime_topic(runtime.environment_id))
    events.append(
        session,
        app_id=runtime.app_id,
        kind=AppEventKind.RUNTIME_CHANGED,
        actor=SYSTEM,
        environment_id=runtime.environment_id,
    )


async def serving(session: AsyncSession, environment: Environment) -> Runtime | None:
    """The healthy runtime that the environment's requests go to now."""
    statement = select(Runtime).where(
        col(Runtime.environment_id) == environment.id,
        col(Runtime.state) == RuntimeState.HEALTHY.value,
    )
    if not environment.is_default:
        statement = statement.where(col(Runtime.deployment_id) == environment.pinned_deployment_id)
    newest = statement.order_by(*_NEWEST_FIRST).limit(1)
    return (await session.exec(newest)).one_or_none()


async def newest_of(
    session: AsyncSession, deployment_id: UUID, snapshot_id: UUID, *, revision: int | None = None
) -> Runtime | None:
    """The newest runtime of this very code and content, whatever became of it; with these very
    variables where their ``revision`` is given.
    """
    statement = select(Runtime).where(
        col(Runtime.deployment_id) == deployment_id, col(Runtime.snapshot_id) == snapshot_id
    )
    if revision is not None:
        statement = statement.where(col(Runtime.variables_revision) == revision)
    return (await session.exec(statement.order_by(*_NEWEST_FIRST).limit(1))).one_or_none()


async def newest_development(session: AsyncSession, code: DevelopmentCode) -> Runtime | None:
    """The newest runtime of what dev has now, whatever became of it."""
    return await newest_of(
        session, code.deployment.id, code.snapshot_id, revision=code.variables_revision
    )


async def shown(session: AsyncSession, environment_ids: Sequence[UUID]) -> list[Runtime | None]:
    """Each environment's runtime: of what it is pinned to, for dev the newest that serves."""
    serving_first = case((col(Runtime.state) == RuntimeState.HEALTHY.value, 0), else_=1)
    statement = (
        select(Runtime)
        .join(Environment, col(Environment.id) == col(Runtime.environment_id))
        .where(
            col(Environment.id).in_(set(environment_ids)),
            or_(
                col(Environment.is_default),
                col(Environment.pinned_deployment_id) == col(Runtime.deployment_id),
            ),
        )
        .order_by(col(Runtime.environment_id), serving_first, *_NEWEST_FIRST)
        .ext(distinct_on(col(Runtime.environment_id)))
    )
    rows = {row.environment_id: row for row in (await session.exec(statement)).all()}
    return [rows.get(environment_id) for environment_id in environment_ids]


async def replacements(session: AsyncSession, runtimes: Sequence[Runtime]) -> list[Runtime | None]:
    """What is to take each runtime's place and has not yet: it starts, or fails to."""
    newer, shown = aliased(Runtime), aliased(Runtime)
    statement = (
        select(shown.id, newer)
        .join(newer, col(newer.environment_id) == col(shown.environment_id))
        .join(Environment, col(Environment.id) == col(shown.environment_id))
        .where(
            col(shown.id).in_([runtime.id for runtime in runtimes]),
            col(newer.state).in_([RuntimeState.STARTING.value, RuntimeState.FAILED.value]),
            sa.tuple_(col(newer.variables_revision), col(newer.created_at))
            > sa.tuple_(col(shown.variables_revision), col(shown.created_at)),
            or_(
                col(Environment.is_default),
                col(newer.deployment_id) == col(Environment.pinned_deployment_id),
            ),
        )
        .order_by(col(shown.id), col(newer.variables_revision).desc(), col(newer.created_at).desc())
        .ext(distinct_on(col(shown.id)))
    )
    found = dict((await session.exec(statement)).all())
    return [found.get(runtime.id) for runtime in runtimes]
