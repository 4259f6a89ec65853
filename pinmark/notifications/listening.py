"""What every backend of ours does, whatever carries the messages.

A backend keeps a connection of its own; when that dies it connects again with jitter, listens
again and tells everybody to look, since what was sent meanwhile is lost. Its queue is bounded: an
overflow becomes one order to look at everything.
"""

import asyncio
import random
from abc import abstractmethod
from typing import ClassVar

import structlog
from broadcaster import Event as BroadcastEvent
from broadcaster._backends.base import BroadcastBackend

from services.doorbell import EVERYTHING

PING_SECONDS = 2.0
CONNECT_SECONDS = 5.0
MAXIMUM_QUEUE = 10_000
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

log = structlog.get_logger()


class ListeningBackend(BroadcastBackend):
    """Listens on a dedicated connection; ``listening`` tells whether it does right now."""

    carrier: ClassVar[str]
    needed: ClassVar[bool]
    """Whether a server that hears nothing by it should be sent no requests."""

    def __init__(self) -> None:
        self.connections = 0
        """How often it has begun to listen."""
        self._channels: set[str] = set()
        self._queue: asyncio.Queue[BroadcastEvent] = asyncio.Queue(MAXIMUM_QUEUE)
        self._keeper: asyncio.Task[None] | None = None
        self._listens = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether it listens or will again."""
        return self._keeper is not None and not self._keeper.done()

    @property
    def listening(self) -> bool:
        return self._listens.is_set() and self.running

    async def connect(self) -> None:
        self._keeper = asyncio.create_task(self._keep_listening())

    async def disconnect(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def next_published(self) -> BroadcastEvent:
        return await self._queue.get()

    async def wait_until_listening(self) -> None:
        await self._listens.wait()

    async def _keep_listening(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            before = self.connections
            try:
                await self._listen_until_lost()
            except Exception as error:  # a library's internal errors too: this must never end
                log.warning("listener failed", carrier=self.carrier, error=repr(error))
            worked = self.connections > before
            pause = SHORTEST_PAUSE if worked else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    @abstractmethod
    async def _listen_until_lost(self) -> None:
        """Connect, listen to every channel, call ``_begun``, and return or raise at the end."""

    def _begun(self) -> None:
        """It listens; whatever was sent before did not arrive."""
        self.connections += 1
        self._listens.set()
        self._resync()

    def _ended(self) -> None:
        self._listens.clear()

    def _resync(self) -> None:
        for channel in self._channels:
            self._put(BroadcastEvent(channel, EVERYTHING))

    def _put(self, event: BroadcastEvent) -> None:
        if not self._queue.full():
            self._queue.put_nowait(event)
            return
        while not self._queue.empty():
            self._queue.get_nowait()
        self._resync()
