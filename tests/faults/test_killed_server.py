"""``kill -9`` of the server at any moment of a promotion: nothing accepted is lost or repeated.

A handful of rounds by default, each in another part of a promotion's life. Many rounds:
``PINMARK_FAULT_ROUNDS=100 PINMARK_FAULT_SEED=7``; the test's name says the seed.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from uuid import UUID

import anyio
import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from services.cursors import encode_event
from tests.support.histories import History, settled_history
from tests.support.history_rules import assert_whole
from tests.support.processes import ServerProcess, Site
from tests.support.promoting import AppInUse, ask_promotion, make_app, promote, settled
from tests.support.repositories import Repository
from tests.support.servers import Client

ROUNDS = int(os.environ.get("PINMARK_FAULT_ROUNDS", "4"))
SEED = int(os.environ.get("PINMARK_FAULT_SEED", "20"))
HANG_SECONDS = 120 + 30 * ROUNDS

# Seconds after the promotion was asked for: before the answer, just after it, in the build,
# around the settle. Where exactly they fall depends on the machine, and need not be known.
MOMENTS = ((0.0, 0.05), (0.05, 0.25), (0.3, 0.8), (0.6, 1.4))
TARGETS = ("staging", "prod", "canary", "mirror", "demo", "trial")

FOLLOW = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor kind deployment { databaseId } }
}
"""


@dataclass
class Follower:
    """Somebody who follows an app's events and comes back with the last cursor after a loss."""

    app: AppInUse
    cursors: list[str] = field(default_factory=list[str])
    _seen: anyio.Event = field(default_factory=anyio.Event)

    async def follow(self, client: Client) -> None:
        """Follow until the connection is lost."""
        try:
            async with client.socket() as socket:
                async for answer in socket.run(FOLLOW, app=self.app.id, after=self._after):
                    self.cursors.append(answer["appEvents"]["cursor"])
                    self._seen.set()
                    self._seen = anyio.Event()
        except (ConnectionClosed, OSError):
            return

    async def until_seen(self, count: int) -> None:
        while len(self.cursors) < count:
            await self._seen.wait()

    @property
    def _after(self) -> str:
        return self.cursors[-1] if self.cursors else encode_event(UUID(self.app.database_id), 0)


@dataclass
class Storm:
    """Promotions that are asked of servers which die."""

    site: Site
    repository: Repository
    app: AppInUse
    random: Random
    follower: Follower
    acknowledged: list[str] = field(default_factory=list[str])

    async def strike(self, server: ServerProcess, moment: tuple[float, float]) -> None:
        """Kill the server at a moment of a promotion's life."""
        target = await self._idle(server)
        self._change_the_code()
        async with anyio.create_task_group() as group:
            group.start_soon(self.follower.follow, server)
            group.start_soon(self._ask, server, await self._source(server, target), target)
            await anyio.sleep(self.random.uniform(*moment))
            server.program.kill()

    async def _ask(self, server: ServerProcess, source: str, target: str) -> None:
        try:
            answer = await ask_promotion(server, source=source, target=target)
        except httpx2.TransportError:
            return
        assert "deployment" in answer, answer
        self.acknowledged.append(answer["deployment"]["databaseId"])

    async def _idle(self, server: ServerProcess) -> str:
        while True:
            now = await self.app.now(server)
            idle = [name for name in TARGETS if now[name]["deploying"] is None]
            if idle:
                return self.app.environments[self.random.choice(idle)]
            await anyio.sleep(0.1)

    async def _source(self, server: ServerProcess, target: str) -> str:
        """The default environment, or now and then one that has a pin."""
        now = await self.app.now(server)
        pinned = [each["id"] for each in now.values() if each["pin"] and each["id"] != target]
        if pinned and self.random.random() < 0.3:
            return self.random.choice(pinned)
        return self.app.environments["dev"]

    def _change_the_code(self) -> None:
        seconds = self.random.uniform(0, 0.5)
        code = f"import time\ntime.sleep({seconds})\ndef handler(event): return event\n"
        self.repository.commit({"handler.py": code.encode()})


async def catch_up(follower: Follower, server: ServerProcess, history: History) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(follower.follow, server)
        await follower.until_seen(len(history.events))
        group.cancel_scope.cancel()


def expected_cursors(app: AppInUse, history: History) -> Sequence[str]:
    return [encode_event(UUID(app.database_id), event.seq) for event in history.events]


@pytest.mark.long
@pytest.mark.parametrize("seed", [SEED])
async def test_every_accepted_promotion_settles_once_whenever_the_server_is_killed(
    site: Site, linkable: Repository, seed: int
) -> None:
    with anyio.fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=TARGETS)
        storm = Storm(site, linkable, app, Random(seed), Follower(app))

        for _, moment in zip(range(ROUNDS), cycle(MOMENTS), strict=False):
            async with site.serving() as server:
                await storm.strike(server, moment)

        async with site.serving() as server:
            history = await settled_history(site.database_url, UUID(app.database_id))
            assert_whole(history)
            kept = {str(deployment.id) for deployment in history.deployments}
            assert set(storm.acknowledged) <= kept
            await catch_up(storm.follower, server, history)
            assert storm.follower.cursors == expected_cursors(app, history)

            now = await app.now(server)
            again = await promote(
                server, source=app.environments["dev"], target=app.environments["staging"]
            )
            assert again["version"] == now["staging"]["currentVersion"] + 1
            assert (await settled(server, again["id"]))["status"] == "DEPLOYED"
