"""Sixteen clients while everything is killed around them: afterwards the history is in order.

A short piece by default; ``make faults`` asks for ten thousand operations and a hundred kills.
``PINMARK_FAULT_SEED`` draws other faults and other acts, and the figures name it.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from anyio import fail_after

from tests.support.broken_network import broken_network
from tests.support.crowd import FILE, Crowd, names
from tests.support.fault_scale import KILLS, OPERATIONS, SEED, report
from tests.support.histories import History, read_history, settled_history
from tests.support.history_rules import Account, violations
from tests.support.nemesis import Nemesis, killable_postgres
from tests.support.processes import open_site
from tests.support.promoting import AppInUse, make_app
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT
from tests.support.servers import Client

HANG_SECONDS = 300 + OPERATIONS
CLIENTS, FOLLOWERS = 16, 3
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


@dataclass
class Storm:
    """A crowd in the hands of a nemesis."""

    nemesis: Nemesis
    crowd: Crowd
    app_id: UUID
    earlier: list[History] = field(default_factory=list[History])

    async def rage(self) -> None:
        """Strike until as much has happened as was asked for."""
        while self.crowd.operations < OPERATIONS or self.nemesis.kills.total() < KILLS:
            await self.nemesis.strike()
            if self.nemesis.kills.total() >= KILLS * len(self.earlier) / 5:
                self.earlier.append(await read_history(self.url, self.app_id))
            await asyncio.sleep(self.nemesis.random.uniform(0.1, 1.0))

    @property
    def url(self) -> str:
        """Straight to Postgres, whatever becomes of the network."""
        return self.nemesis.postgres.server.url()

    async def calm(self) -> Account:
        """What is known once everything has settled and everybody was told of it."""
        healed_at = datetime.now(UTC)
        self.crowd.go_home()
        await self.crowd.gone()
        while True:
            history = await settled_history(self.url, self.app_id)
            if self.crowd.heard(len(history.events)) and self._is_last(history):
                break
            await asyncio.sleep(LOOK_SECONDS)
        await self.crowd.leave()
        return Account(
            history,
            self.earlier,
            self.crowd.asks,
            self.crowd.reads,
            self.crowd.subscribers,
            self.crowd.contents,
            healed_at,
        )

    def _is_last(self, history: History) -> bool:
        """Whether what was committed last has been seen; nothing happens after it."""
        head = self.crowd.repository.head
        return any(each.commit_sha == head for each in history.deployments)


async def gather_crowd(nemesis: Nemesis, repository: Repository) -> Crowd:
    token = (nemesis.site.data / "owner.token").read_text().strip()
    crowd = Crowd(nemesis.base, token, AppInUse("", "", "", {}), repository, SEED)
    async with crowd.client() as client:
        crowd.app = await a_wide_app(client, repository)
    crowd.contents[repository.head or ""] = PROMPT
    await crowd.come(clients=CLIENTS, followers=FOLLOWERS)
    return crowd


async def a_wide_app(client: Client, repository: Repository) -> AppInUse:
    return await make_app(client, repository.path, environments=names(8))


async def test_a_history_is_in_order_whatever_was_killed_while_it_was_made(
    nemesis: Nemesis,
) -> None:
    repository = make_repository(nemesis.site.repositories / "app.git")
    repository.commit({**FIRST_COMMIT, FILE: PROMPT})
    with fail_after(HANG_SECONDS):
        await nemesis.start()
        crowd = await gather_crowd(nemesis, repository)
        storm = Storm(nemesis, crowd, UUID(crowd.app.database_id))
        try:
            await storm.rage()
            account = await storm.calm()
        finally:
            await crowd.leave()

    found = violations(account)
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
