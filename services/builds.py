"""Code builds: decide, build in the sandbox, keep the artifact, have it running, settle.

The worker holds an attempt. Beside the build runs a watch on it: when the deployment is
cancelled or another worker takes it, the build is killed at once.
"""

import asyncio
import re
from collections.abc import Coroutine
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    Artifact,
    CacheDecisionKind,
    Deployment,
    DeploymentKind,
    Environment,
    FailureClass,
    Override,
)
from services import build_cache, build_logs, faults, settlement, snapshots
from services.build_folders import build_folder, make_folder
from services.build_journal import BuildJournal
from services.builder import BuilderUnavailable, BuildFailed, BuildRequest
from services.ciphers import SecretUnreadable
from services.code import CodeInputs, HandlerMissing
from services.content.configuration import Configuration
from services.content.reading import problem_of
from services.errors import RepositoryUnreachable
from services.faults import Point
from services.file_syncs import ensure_commit, is_superseded
from services.git.export import refuse_pointer
from services.git.trees import TreeRefused
from services.installation import Installation
from services.runtimes import candidates
from services.settlement import (
    FORCED_SKIP,
    Attempt,
    AttemptLost,
    CacheDecision,
    Failure,
)
from services.variables.given import BuildVariables, build_variables, run_time_names
from services.waiting import wait_at_most

WATCH_SECONDS = 0.5
HANDED_BACK = "The worker was told to stop. Another begins again."
WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

log = structlog.get_logger()
Result = TypeVar("Result")


async def build_code(installation: Installation, deployment_id: UUID) -> None:
    """Bring a deployment's code to where it can run, and settle the deployment.

    Does nothing when it has settled. Whatever goes wrong with the code settles it as failed;
    only a bug or a dying worker leaves it unsettled, for another attempt.
    """
    async with installation.database.transaction() as session:
        attempt = await settlement.begin_attempt(session, deployment_id)
        if attempt is None:
            return
        faults.reach(Point.BEGIN_BUILD_TAKEN, session)
        if attempt.environment.is_default and await is_superseded(session, attempt.deployment):
            await settlement.settle_skipped(session, attempt, detail=settlement.SUPERSEDED)
            return
        if attempt.deployment.override is Override.SKIP_BUILD:
            await settlement.settle_skipped(
                session, attempt, detail=FORCED_SKIP.kind.value, decision=FORCED_SKIP
            )
            return
        settlement.begin_code_build(session, attempt)
    try:
        await _while_held(installation, attempt, _build(installation, attempt))
    except AttemptLost:
        log.info("build lost its attempt", deployment=str(deployment_id))
    except asyncio.CancelledError:
        await _hand_back(installation, attempt)
        raise


async def _hand_back(installation: Installation, attempt: Attempt) -> None:
    """Have another worker begin again, and say so; should that fail, the lost job is found."""
    try:
        async with installation.database.transaction() as session:
            await build_logs.append_lines(session, attempt, [HANDED_BACK])
            await settlement.hand_back(session, attempt)
    except AttemptLost:
        return
    except (OSError, DBAPIError) as error:
        log.warning("a build cannot be handed back", error=type(error).__name__)


async def _while_held(
    installation: Installation, attempt: Attempt, work: Coroutine[None, None, Result]
) -> Result:
    """Run ``work``, killing it with ``AttemptLost`` once the attempt is no longer held."""
    running = asyncio.ensure_future(work)
    ended = asyncio.Event()
    watching = asyncio.ensure_future(_until_lost(installation, attempt, ended))
    try:
        await asyncio.wait({running, watching}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        watching.result()
        raise AttemptLost
    finally:
        # The watch is told rather than cancelled: it may be in the middle of a look.
        ended.set()
        running.cancel()
        await asyncio.gather(running, watching, return_exceptions=True)


async def _until_lost(installation: Installation, attempt: Attempt, ended: asyncio.Event) -> None:
    while True:
        await wait_at_most(WATCH_SECONDS, ended)
        if ended.is_set():
            return
        async with installation.database.moment() as session:
            if not await settlement.holds(session, attempt):
                return


async def _build(installation: Installation, attempt: Attempt) -> None:
    async with BuildJournal(installation.database, attempt) as journal:
        if attempt.number > 1:
            await journal.write(f"attempt {attempt.number}")
        try:
            outcome = await _run(installation, attempt, journal)
            outcome = await _start(installation, attempt, journal, outcome) or outcome
        except BuilderUnavailable as error:
            outcome = Failure(FailureClass.INFRASTRUCTURE, error.reason)
        except RepositoryUnreachable as error:
            outcome = Failure(FailureClass.INFRASTRUCTURE, error.message)
        except SecretUnreadable as error:
            outcome = Failure(FailureClass.INFRASTRUCTURE, str(error))
        except BuildFailed as error:
            await _hint_at_names(installation, attempt, journal, error.reason)
            outcome = Failure(FailureClass.BUILD, journal.explain(error.reason))
        except HandlerMissing as error:
            outcome = Failure(FailureClass.BUILD, str(error))
        except TreeRefused as error:
            outcome = Failure(FailureClass.BUILD, str(error), (problem_of(error),))
        if isinstance(outcome, Failure):
            await journal.write(f"failed: {outcome.reason.splitlines()[0]}")
    async with installation.database.transaction() as session:
        await _settle(session, attempt, outcome)


Built = tuple[CacheDecision, Artifact | None]


async def _settle(session: AsyncSession, attempt: Attempt, outcome: Built | Failure) -> None:
    if isinstance(outcome, Failure):
        await settlement.settle_failed(session, attempt, outcome)
        return
    decision, artifact = outcome
    if artifact is not None:
        await session.merge(artifact)
        await session.flush()
    await settlement.settle_built(
        session,
        attempt,
        artifact_id=None if artifact is None else artifact.id,
        decision=decision,
    )


async def _run(installation: Installation, attempt: Attempt, journal: BuildJournal) -> Built:
    deployment = attempt.deployment
    if deployment.artifact_id is not None:
        async with installation.database.moment() as session:
            kept = await session.get_one(Artifact, deployment.artifact_id)
        await journal.write("using the build kept with this version")
        return CacheDecision(CacheDecisionKind.HIT, key=kept.key), kept
    if deployment.kind is DeploymentKind.ROLLBACK:
        # What was kept is that there is no code; the repository is not needed to know it.
        await journal.write("no build was kept with this version: it has no handler")
        return CacheDecision(CacheDecisionKind.NO_HANDLER), None
    await ensure_commit(installation, deployment)
    async with installation.database.moment() as session:
        environment = await session.get_one(Environment, deployment.environment_id)
        variables = await build_variables(session, environment_id=environment.id)
    inputs = await _examine(installation, attempt, variables)
    if inputs is None:
        await journal.write("no handler: there is no code to build")
        return CacheDecision(CacheDecisionKind.NO_HANDLER), None
    async with installation.database.moment() as session:
        decision, kept = await build_cache.decide(
            session,
            environment=environment,
            inputs=inputs,
            forced=_is_forced(deployment),
        )
    faults.reach(Point.BUILD_DECIDED)
    await journal.write(_explain(decision))
    if kept is not None:
        return decision, kept
    async with installation.database.transaction() as session:
        await settlement.note_decision(session, attempt, decision)
    return decision, await _build_anew(installation, attempt, journal, inputs, variables)


def _is_forced(deployment: Deployment) -> bool:
    asked = deployment.override is Override.FORCE_BUILD
    return asked or deployment.kind is DeploymentKind.REDEPLOY


async def _start(
    installation: Installation, attempt: Attempt, journal: BuildJournal, built: Built
) -> Failure | None:
    """Have a pinned environment's version running and healthy before its pin may move."""
    _, artifact = built
    if artifact is None or attempt.environment.is_default:
        return None
    await journal.write("starting the runtime")
    failure = await candidates.start_candidate(installation, attempt, artifact)
    if failure is None:
        faults.reach(Point.BUILD_HEALTHY)
        await journal.write("the runtime is healthy")
    return failure


def _explain(decision: CacheDecision) -> str:
    detail = f" ({decision.detail})" if decision.detail else ""
    return f"build cache: {decision.kind.value}{detail}"


async def _examine(
    installation: Installation, attempt: Attempt, variables: BuildVariables
) -> CodeInputs | None:
    """Everything that the build of the commit depends on; None without a handler."""
    deployment = attempt.deployment
    assert deployment.snapshot_id is not None  # the build follows the file sync
    async with installation.database.moment() as session:
        found = await snapshots.read_configuration(session, snapshot_id=deployment.snapshot_id)
        content = await snapshots.entry_paths(session, snapshot_id=deployment.snapshot_id)
    tree = await installation.mirrors.read_tree(deployment.app_id, deployment.commit_sha)
    return await build_cache.examine(
        installation.builder, tree, content, Configuration(**found), variables
    )


async def _build_anew(
    installation: Installation,
    attempt: Attempt,
    journal: BuildJournal,
    inputs: CodeInputs,
    variables: BuildVariables,
) -> Artifact:
    deployment = attempt.deployment
    with build_folder(installation.work, attempt) as folder:
        source, output = make_folder(folder, "source"), make_folder(folder, "output")
        await installation.mirrors.export(deployment.app_id, deployment.commit_sha, source)
        refuse_pointer(source, inputs.handler.path)
        request = BuildRequest(
            source=source,
            handler_path=inputs.handler.path,
            language=inputs.handler.language.value.lower(),
            output=output,
            cache=make_folder(installation.work, "packages", str(deployment.app_id)),
            variables=variables.open(installation.cipher),
            name=str(deployment.id),
        )
        build = await installation.builder.build(request, log=journal.write)
        faults.reach(Point.BUILD_BUILT)
        artifact = await build_cache.keep_build(
            installation.store,
            build,
            deployment=deployment,
            inputs=inputs,
        )
    faults.reach(Point.BUILD_KEPT)
    return artifact


async def _hint_at_names(
    installation: Installation, attempt: Attempt, journal: BuildJournal, reason: str
) -> None:
    """Say so where the failure names a variable that the environment has for run time only."""
    async with installation.database.moment() as session:
        names = await run_time_names(session, environment_id=attempt.deployment.environment_id)
    for name in sorted(names & set(WORDS.findall(reason))):
        await journal.write(f"{name} is set for run time only; a build is not given it")
