"""Sixteen clients while everything is killed around them: afterwards the history is in order.

A short piece by default; ``make faults`` asks for ten thousand operations and a hundred kills.
``PINMARK_FAULT_SEED`` draws other faults and other acts, and the figures name it.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from anyio import fail_after

from tests.support.broken_network import broken_network
from tests.support.crowd import FILE, Crowd
from tests.support.fault_scale import KILLS, OPERATIONS, SEED, report
from tests.support.histories import History, read_history
from tests.support.history_rules import violations
from tests.support.nemesis import Nemesis, killable_postgres
from tests.support.processes import open_site
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT

pytestmark = pytest.mark.storm

HANG_SECONDS = 600 + OPERATIONS
CLIENTS, FOLLOWERS = 16, 3
OPERATIONS_A_STRIKE = 50
LOOK_SECONDS = 0.05


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
async def nemesis(tmp_path: Path) -> AsyncGenerator[Nemesis]:
    with killable_postgres(tmp_path / "postgres") as postgres:
        async with broken_network(lambda: postgres.socket) as network:
            url = f"postgresql://{postgres.server.user}@127.0.0.1:{network.port}/pinmark"
            variables = {
                "PINMARK_DATABASE_URL": url,
                "PINMARK_REQUESTS_PER_MINUTE": str(10**9),
                "PINMARK_REQUEST_BURST": str(10**9),
            }
            with open_site(tmp_path / "site", **variables) as site:
                yield Nemesis(site, postgres, network, free_port(), Random(SEED))


async def rage(nemesis: Nemesis, crowd: Crowd) -> list[History]:
    """Strike until as much has happened as was asked for; the history as it was meanwhile."""
    earlier: list[History] = []
    while crowd.operations < OPERATIONS or nemesis.kills.total() < KILLS:
        await nemesis.strike()
        await until_answered(crowd, crowd.operations + OPERATIONS_A_STRIKE)
        if nemesis.kills.total() >= KILLS * len(earlier) / 5:
            earlier.append(await read_history(nemesis.url, UUID(crowd.app.database_id)))
    return earlier


async def until_answered(crowd: Crowd, operations: int) -> None:
    """Give the crowd time to be answered so often: a storm in which nobody is proves nothing."""
    while crowd.operations < operations:
        crowd.check()
        await asyncio.sleep(LOOK_SECONDS)


async def test_a_history_is_in_order_whatever_was_killed_while_it_was_made(
    nemesis: Nemesis,
) -> None:
    repository = make_repository(nemesis.site.repositories / "app.git")
    repository.commit({**FIRST_COMMIT, FILE: PROMPT})
    with fail_after(HANG_SECONDS):
        await nemesis.start()
        token = (nemesis.site.data / "owner.token").read_text().strip()
        crowd = Crowd(nemesis.base, token, repository, SEED)
        await crowd.arrive(environments=8, clients=CLIENTS, followers=FOLLOWERS)
        try:
            earlier = await rage(nemesis, crowd)
            healed_at = datetime.now(UTC)
            account = await crowd.account(nemesis.url)
        finally:
            await crowd.leave()

    found = violations(replace(account, earlier=earlier, healed_at=healed_at))
    report(
        "storm",
        seed=SEED,
        operations=crowd.operations,
        unanswered=crowd.unanswered,
        acknowledged=len(crowd.asks),
        reads=len(crowd.reads),
        deployments=len(account.history.deployments),
        events=len(account.history.events),
        kills=dict(nemesis.kills),
        faults=dict(nemesis.faults),
        violations=len(found),
    )
    assert found == []
    assert crowd.asks
    assert crowd.reads
