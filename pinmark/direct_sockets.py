"""Websockets, handed to their endpoints without what stands around requests.

A router and the handlers of errors would each keep a frame for as long as the socket is open, and
stand between it and every message; there may be thousands.
"""

from collections.abc import Awaitable, Iterable

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from pinmark.declared import GuardedSocket


class DirectSockets:
    """Stands last around the application; what is no websocket of ours goes on into it."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._endpoints = {
            route.path: route.endpoint for route in routes if isinstance(route, GuardedSocket)
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "websocket" and (endpoint := self._endpoints.get(scope["path"])):
            return endpoint(WebSocket(scope, receive, send))
        return self._app(scope, receive, send)
