"""Which runtimes should be there: what the pins say, what builds ask for, what dev needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Environment, RuntimeState
from services.installation import Installation
from services.runtimes import records
from services.runtimes.plans import new_secret
from services.runtimes.records import DevelopmentCode, Standing


async def ask_for_missing(
    session: AsyncSession, installation: Installation, standings: Sequence[Standing]
) -> bool:
    """Ask for what a pin names and nobody runs with the variables of now, and for dev's next;
    whether there was any.
    """
    missing = await records.pins_without_runtime(session)
    for deployment in missing:
        assert deployment.artifact_id is not None
        assert deployment.snapshot_id is not None
        await records.ask(
            session,
            deployment=deployment,
            artifact_id=deployment.artifact_id,
            snapshot_id=deployment.snapshot_id,
            secret=new_secret(installation),
            trial=False,
        )
    asked = bool(missing)
    for environment in _defaults(standings):
        code = await records.development_code(session, environment)
        if code is None or any(runs(standing, code) for standing in standings):
            continue
        newest = await records.newest_development(session, code)
        if newest is None or newest.state is not RuntimeState.FAILED:
            await ask_for_development(session, installation, code)
            asked = True
    return asked


async def ask_for_development(
    session: AsyncSession, installation: Installation, code: DevelopmentCode
) -> UUID:
    assert code.deployment.artifact_id is not None
    return await records.ask(
        session,
        deployment=code.deployment,
        artifact_id=code.deployment.artifact_id,
        snapshot_id=code.snapshot_id,
        secret=new_secret(installation),
        trial=True,
    )


async def wanted(session: AsyncSession, standings: Sequence[Standing]) -> list[Standing]:
    """Those of ``standings`` that should go on."""
    found = [standing for standing in standings if _candidate(standing)]
    for of_pin in _by_pin(standings):
        found += _pinned(of_pin)
    for environment in _defaults(standings):
        code = await records.development_code(session, environment)
        if code is not None:
            of_it = [one for one in standings if one.environment.id == environment.id]
            found += _development(of_it, code)
    return found


def _candidate(standing: Standing) -> bool:
    runtime, environment, deployment = standing.runtime, standing.environment, standing.deployment
    if environment.is_default or environment.deleted_at is not None:
        return False
    if runtime.state is RuntimeState.DRAINING or runtime.attempt_token is None:
        return False
    return deployment.settled_at is None and deployment.attempt_token == runtime.attempt_token


def _by_pin(standings: Sequence[Standing]) -> Iterable[list[Standing]]:
    """The runtimes of what each environment is pinned to, newest first."""
    found: defaultdict[UUID, list[Standing]] = defaultdict(list)
    for standing in standings:
        environment = standing.environment
        of_the_pin = environment.pinned_deployment_id == standing.deployment.id
        draining = standing.runtime.state is RuntimeState.DRAINING
        if of_the_pin and environment.deleted_at is None and not draining:
            found[environment.id].append(standing)
    return found.values()


def _pinned(of_pin: Sequence[Standing]) -> list[Standing]:
    """The one with the newest variables, and until that is healthy the newest that has been."""
    newest, *older = of_pin
    if newest.runtime.state is RuntimeState.HEALTHY:
        return [newest]
    proven = (standing for standing in older if standing.runtime.proven)
    return [newest, *islice(proven, 1)]


def _development(standings: Sequence[Standing], code: DevelopmentCode) -> list[Standing]:
    """The newest code, and until that is healthy the newest that is."""
    serving = [one for one in standings if one.runtime.state is RuntimeState.HEALTHY]
    current = [one for one in standings if runs(one, code)]
    if any(one in serving for one in current):
        return current
    return current + serving[:1]


def runs(standing: Standing, code: DevelopmentCode) -> bool:
    runtime = standing.runtime
    return (
        runtime.deployment_id == code.deployment.id
        and runtime.snapshot_id == code.snapshot_id
        and runtime.variables_revision == code.variables_revision
        and runtime.state is not RuntimeState.DRAINING
    )


def _defaults(standings: Sequence[Standing]) -> list[Environment]:
    found = {one.environment.id: one.environment for one in standings if one.environment.is_default}
    return list(found.values())
