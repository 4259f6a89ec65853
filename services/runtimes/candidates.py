"""Asking for a candidate, and waiting until it is healthy or has failed.

A build asks for it once it has an artifact. The pin moves only when this is over, so a version
that does not turn healthy never serves, and what served before goes on.
"""

import asyncio
from time import monotonic
from uuid import UUID

from models import Artifact, FailureClass, Runtime, RuntimeState
from services import settlement
from services.installation import Installation
from services.runtimes import logs, records
from services.runtimes.plans import new_secret
from services.settlement import Attempt, Failure

FIRST_LOOK, LONGEST_LOOK = 0.02, 0.5
NOBODY = (
    "No server took the runtime up within {seconds:g} seconds: runtimes are started by "
    "`pinmark serve`."
)


async def start_candidate(
    installation: Installation, attempt: Attempt, artifact: Artifact
) -> Failure | None:
    """Have the attempt's version running beside what serves; why not, or None once healthy."""
    seconds = installation.runtimes.start_seconds
    give_up = monotonic() + seconds
    pause = FIRST_LOOK
    runtime_id = await _ask(installation, attempt, artifact)
    while True:
        async with installation.database.moment() as session:
            runtime = await session.get_one(Runtime, runtime_id)
        if runtime.state is RuntimeState.HEALTHY:
            return None
        if runtime.state is RuntimeState.FAILED:
            return await _failure(installation, runtime)
        if runtime.ended_at is not None:  # stopped on behalf of an attempt before this one
            runtime_id = await _ask(installation, attempt, artifact)
        if monotonic() > give_up:
            return await _too_slow(installation, runtime)
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_LOOK)


async def _ask(installation: Installation, attempt: Attempt, artifact: Artifact) -> UUID:
    deployment = attempt.deployment
    assert deployment.snapshot_id is not None
    async with installation.database.transaction() as session:
        await settlement.lock_held(session, attempt)
        await session.merge(artifact)
        await session.flush()
        return await records.ask(
            session,
            deployment=deployment,
            artifact_id=artifact.id,
            snapshot_id=deployment.snapshot_id,
            secret=new_secret(installation),
            trial=True,
            attempt_token=attempt.token,
        )


async def _failure(installation: Installation, runtime: Runtime) -> Failure:
    reason = runtime.reason or "It failed."
    if runtime.failure_class is FailureClass.INFRASTRUCTURE:
        return Failure(FailureClass.INFRASTRUCTURE, reason)
    return await _explained(installation, runtime, f"The runtime did not turn healthy. {reason}")


async def _too_slow(installation: Installation, runtime: Runtime) -> Failure:
    seconds = installation.runtimes.start_seconds
    if runtime.supervisor_id is None:
        return Failure(FailureClass.INFRASTRUCTURE, NOBODY.format(seconds=seconds))
    return await _explained(
        installation, runtime, f"The runtime did not turn healthy within {seconds:g} seconds."
    )


async def _explained(installation: Installation, runtime: Runtime, reason: str) -> Failure:
    """The reason in words, and the last that the runtime said."""
    async with installation.database.moment() as session:
        words = await logs.last_words(session, runtime_id=runtime.id)
    return Failure(FailureClass.RUNTIME, "\n".join([reason, *words]))
