"""What a route takes of whoever asks, declared where the route is.

A declaration refuses nobody: the services do, or the key that a webhook is signed with. It is
there to be read, and a test finds every route that has none.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from services.principals import Permission


class Access(Enum):
    """Who may ask where no permission decides."""

    PUBLIC = "Anybody, without a token."
    KNOWN = "Whoever has a valid token or session; what is asked for decides about the rest."


Needed = Permission | tuple[Permission, ...] | Access
"""One permission, those of which what is asked for needs one, or none."""

Endpoint = Callable[[Request], Awaitable[Response] | Response]


class Public(Route):
    """A route that anybody may ask, without a token, and why that is so."""

    def __init__(self, path: str, endpoint: Endpoint, *, why: str, **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        self.why = why


class Guarded(Route):
    """A route that takes a token or a session at least."""

    def __init__(self, path: str, endpoint: Endpoint, *, needs: Needed, **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        self.needs = needs


class GuardedSocket(WebSocketRoute):
    """A websocket that takes a token or a session at least."""

    def __init__(self, path: str, endpoint: Any, *, needs: Needed) -> None:
        super().__init__(path, endpoint)
        self.needs = needs


def declared(route: BaseRoute) -> Mapping[str, Needed]:
    """What each method of a route takes; empty for a route that declares nothing."""
    match route:
        case Public(why=why) if why:
            return {method: Access.PUBLIC for method in route.methods or ()}
        case Guarded():
            return {method: route.needs for method in route.methods or ()}
        case GuardedSocket():
            return {"WEBSOCKET": route.needs}
        case Route():
            return getattr(route.endpoint, "declared", {})
        case _:
            return {}
