"""The process's subscriptions: one Broadcast a carrier, one subscription, one hub for them all.

Opened at start and kept: Broadcaster loses subscribers that come and go.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from broadcaster import Broadcast

from pinmark.notifications.carriers import backends
from pinmark.notifications.listening import CONNECT_SECONDS, ListeningBackend
from services.doorbell import CHANNEL, EVERYTHING
from services.hub import Hub

DEAF_LOOK_SECONDS = 2.0  # while a carrier that can be done without is gone


class Wakeups:
    """``alive`` is false once this process can no longer be woken as it has to be."""

    def __init__(self, hub: Hub, listeners: Sequence[ListeningBackend]) -> None:
        self.hub = hub
        self.listeners = listeners
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def alive(self) -> bool:
        """Every task that forwards is there, and what may not be lost can be heard.

        A Redis that is gone is not the end of the servers: they look by themselves meanwhile.
        """
        return (
            bool(self._tasks)
            and not any(task.done() for task in self._tasks)
            and all(each.running for each in self.listeners)
            and all(each.listening for each in self.listeners if each.needed)
        )

    async def forward(self, broadcast: Broadcast, backend: ListeningBackend) -> None:
        subscribed = asyncio.Event()
        self._tasks.append(asyncio.create_task(self._forward(broadcast, subscribed)))
        await subscribed.wait()
        if backend.needed:
            await backend.wait_until_listening()
            return
        self._tasks.append(asyncio.create_task(self._look_while_deaf(backend)))
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                await backend.wait_until_listening()

    async def _forward(self, broadcast: Broadcast, subscribed: asyncio.Event) -> None:
        async with broadcast.subscribe(CHANNEL) as subscriber:
            subscribed.set()
            while True:
                event = await subscriber.get()
                self.hub.ring(event.message)

    async def _look_while_deaf(self, backend: ListeningBackend) -> None:
        while True:
            await asyncio.sleep(DEAF_LOOK_SECONDS)
            if not backend.listening:
                self.hub.ring(EVERYTHING)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def open_wakeups(
    listen_url: str, broadcast_url: str | None = None
) -> AsyncGenerator[Wakeups]:
    """Listen to the Postgres at ``listen_url``, which must not stand behind a transaction pooler,
    and to the Redis at ``broadcast_url`` if there is one.
    """
    listeners = backends(listen_url, broadcast_url)
    wakeups = Wakeups(Hub(), listeners)
    async with AsyncExitStack() as stack:
        broadcasts = [
            await stack.enter_async_context(Broadcast(backend=backend)) for backend in listeners
        ]
        stack.push_async_callback(wakeups.close)
        for broadcast, backend in zip(broadcasts, listeners, strict=True):
            await wakeups.forward(broadcast, backend)
        yield wakeups
