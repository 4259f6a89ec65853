"""Wake-ups between processes: Broadcaster over a Postgres backend that survives its connection.

One Broadcast per process, one subscription to one channel, opened at start. The backend keeps a
connection of its own; when that dies it connects again with jitter, listens again and tells
everybody to look, since what was sent meanwhile is lost. Its queue is bounded: an overflow
becomes one order to look at everything.
"""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
from broadcaster import Broadcast
from broadcaster import Event as BroadcastEvent
from broadcaster._backends.base import BroadcastBackend

from services.doorbell import CHANNEL, EVERYTHING
from services.hub import Hub
from services.waiting import wait_at_most

PING_SECONDS = 2.0
CONNECT_SECONDS = 5.0
MAXIMUM_QUEUE = 10_000
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

log = structlog.get_logger()


class PostgresBackend(BroadcastBackend):
    """Listens on a dedicated connection; ``listening`` tells whether it does right now."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._channels: set[str] = set()
        self._queue: asyncio.Queue[BroadcastEvent] = asyncio.Queue(MAXIMUM_QUEUE)
        self._connection: asyncpg.Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._listens = asyncio.Event()
        self.connections = 0

    @property
    def listening(self) -> bool:
        return self._listens.is_set() and self._keeper is not None and not self._keeper.done()

    async def connect(self) -> None:
        self._keeper = asyncio.create_task(self._keep_listening())

    async def disconnect(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def subscribe(self, group: str) -> None:
        self._channels.add(group)
        if self._connection is not None:
            await self._connection.add_listener(group, self._receive)

    async def unsubscribe(self, group: str) -> None:
        self._channels.discard(group)
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.remove_listener(group, self._receive)

    async def publish(self, channel: str, message: str) -> None:
        """Ring outside a transaction; the domain rings inside its own instead."""
        connection = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS)
        try:
            await connection.execute("SELECT pg_notify($1, $2)", channel, message)
        finally:
            await connection.close()

    async def next_published(self) -> BroadcastEvent:
        return await self._queue.get()

    async def wait_until_listening(self) -> None:
        await self._listens.wait()

    async def _keep_listening(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                await self._listen_until_lost()
                pause = SHORTEST_PAUSE
            except Exception as error:  # asyncpg's internal errors too: this must never end
                log.warning("listener cannot connect", error=repr(error))
                pause = min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    async def _listen_until_lost(self) -> None:
        connection: asyncpg.Connection = await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            server_settings={"application_name": "pinmark-listen"},
        )
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            for channel in self._channels:
                await connection.add_listener(channel, self._receive)
            self._connection = connection
            self._listens.set()
            self.connections += 1
            self._resync()
            while not lost.is_set():
                await wait_at_most(PING_SECONDS, lost)
                if not lost.is_set():
                    await connection.execute("SELECT 1", timeout=CONNECT_SECONDS)
            log.warning("listener lost its connection")
        finally:
            self._listens.clear()
            self._connection = None
            connection.terminate()

    def _receive(self, connection: Any, process: int, channel: str, payload: object) -> None:
        self._put(BroadcastEvent(channel, str(payload)))

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


class Wakeups:
    """The process's one subscription; ``alive`` is false once it can no longer wake anybody."""

    def __init__(self, backend: PostgresBackend, hub: Hub) -> None:
        self.hub = hub
        self._backend = backend
        self._forwarder: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        forwarding = self._forwarder is not None and not self._forwarder.done()
        return forwarding and self._backend.listening

    @property
    def connections(self) -> int:
        """How often the listener has connected."""
        return self._backend.connections

    async def forward(self, broadcast: Broadcast) -> None:
        subscribed = asyncio.Event()
        self._forwarder = asyncio.create_task(self._forward(broadcast, subscribed))
        await subscribed.wait()
        await self._backend.wait_until_listening()

    async def _forward(self, broadcast: Broadcast, subscribed: asyncio.Event) -> None:
        async with broadcast.subscribe(CHANNEL) as subscriber:
            subscribed.set()
            while True:
                event = await subscriber.get()
                self.hub.ring(event.message)

    async def close(self) -> None:
        if self._forwarder is not None:
            self._forwarder.cancel()
            await asyncio.gather(self._forwarder, return_exceptions=True)


@asynccontextmanager
async def open_wakeups(url: str) -> AsyncGenerator[Wakeups]:
    """Listen on the Postgres at ``url``, which must not stand behind a transaction pooler."""
    backend = PostgresBackend(url)
    wakeups = Wakeups(backend, Hub())
    async with Broadcast(backend=backend) as broadcast:
        await wakeups.forward(broadcast)
        try:
            yield wakeups
        finally:
            await wakeups.close()
