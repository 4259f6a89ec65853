"""Sixteen clients of two servers and three workers while everything is killed around them.

A part of ``make faults``, once a carrier of wake-ups; the figures name the seed.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from anyio import fail_after

from tests.support.crowd import FILE, Crowd
from tests.support.fault_scale import KILLS, OPERATIONS, SEED, report
from tests.support.fleet import CARRIERS, open_fleet
from tests.support.fleet_nemesis import FleetNemesis
from tests.support.histories import read_history
from tests.support.history_rules import violations
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT

pytestmark = pytest.mark.long

HANG_SECONDS = 900 + OPERATIONS
CLIENTS, FOLLOWERS = 16, 3
OPERATIONS_A_STRIKE = 50


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_history_made_by_many_nodes_is_in_order_whatever_was_killed(
    tmp_path: Path, carrier: str
) -> None:
    with fail_after(HANG_SECONDS):
        async with open_fleet(tmp_path, carrier) as fleet:
            repository = make_repository(fleet.site.repositories / "app.git")
            repository.commit({**FIRST_COMMIT, FILE: PROMPT})
            nemesis = FleetNemesis(fleet, Random(SEED))
            crowd = Crowd(fleet.front.base, fleet.front.token, repository, SEED)
            await crowd.arrive(environments=8, clients=CLIENTS, followers=FOLLOWERS)
            try:
                while crowd.tally.answered < OPERATIONS or nemesis.kills.total() < KILLS:
                    await nemesis.strike()
                    await crowd.until_answered(crowd.tally.answered + OPERATIONS_A_STRIKE)
                halfway = await read_history(fleet.url, UUID(crowd.app.database_id))
                healed_at = datetime.now(UTC)
                account = await crowd.account(fleet.url)
            finally:
                await crowd.leave()

    found = violations(replace(account, earlier=[halfway], healed_at=healed_at))
    report(
        f"fleet storm with {carrier}",
        seed=SEED,
        operations=crowd.tally.answered,
        unanswered=crowd.tally.unanswered,
        acknowledged=len(crowd.asks),
        deployments=len(account.history.deployments),
        events=len(account.history.events),
        kills=dict(nemesis.kills),
        violations=len(found),
    )
    assert found == []
    assert crowd.asks
