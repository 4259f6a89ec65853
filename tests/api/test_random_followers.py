"""Followers who come, go, dawdle and come back at random are told the event table, each of them."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from random import Random

import pytest
from anyio import create_task_group, fail_after
from websockets.asyncio.client import connect

from models import App
from schema.ids import encode_id
from services.cursors import encode_event
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import events_of, make_environment
from tests.support.event_streams import events_of as stream_events
from tests.support.event_streams import open_stream
from tests.support.graphql_ws import GraphQLSocket
from tests.support.servers import RunningServer
from tests.support.subscriptions import APP_EVENTS

HANG_SECONDS = 240
FOLLOWERS = 12
EVENTS = 60
LONGEST_STAY = 12
PLAIN = """
subscription ($app: ID!, $after: String) { appEvents(appId: $app, after: $after) { cursor } }
"""


@dataclass
class Follower:
    """One who follows the app from a cursor until there is nothing left, over many connections."""

    server: RunningServer
    app: App
    random: Random
    cursor: str
    told: list[str] = field(default_factory=list[str])

    async def follow(self, last: str) -> None:
        while last not in self.told[-1:]:
            stay = self.random.randint(1, LONGEST_STAY)
            way = self.random.choice([self._over_a_socket, self._twice, self._over_a_stream])
            await way(stay, last)
            await self._dawdle()

    def _note(self, cursor: str) -> None:
        self.told.append(cursor)
        self.cursor = cursor

    async def _dawdle(self) -> None:
        if self.random.random() < 0.5:
            await asyncio.sleep(self.random.uniform(0, 0.1))

    @property
    def _variables(self) -> dict[str, str]:
        return {"app": encode_id("App", self.app.id), "after": self.cursor}

    async def _over_a_socket(self, stay: int, last: str) -> None:
        query = self.random.choice([APP_EVENTS, PLAIN])
        address = self.server.base.replace("http", "ws", 1) + "/graphql"
        async with connect(
            address,
            subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
            max_queue=1,
        ) as connection:
            socket = GraphQLSocket(connection)
            await socket.initialise(self.server.token)
            async with aclosing(socket.run(query, **self._variables)) as answers:
                async for data in answers:
                    self._note(data["appEvents"]["cursor"])
                    stay -= 1
                    if not stay or self.cursor == last:
                        break
                    await self._dawdle()
            match self.random.choice(["close", "abort", "complete"]):
                case "abort":
                    connection.transport.abort()
                case "complete":
                    await socket.stop()
                case _:
                    pass

    async def _twice(self, stay: int, last: str) -> None:
        """The same over one socket, under two ids, both of which are told it."""
        async with self.server.socket() as socket:
            told: dict[str, list[str]] = {"one": [], "other": []}
            for identity in told:
                payload = {"query": APP_EVENTS, "variables": self._variables}
                await socket.send({"id": identity, "type": "subscribe", "payload": payload})
            while any(len(each) < stay and last not in each for each in told.values()):
                message = await socket.receive()
                cursor = message["payload"]["data"]["appEvents"]["cursor"]
                told[message["id"]].append(cursor)
        one, other = sorted(told.values(), key=len)
        assert other[: len(one)] == one
        for cursor in other:
            self._note(cursor)

    async def _over_a_stream(self, stay: int, last: str) -> None:
        async with open_stream(
            self.server, APP_EVENTS, last_event_id=self.cursor, app=encode_id("App", self.app.id)
        ) as response:
            async for event in stream_events(response):
                assert event.id is not None
                assert event.id == event.data["data"]["appEvents"]["cursor"]
                self._note(event.id)
                stay -= 1
                if not stay or self.cursor == last:
                    break


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
async def test_each_is_told_exactly_the_event_table_from_their_cursor(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    seed: int,
) -> None:
    random = Random(seed)
    before = await events_of(installation, app)
    last = encode_event(app.id, len(before) + EVENTS)
    starts = [random.randint(0, len(before)) for _ in range(FOLLOWERS)]
    followers = [
        Follower(idle_server, app, Random(f"{seed}/{number}"), encode_event(app.id, start))
        for number, start in enumerate(starts)
    ]

    async def write() -> None:
        for number in range(EVENTS):
            await make_environment(installation, owner, app, f"made-{number:02}")
            await asyncio.sleep(random.choice([0, 0, 0, 0.05, 0.2]))

    with fail_after(HANG_SECONDS):
        async with create_task_group() as group:
            for follower in followers:
                group.start_soon(follower.follow, last)
            group.start_soon(write)

    table = [encode_event(app.id, event.seq) for event in await events_of(installation, app)]
    for follower, start in zip(followers, starts, strict=True):
        assert follower.told == table[start:]
