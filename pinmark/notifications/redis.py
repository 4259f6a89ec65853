"""Redis's publish and subscribe, each on a bare connection of its own.

redis-py's own ``PubSub`` is not used: it connects and subscribes again by itself and tells nobody,
so that what was sent meanwhile would be missed without a word.
"""

import asyncio
import math
import random
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, cast

import structlog
from broadcaster import Event as BroadcastEvent
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pinmark.notifications.listening import (
    CONNECT_SECONDS,
    LONGEST_PAUSE,
    PING_SECONDS,
    SHORTEST_PAUSE,
    ListeningBackend,
)
from services.doorbell import CHANNEL, EVERYTHING, payload_of

LAST_SECONDS = 1.0
TROUBLE = (RedisError, OSError, TimeoutError)

log = structlog.get_logger()


def connections_to(url: str) -> ConnectionPool:
    """Makes connections that fail when they are lost, rather than try again unasked."""
    return ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=CONNECT_SECONDS,
        health_check_interval=0,
    )


class RedisBackend(ListeningBackend):
    """Listens to the Redis at ``url``."""

    carrier = "redis"
    needed = False

    def __init__(self, url: str) -> None:
        super().__init__()
        self._pool = connections_to(url)
        self._connection: AbstractConnection | None = None
        self._confirmed: set[str] = set()
        self._heard = 0.0

    async def subscribe(self, group: str) -> None:
        self._channels.add(group)
        await self._tell("SUBSCRIBE", group)

    async def unsubscribe(self, group: str) -> None:
        self._channels.discard(group)
        self._confirmed.discard(group)
        await self._tell("UNSUBSCRIBE", group)

    async def publish(self, channel: str, message: str) -> None:
        connection = self._pool.make_connection()
        try:
            await publish(connection, channel, message)
        finally:
            await connection.disconnect(nowait=True)

    async def _tell(self, *words: str) -> None:
        """Say it on the connection there is; the next one is told of every channel anyway."""
        if self._connection is None:
            return
        try:
            await self._connection.send_command(*words)
        except TROUBLE as error:
            log.warning("listener could not be told", carrier=self.carrier, error=repr(error))

    async def _listen_until_lost(self) -> None:
        connection = self._pool.make_connection()
        reading = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection.connect()
                self._connection = connection
                for channel in tuple(self._channels):  # others may be added meanwhile
                    await connection.send_command("SUBSCRIBE", channel)
            self._heard = monotonic()
            reading = asyncio.create_task(self._read(connection))
            while not reading.done():
                await asyncio.wait({reading}, timeout=PING_SECONDS)
                if not reading.done():
                    await self._ping(connection)
            reading.result()
        finally:
            self._ended()
            self._connection = None
            self._confirmed.clear()
            if reading is not None:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
            await connection.disconnect(nowait=True)

    async def _ping(self, connection: AbstractConnection) -> None:
        """Ask for a sign of life, unless the last ones never came."""
        if monotonic() - self._heard > PING_SECONDS + CONNECT_SECONDS:
            raise TimeoutError("nothing was heard of Redis")
        async with asyncio.timeout(CONNECT_SECONDS):
            await connection.send_command("PING")

    async def _read(self, connection: AbstractConnection) -> None:
        # Without a time limit of its own: one that struck inside a message would tear it.
        while True:
            answer = cast(Any, await connection.read_response(timeout=math.inf, push_request=True))
            self._heard = monotonic()
            match answer:
                case [b"message", bytes(channel), bytes(message)]:
                    self._put(BroadcastEvent(_text(channel), _text(message)))
                case [b"subscribe", bytes(channel), int()]:
                    self._confirm(_text(channel))
                case _:  # pyright: ignore[reportUnknownVariableType]
                    pass  # a pong, or the end of a subscription

    def _confirm(self, channel: str) -> None:
        """It listens once Redis has said so of every channel, and not when it was asked to."""
        self._confirmed.add(channel)
        if self._confirmed >= self._channels:
            self._begun()


def _text(found: bytes) -> str:
    return found.decode(errors="replace")


async def publish(connection: AbstractConnection, channel: str, message: str) -> None:
    """Have Redis take the message; what it does not answer in time counts as lost."""
    async with asyncio.timeout(CONNECT_SECONDS):
        await connection.send_command("PUBLISH", channel, message)
        await connection.read_response()


class RedisBell:
    """Rings through Redis, after a commit and beside everything else.

    Who rings neither waits nor fails. Topics that come while one message is on its way go with the
    next. When a message may have been lost, everybody is told to look as soon as Redis is back.
    """

    def __init__(self, url: str) -> None:
        self._pool = connections_to(url)
        self._topics: set[str] = set()
        self._rung = asyncio.Event()
        self._silent = asyncio.Event()
        self._silent.set()

    def ring(self, topics: Collection[str]) -> None:
        if topics:
            self._topics.update(topics)
            self._silent.clear()
            self._rung.set()

    async def until_silent(self) -> None:
        """Wait until all that was rung is with Redis."""
        await self._silent.wait()

    async def keep_ringing(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            connection = self._pool.make_connection()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.connect()
                pause = SHORTEST_PAUSE
                while True:
                    await self._pass_on(connection)
            except Exception as error:  # a library's internal errors too: this must never end
                log.warning("the bell does not reach Redis", error=repr(error))
                self.ring([EVERYTHING])
            finally:
                await connection.disconnect(nowait=True)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _pass_on(self, connection: AbstractConnection) -> None:
        await self._rung.wait()
        self._rung.clear()
        payload = payload_of(self._topics)
        self._topics.clear()
        await publish(connection, CHANNEL, payload)
        if not self._topics:
            self._silent.set()


@asynccontextmanager
async def open_redis_bell(url: str) -> AsyncGenerator[RedisBell]:
    """A bell for as long as the block lasts; at its end the last of it is rung, if that is soon."""
    bell = RedisBell(url)
    ringing = asyncio.create_task(bell.keep_ringing())
    try:
        yield bell
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await bell.until_silent()
        except TimeoutError:
            log.warning("the last of the bell did not reach Redis")
    finally:
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
