"""What is sent over one socket: one message after another, whoever sends it.

What many are told goes out as a finished frame, at once, where nobody is sending and the socket
takes it; everything else is a message, and waits its turn.
"""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from pinmark.finished_frames import write_of
from pinmark.groups import Told


class Sending:
    """The way to one client."""

    __slots__ = ("_turn", "_websocket", "_write")

    def __init__(self, websocket: WebSocket) -> None:
        self._turn = asyncio.Lock()
        self._websocket = websocket
        self._write = write_of(websocket.scope)

    async def send(self, text: str) -> None:
        """Send one message, however long it takes."""
        try:
            async with self._turn:
                await self._websocket.send({"type": "websocket.send", "text": text})
        except (RuntimeError, OSError):
            raise WebSocketDisconnect(1006) from None

    def write(self, told: Told, head: str) -> bool:
        """Send an answer here and now, after its head; False where it would have to wait."""
        if self._write is None or self._turn.locked():
            return False
        return self._write(told.frame(head))
