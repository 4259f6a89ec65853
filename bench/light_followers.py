"""Followers of subscriptions by the thousand: graphql-transport-ws with next to nothing around it.

Each is one socket that follows one document, keeps every cursor it is told of, and comes back with
the last one after a loss, as clients of the protocol do.
"""

import asyncio
import base64
import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

import orjson

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
OF_ONE_ADDRESS = 5_000  # of the ports that outgoing connections are given
OPENING_AT_ONCE = 200
OPEN_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
LOST = 1006


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's frame, masked with zeros: the protocol asks for a mask, not for a secret one."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    else:
        head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2)
    return head + bytes(4) + payload


def message(**fields: object) -> bytes:
    return frame(TEXT, orjson.dumps(fields))


@dataclass
class Followed:
    """What one group of followers follows. ``told`` counts who was told of each cursor."""

    app: str
    document: str
    told: Counter[str] = field(default_factory=Counter[str])
    last_at: float = 0.0
    """When somebody was told of something last."""
    size: int = 0
    """The bytes of what was told last, as they were sent."""


@dataclass(eq=False)
class Follower(asyncio.Protocol):
    """One socket, from its handshake to its close."""

    crowd: "Crowd"
    followed: Followed
    after: str
    cursors: list[str] = field(default_factory=list[str])
    following: bool = False
    code: int = LOST
    _closed: "asyncio.Future[None] | None" = None
    _opened: "asyncio.Future[None] | None" = None
    _received: bytearray = field(default_factory=bytearray)
    _transport: asyncio.Transport | None = None

    async def open(self, address: str) -> None:
        """Connect and subscribe; it follows when this returns."""
        loop = asyncio.get_running_loop()
        self._received, self.code = bytearray(), LOST
        self._closed, self._opened = loop.create_future(), loop.create_future()
        await loop.create_connection(
            lambda: self, "127.0.0.1", self.crowd.port, local_addr=(address, 0)
        )
        await self._opened

    async def until_closed(self) -> None:
        assert self._closed is not None
        await self._closed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(
            b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
            b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
            % (self.crowd.port, base64.b64encode(os.urandom(16)))
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.following = False
        self.crowd.closed[self.code] += 1
        for waited in (self._opened, self._closed):
            if waited is not None and not waited.done():
                waited.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.startswith(b"HTTP"):
            if (end := self._received.find(b"\r\n\r\n")) < 0:
                return
            assert self._received.startswith(b"HTTP/1.1 101"), bytes(self._received)
            del self._received[: end + 4]
            self._say(
                type="connection_init", payload={"Authorization": f"Bearer {self.crowd.token}"}
            )
        while (taken := self._take()) is not None:
            self._hear(*taken)

    def _take(self) -> tuple[int, bytes] | None:
        """The next whole frame."""
        received = self._received
        if len(received) < 2:
            return None
        start, size = 2, received[1]
        if size == 126:
            start, size = 4, int.from_bytes(received[2:4])
        elif size == 127:
            start, size = 10, int.from_bytes(received[2:10])
        if len(received) < start + size:
            return None
        opcode, payload = received[0] & 0x0F, bytes(received[start : start + size])
        del received[: start + size]
        if opcode == TEXT:
            self.followed.size = start + size
        return opcode, payload

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._write(frame(PONG, payload))
        elif opcode == CLOSE:
            self.code = int.from_bytes(payload[:2])
            self._write(frame(CLOSE, payload[:2]))
        elif opcode == TEXT:
            self._understand(orjson.loads(payload))

    def _understand(self, said: dict[str, object]) -> None:
        match said:
            case {"type": "connection_ack"}:
                variables = {"app": self.followed.app, "after": self.after}
                payload = {"query": self.followed.document, "variables": variables}
                self._say(type="subscribe", id="1", payload=payload)
                self._say(type="ping")  # answered once what was said before it is taken
            case {"type": "pong"}:
                self.following = True
                if self._opened is not None and not self._opened.done():
                    self._opened.set_result(None)
            case {"type": "next", "payload": {"data": {"appEvents": {"cursor": str(cursor)}}}}:
                self.after = cursor
                self.cursors.append(cursor)
                self.followed.told[cursor] += 1
                self.followed.last_at = perf_counter()
            case _:
                self.crowd.failed = AssertionError(f"not foreseen: {said}")

    def _say(self, **fields: object) -> None:
        self._write(message(**fields))

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def leave(self) -> None:
        if self._transport is not None:
            self._transport.abort()


@dataclass
class Crowd:
    """All followers of one server. They come back as long as they are not told to stay away."""

    port: int
    token: str
    followers: list[Follower] = field(default_factory=list[Follower])
    closed: Counter[int] = field(default_factory=Counter[int])
    """How many sockets ended with each code."""
    returning: bool = True
    failed: Exception | None = None
    _opening: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(OPENING_AT_ONCE))
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def arrive(self, groups: Sequence[tuple[Followed, str]], count: int) -> None:
        """``count`` followers, divided among the groups; each with the cursor that it begins at."""
        for number in range(count):
            followed, after = groups[number % len(groups)]
            follower = Follower(self, followed, after)
            self.followers.append(follower)
            address = f"127.0.0.{2 + number // OF_ONE_ADDRESS}"
            self._tasks.append(asyncio.create_task(self._stay(follower, address)))
        await self.until_all_follow()

    async def _stay(self, follower: Follower, address: str) -> None:
        pause = FIRST_PAUSE
        while self.returning:
            try:
                async with self._opening, asyncio.timeout(OPEN_SECONDS):
                    await follower.open(address)
            except (OSError, TimeoutError):
                follower.leave()
            if follower.following:
                pause = FIRST_PAUSE
                await follower.until_closed()
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(2 * pause, LONGEST_PAUSE)

    @property
    def following(self) -> int:
        return sum(follower.following for follower in self.followers)

    async def until_all_follow(self) -> None:
        while self.following < len(self.followers):
            self._check()
            await asyncio.sleep(0.02)

    async def until_none_follows(self) -> None:
        while self.following:
            self._check()
            await asyncio.sleep(0.02)

    async def until_told(self, followed: Followed, cursor: str) -> float:
        """Wait until everybody who follows it was told of the event; when the last was."""
        of_them = sum(follower.followed is followed for follower in self.followers)
        while followed.told[cursor] < of_them:
            self._check()
            await asyncio.sleep(0.005)
        return followed.last_at

    def _check(self) -> None:
        if self.failed is not None:
            raise self.failed
        for task in self._tasks:
            if task.done():
                task.result()

    async def leave(self) -> None:
        self.returning = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for follower in self.followers:
            follower.leave()
