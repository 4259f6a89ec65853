"""Postgres's own notifications, heard on a connection that does nothing else."""

import asyncio
from typing import Any

import asyncpg
import structlog
from broadcaster import Event as BroadcastEvent

from pinmark.notifications.listening import CONNECT_SECONDS, PING_SECONDS, ListeningBackend
from services.waiting import wait_at_most

log = structlog.get_logger()


class PostgresBackend(ListeningBackend):
    """Listens to the Postgres at ``url``, which must not stand behind a transaction pooler."""

    carrier = "postgres"
    needed = True

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._connection: asyncpg.Connection | None = None

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
            self._begun()
            while not lost.is_set():
                await wait_at_most(PING_SECONDS, lost)
                if not lost.is_set():
                    await connection.execute("SELECT 1", timeout=CONNECT_SECONDS)
            log.warning("listener lost its connection", carrier=self.carrier)
        finally:
            self._ended()
            self._connection = None
            connection.terminate()

    def _receive(self, connection: Any, process: int, channel: str, payload: object) -> None:
        self._put(BroadcastEvent(channel, str(payload)))
