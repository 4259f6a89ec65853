"""Websockets that take finished frames: what many are told is made into a frame once.

ASGI knows messages, of which the server makes a frame for each socket anew. Where it is served by
the protocol below, a websocket's scope offers ``pinmark.finished_frames``, whose ``write`` puts
the bytes of a frame on the wire without waiting, between two messages. Under any other server
nothing is offered, and everything is sent as messages.
"""

from collections.abc import Callable, MutableMapping
from struct import pack
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN

EXTENSION = "pinmark.finished_frames"
TEXT = 0x81  # a text message in one frame; what a server sends has no mask

Write = Callable[[bytes], bool]


class FinishedFramesProtocol(WebSocketsSansIOProtocol):
    """The protocol of our sockets, which takes finished frames where it would change nothing."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # A refused handshake has no scope; an extension of the protocol would change the frames.
        if self.handshake_complete or self.conn.extensions:
            return
        scope = cast(dict[str, Any], self.scope)
        scope["extensions"][EXTENSION] = {"write": self.write_frame}

    def write_frame(self, frame: bytes) -> bool:
        """Write it, if the socket is open and has taken what was written before; say whether."""
        if not self.writable.is_set() or self.conn.state is not OPEN or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True


def write_of(scope: MutableMapping[str, Any]) -> Write | None:
    """What writes finished frames to the scope's websocket, if its server offers that."""
    extensions: dict[str, dict[str, Any]] = scope.get("extensions") or {}
    return extensions.get(EXTENSION, {}).get("write")


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
