"""Sixteen clients while everything is killed around them: afterwards the history is in order.

A short piece by default; ``make faults`` asks for ten thousand operations and a hundred kills.
``PINMARK_FAULT_SEED`` draws other faults and other acts, and the figures name it.
"""

import time
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from anyio import fail_after

from tests.support.broken_network import broken_network
from tests.support.crowd import FILE, Crowd
from tests.support.fault_scale import KILLS, OPERATIONS, SEED, STRIKE_EVERY, Progress, report
from tests.support.histories import History, read_history
from tests.support.history_rules import violations
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.nemesis import Nemesis, free_port, killable_postgres
from tests.support.processes import open_site
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT
from tests.support.storm_figures import figures_of

HANG_SECONDS = 600 + 2 * OPERATIONS
CLIENTS, FOLLOWERS = 16, 3
ENVIRONMENTS = 8


@pytest.fixture
def nemesis(tmp_path: Path) -> Generator[Nemesis]:
    directory = tmp_path / "postgres"
    with killable_postgres(directory) as postgres, broken_network(directory) as network:
        url = f"postgresql://{postgres.server.user}@127.0.0.1:{network.port}/pinmark"
        variables = {
            "PINMARK_DATABASE_URL": url,
            "PINMARK_REPOSITORY_POLL_SECONDS": "1",
            **UNHURRIED_VARIABLES,
        }
        with open_site(tmp_path / "site", **variables) as site:
            yield Nemesis(site, postgres, network, free_port(), Random(SEED))


async def rage(nemesis: Nemesis, crowd: Crowd, progress: Progress) -> list[History]:
    """Strike until as much has happened as was asked for; the history as it was meanwhile."""
    earlier: list[History] = []
    while crowd.tally.answered < OPERATIONS or nemesis.kills.total() < KILLS:
        began = time.monotonic()
        struck = await nemesis.strike()
        mended = time.monotonic()
        await crowd.until_answered(crowd.tally.answered + STRIKE_EVERY)
        progress(
            f"{struck} for {mended - began:.1f} s, {STRIKE_EVERY} answers in "
            f"{time.monotonic() - mended:.1f} s: {crowd.tally.answered} operations, "
            f"{nemesis.kills.total()} kills"
        )
        if nemesis.kills.total() >= KILLS * len(earlier) / 5:
            earlier.append(await read_history(nemesis.url, UUID(crowd.app.database_id)))
    return earlier


async def test_a_history_is_in_order_whatever_was_killed_while_it_was_made(
    nemesis: Nemesis, progress: Progress
) -> None:
    repository = make_repository(nemesis.site.repositories / "app.git")
    repository.commit({**FIRST_COMMIT, FILE: PROMPT})
    began = time.monotonic()
    with fail_after(HANG_SECONDS):
        await nemesis.start()
        token = (nemesis.site.data / "owner.token").read_text().strip()
        crowd = Crowd(nemesis.base, token, repository, SEED)
        await crowd.arrive(environments=ENVIRONMENTS, clients=CLIENTS, followers=FOLLOWERS)
        try:
            earlier = await rage(nemesis, crowd, progress)
            healed_at = datetime.now(UTC)
            account = await crowd.account(nemesis.url)
        finally:
            await crowd.leave()

    account = replace(account, earlier=earlier, healed_at=healed_at)
    found = violations(account)
    report("storm", seed=SEED, seconds=round(time.monotonic() - began), violations=len(found))
    for name, numbers in figures_of(account, crowd.tally, nemesis):
        report(f"storm: {name}", **numbers)
    assert found == []
    assert crowd.asks
    assert crowd.reads
