"""``Host``: the names that a server answers to.

A page of elsewhere can have its own name lead to this machine (DNS rebinding): its visitors'
browsers then take the server for a part of that page. What they send still names the page. A server
that only its own machine reaches, or that was told where it is reached, knows its names and answers
to no other; any other server cannot know them.
"""

from collections.abc import Awaitable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from pinmark.edges import refusal_at
from pinmark.settings import LOOPBACK, Settings

PROBED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by what watches the server, under whatever name; they tell nothing of anybody."""
POLICY_VIOLATION = 1008
MISDIRECTED = "This server is not known by that name; PINMARK_ALLOWED_HOSTS names those it has."


class OwnNames:
    """Answers 421 to who means another server."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._names = names_of(settings)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._names is None or scope["type"] == "lifespan" or scope["path"] in PROBED:
            return self._app(scope, receive, send)
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if is_named(host, self._names):
            return self._app(scope, receive, send)
        if scope["type"] == "websocket":
            return send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return refusal_at(scope["path"], 421, "misdirected", MISDIRECTED)(scope, receive, send)


def names_of(settings: Settings) -> frozenset[str] | None:
    """The names; None for any."""
    told = set(settings.allowed_hosts)
    if settings.public_url is not None:
        told.add(urlsplit(settings.public_url).hostname or "")
    if not told and settings.host not in LOOPBACK:
        return None
    return frozenset({*told, settings.host.lower(), "localhost"})


def is_named(host: str, names: frozenset[str]) -> bool:
    """Whether a ``Host`` is one of the names, or an address: nobody can have one lead elsewhere."""
    if not host:  # no browser leaves it out
        return True
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return False
    return name in names or name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
