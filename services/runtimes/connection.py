"""Calling a runtime: one request a connection, signed, the answer read as it comes.

An address is ``unix:`` and a path on this machine, or ``tcp:``, a host and a port, which every
server can reach.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import stat
from asyncio import StreamReader, StreamWriter
from collections import deque
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import httptools

SIGNATURE = "x-agentmark-signature-256"
CHUNK = 65_536
BESIDE_THE_BODY = 2 * CHUNK
UNREACHABLE = (OSError, TimeoutError)  # also a cluster that has no such service any more


class NotListening(Exception):
    """Nobody is at the address; nothing was sent."""


class ConnectionBroken(Exception):
    """The runtime took the request and went away before it had answered it whole."""


@asynccontextmanager
async def request(
    address: str, method: str, path: str, body: bytes = b"", *, secret: str = ""
) -> AsyncGenerator[Answer]:
    """Send a request; the answer's head is there, its body is read with ``pieces``."""
    reader, writer = await _connect(address)
    try:
        writer.write(_head(method, path, body, secret) + body)
        answer = Answer(reader)
        await answer.begin()
        yield answer
    finally:
        writer.close()


async def _connect(address: str) -> tuple[StreamReader, StreamWriter]:
    kind, _, path = address.partition(":")
    try:
        if kind == "tcp":
            host, _, port = path.rpartition(":")
            return await asyncio.open_connection(host, int(port), limit=CHUNK)
        if kind != "unix":
            raise ValueError(f"not an address of a runtime: {address}")
        with _socket_itself(path) as itself:
            return await asyncio.open_unix_connection(itself, limit=CHUNK)
    except UNREACHABLE as error:
        raise NotListening(str(error)) from error


@contextmanager
def _socket_itself(path: str) -> Generator[str]:
    """A name for the socket that lies at the path now, and for nothing that it may lead to.

    Its folder belongs to the handler, which could put a link there to any socket of the machine.
    """
    held = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISSOCK(os.fstat(held).st_mode):
            raise NotListening("there is something else than a socket")
        yield f"/proc/self/fd/{held}"
    finally:
        os.close(held)


def _head(method: str, path: str, body: bytes, secret: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: runtime", "Connection: close"]
    if method == "POST":
        signature = hmac.digest(secret.encode(), body, "sha256").hex()
        lines += [
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"{SIGNATURE}: sha256={signature}",
        ]
    return "\r\n".join([*lines, "", ""]).encode()


class Answer:
    """An answer as it arrives; also the protocol of its parser, which calls the ``on_`` methods."""

    def __init__(self, reader: StreamReader) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._reader = reader
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: deque[bytes] = deque()
        self._begun = False
        self._complete = False
        self._beside = 0
        """How much came since the last of the body: a head, a trailer, or nonsense."""

    async def begin(self) -> None:
        while not self._begun:
            await self._feed()
        self.status = self._parser.get_status_code()

    async def pieces(self) -> AsyncGenerator[bytes]:
        while self._pieces or not self._complete:
            while self._pieces:
                yield self._pieces.popleft()
            if not self._complete:
                await self._feed()

    async def body(self, *, most: int) -> bytes | None:
        """The whole body, or None when it is larger than ``most``."""
        whole = bytearray()
        async for piece in self.pieces():
            whole += piece
            if len(whole) > most:
                return None
        return bytes(whole)

    async def _feed(self) -> None:
        try:
            chunk = await self._reader.read(CHUNK)
            if not chunk:
                raise ConnectionBroken("it hung up")
            self._beside += len(chunk)
            self._parser.feed_data(chunk)
            if self._beside > BESIDE_THE_BODY:
                raise ConnectionBroken("it says too much beside its answer")
        except (OSError, httptools.HttpParserError) as error:
            raise ConnectionBroken(str(error)) from error

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._begun = True

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)
        self._beside = 0

    def on_message_complete(self) -> None:
        self._complete = True
