"""Requests that were not over when the server had to stop.

A server that is told to stop lets what is under way finish, for as long as whoever stopped it will
wait. What is not over then is cut short, and even so its client is told what that means.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pinmark.edges import refusal_at
from pinmark.trouble import CUT_SHORT


class CutShort:
    """Answers 503 where the server stops before there is an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering = False

        async def sending(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if answering or not scope["state"]["server"].stopping.is_set():
                raise
            again = {"Retry-After": "1"}
            told = refusal_at(scope["path"], 503, "unavailable", CUT_SHORT, **again)
            await told(scope, receive, send)
