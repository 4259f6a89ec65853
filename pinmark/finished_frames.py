"""Websockets that take finished frames: what many are told is made into a frame once.

ASGI knows messages, of which the server makes a frame for each socket anew. Where a websocket is
served by the protocol below, its scope offers the extension ``pinmark.finished_frames``, whose
``writer`` puts the bytes of a frame on the wire without waiting, between two messages. Under any
other server nothing is offered, and everything is sent as messages.
"""

import os
from asyncio import Transport
from collections.abc import MutableMapping
from struct import pack
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

EXTENSION = "pinmark.finished_frames"
TEXT = 0x81  # a text message in one frame; what a server sends has no mask


class FinishedFramesProtocol(WebSocketsSansIOProtocol):
    """The protocol of our sockets, which takes finished frames where that changes nothing."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # A refused handshake has no scope; an extension of the protocol would change the frames.
        if self.handshake_complete or self.conn.extensions:
            return
        scope = cast(dict[str, Any], self.scope)
        scope["extensions"][EXTENSION] = {"writer": FrameWriter(self.conn, self.transport)}


class FrameWriter:
    """What writes finished frames to one socket.

    It asks few objects, because those of thousands of sockets are in no cache when their turn
    comes, and for the same reason goes past the transport, which has nothing to do as long as
    the kernel takes everything.
    """

    __slots__ = ("_connection", "_descriptor", "_transport")

    def __init__(self, connection: ServerProtocol, transport: Transport) -> None:
        self._connection = connection
        self._transport = transport
        encrypted = transport.get_extra_info("sslcontext") is not None
        self._descriptor = None if encrypted else transport.get_extra_info("socket").fileno()

    def write(self, frame: bytes) -> bool:
        """Write it, if the socket is open and has taken all that was written before."""
        transport = self._transport
        if (
            transport.is_closing()  # from here on the descriptor may be another's
            or transport.get_write_buffer_size()
            or self._connection.state is not OPEN
        ):
            return False
        rest = frame if self._descriptor is None else _rest_of(self._descriptor, frame)
        if rest:
            transport.write(rest)
        return True


def _rest_of(descriptor: int, frame: bytes) -> bytes:
    """What the kernel does not take at once."""
    try:
        return frame[os.write(descriptor, frame) :]
    except OSError:  # it is full, or the client is gone: the transport finds out which
        return frame


def take_writer(scope: MutableMapping[str, Any]) -> FrameWriter | None:
    """What writes finished frames to the scope's websocket, if its server offers that. The scope
    does not keep what it offered: it stays in memory for as long as the socket is open.
    """
    extensions: dict[str, dict[str, Any]] = scope.get("extensions") or {}
    return extensions.pop(EXTENSION, {}).get("writer")


def text_frame(*parts: bytes) -> bytes:
    """The frame of a text message, of which the parts are given in UTF-8."""
    size = sum(map(len, parts))
    if size < 126:
        head = pack("!BB", TEXT, size)
    elif size < 65536:
        head = pack("!BBH", TEXT, 126, size)
    else:
        head = pack("!BBQ", TEXT, 127, size)
    return b"".join((head, *parts))
