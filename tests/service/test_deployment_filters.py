"""A list of deployments answers those that were asked for, and counts them alone."""

from datetime import UTC, datetime, timedelta

import pytest

from models import DeploymentKind, DeploymentStatus, Environment
from services.deployment_filters import DeploymentFilter
from services.errors import InvalidInput
from services.listings import list_deployments
from services.paging import PageRequest
from tests.support.callers import Caller, fail


async def found(caller: Caller, environment: Environment, filter: DeploymentFilter) -> int:
    async with caller.installation.database.moment() as session:
        page = await list_deployments(
            session, environment=environment, request=PageRequest(counting=True), filter=filter
        )
        assert len(page.rows) == page.total
        return page.total


LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (DeploymentFilter(), 2),
        (DeploymentFilter(status=DeploymentStatus.FAILED), 1),
        (DeploymentFilter(status=DeploymentStatus.IN_PROGRESS), 1),
        (DeploymentFilter(status=DeploymentStatus.DEPLOYED), 0),
        (DeploymentFilter(kind=DeploymentKind.PROMOTION), 2),
        (DeploymentFilter(kind=DeploymentKind.ROLLBACK), 0),
        (DeploymentFilter(actor_name="nobody"), 0),
        (DeploymentFilter(until=LATER), 2),
        (DeploymentFilter(since=LATER), 0),
    ],
)
async def test_every_condition_that_is_given_holds(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    filter: DeploymentFilter,
    expected: int,
) -> None:
    await fail(caller.installation, await caller.promote(dev, staging))
    await caller.promote(dev, staging)

    assert await found(caller, staging, filter) == expected


async def test_a_time_without_its_offset_is_refused(caller: Caller, staging: Environment) -> None:
    with pytest.raises(InvalidInput):
        await found(caller, staging, DeploymentFilter(since=datetime(2026, 1, 1)))  # noqa: DTZ001
