"""The cookies of a browser: of no use to scripts, and not sent along by other sites' requests."""

from datetime import timedelta
from typing import TypeVar

from starlette.requests import HTTPConnection
from starlette.responses import Response

from pinmark.settings import Settings

SESSION = "pinmark_session"
FLOW = "pinmark_sign_in"

Answer = TypeVar("Answer", bound=Response)


def cookie_of(connection: HTTPConnection, settings: Settings, name: str) -> str | None:
    return connection.cookies.get(_spelled(settings, name))


def give_cookie(
    response: Answer, settings: Settings, name: str, value: str, *, lasts: timedelta
) -> Answer:
    response.set_cookie(
        _spelled(settings, name),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=_is_secure(settings),
        httponly=True,
        samesite="lax",
    )
    return response


def take_cookie(response: Answer, settings: Settings, name: str) -> Answer:
    response.delete_cookie(
        _spelled(settings, name),
        path="/",
        secure=_is_secure(settings),
        httponly=True,
        samesite="lax",
    )
    return response


def _spelled(settings: Settings, name: str) -> str:
    """With the prefix, a browser takes it from this very host over TLS alone."""
    return f"__Host-{name}" if _is_secure(settings) else name


def _is_secure(settings: Settings) -> bool:
    return (settings.public_url or "").startswith("https://")
