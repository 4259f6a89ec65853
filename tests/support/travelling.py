"""Somebody who follows an app from server to server and brings their last cursor along."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from services.cursors import encode_event
from tests.support.histories import History
from tests.support.promoting import AppInUse
from tests.support.servers import Client

FOLLOW = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor kind deployment { databaseId } }
}
"""
LOST = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError)
PAUSE_SECONDS = 0.05


@dataclass
class Traveller:
    """``cursors`` are all that they were told, in the order in which they were told it."""

    app: AppInUse
    cursors: list[str] = field(default_factory=list[str])
    closings: list[int | None] = field(default_factory=list[int | None])
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, client: Client, *, at_most: int | None = None) -> None:
        """Follow until the connection is lost, or until so many events were told."""
        left = at_most
        try:
            async with client.socket() as socket:
                try:
                    async for answer in socket.run(FOLLOW, app=self.app.id, after=self._after):
                        self.cursors.append(answer["appEvents"]["cursor"])
                        self._told.set()
                        self._told = asyncio.Event()
                        left = None if left is None else left - 1
                        if left == 0:
                            return
                except ConnectionClosed:
                    self.closings.append(socket.connection.close_code)
                    raise
        except LOST:
            await asyncio.sleep(PAUSE_SECONDS)

    async def keep_following(self, client: Client) -> None:
        """Follow, and come back whenever the connection is lost."""
        while True:
            await self.follow(client)

    async def until_told(self, count: int) -> None:
        while len(self.cursors) < count:
            await self._told.wait()

    async def until_told_all(self, history: History) -> None:
        await self.until_told(len(history.events))

    def expected(self, history: History) -> list[str]:
        """What somebody was told who missed nothing and was told nothing twice."""
        return [encode_event(UUID(self.app.database_id), event.seq) for event in history.events]

    @property
    def _after(self) -> str:
        return self.cursors[-1] if self.cursors else encode_event(UUID(self.app.database_id), 0)
