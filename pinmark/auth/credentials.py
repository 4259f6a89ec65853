"""What a request shows to say who sends it, and whether a browser's cookie may count.

A cookie comes along with whatever request a browser sends here, whoever had it sent. So it counts
only where the request proves that a page of ours sent it: browsers say where a request comes from
in ``Origin`` and ``Sec-Fetch-Site``, and pages cannot change either. What changes things has to
be JSON besides, which no form can send. An ``Authorization`` header is never added by a browser
on its own; where there is one, it alone counts.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from pinmark.auth.cookies import SESSION, cookie_of
from pinmark.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = "application/json"
CROSS_ORIGIN = "Only a page of this server can use its visitor's session, and only with JSON."


@dataclass(frozen=True)
class SessionSecret:
    """The secret of a session of the dashboard, out of a cookie that counts."""

    value: str = field(repr=False)


Credential = str | SessionSecret
"""An ``Authorization`` value, or the secret of a session."""


class CrossOrigin(Exception):
    """There is a session's cookie, and nothing proves that a page of ours sent the request."""


def credential_of(request: Request, settings: Settings) -> Credential | None:
    """What the request shows; None for nothing. Raises ``CrossOrigin``."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return authorization
    secret = cookie_of(request, settings, SESSION)
    if not secret:
        return None
    if not _counts(request, settings):
        raise CrossOrigin
    return SessionSecret(secret)


def socket_credential(connection: HTTPConnection, settings: Settings) -> SessionSecret | None:
    """The session that a websocket was opened in; None where its cookie does not count."""
    secret = cookie_of(connection, settings, SESSION)
    if not secret or "origin" not in connection.headers:  # browsers send it with every socket
        return None
    return SessionSecret(secret) if comes_from_us(connection, settings) else None


def _counts(request: Request, settings: Settings) -> bool:
    if request.method in SAFE_METHODS:
        site = request.headers.get("sec-fetch-site", "none")
        typed = site == "none" and "origin" not in request.headers  # an address, not a page's
        return typed or comes_from_us(request, settings)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return content_type == JSON and comes_from_us(request, settings)


def comes_from_us(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser says that a page of ours sent this; what says nothing does not."""
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if site is None and origin is None:
        return False
    if site not in (None, "same-origin"):
        return False
    return origin is None or origin in _own_origins(connection, settings)


def _own_origins(connection: HTTPConnection, settings: Settings) -> set[str]:
    secure = connection.url.scheme in {"https", "wss"}
    own = {f"{'https' if secure else 'http'}://{connection.headers.get('host', '')}"}
    if settings.public_url is not None:
        public = urlsplit(settings.public_url)
        own.add(f"{public.scheme}://{public.netloc}")
    return own
