"""What goes out over one socket: one message after another, whoever sends it.

What many are told goes out as a finished frame, at once, where nobody is sending and the socket
takes it; everything else is a message, and waits its turn.
"""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from pinmark.finished_frames import take_writer
from pinmark.groups import Told


class Outgoing:
    """What goes out to one client."""

    __slots__ = ("_turn", "_under_way", "_websocket", "_writer")

    def __init__(self, websocket: WebSocket) -> None:
        self._turn = asyncio.Lock()
        self._under_way = 0
        """How many messages wait for their turn, or have it."""
        self._websocket = websocket
        self._writer = take_writer(websocket.scope)

    async def send(self, text: str) -> None:
        """Send one message, however long it takes."""
        self._under_way += 1
        try:
            async with self._turn:
                await self._websocket.send({"type": "websocket.send", "text": text})
        except (RuntimeError, OSError):
            raise WebSocketDisconnect(1006) from None
        finally:
            self._under_way -= 1

    def write(self, told: Told, head: str) -> bool:
        """Send an answer here and now, after its head; False where it would have to wait."""
        if self._writer is None or self._under_way:
            return False
        return self._writer.write(told.frame(head))
