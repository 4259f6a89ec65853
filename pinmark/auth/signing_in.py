"""What every way of signing in ends with: a session, its cookie, and where to go next."""

import re

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from models import Member, SignInMethod
from pinmark.auth.cookies import SESSION, cookie_of, give_cookie
from pinmark.auth.pages import redirect
from pinmark.server_state import server_of
from services import sessions

HOME = "/"
MAXIMUM_NEXT = 2000
# One slash: two, or one and a backslash, would name another host.
_INSIDE = re.compile(r"/(?![/\\])[\x21-\x7e]*")


def safe_next(given: str | None) -> str:
    """Where to go after signing in: a path of ours, or home."""
    if given is None or len(given) > MAXIMUM_NEXT or not _INSIDE.fullmatch(given):
        return HOME
    return HOME if "\\" in given else given


async def start(
    request: Request,
    session: AsyncSession,
    *,
    member: Member,
    method: SignInMethod,
    request_id: str,
) -> str:
    """A new session in this browser, in place of one that it may have had; the secret of it."""
    server = server_of(request)
    installation = server.installation
    replaced = cookie_of(request, server.settings, SESSION)
    if replaced:
        await sessions.end_shown_session(
            session, pepper=installation.pepper, secret=replaced, request_id=request_id
        )
    return await sessions.start_session(
        session,
        policy=installation.sessions,
        pepper=installation.pepper,
        member=member,
        method=method,
        user_agent=request.headers.get("user-agent", ""),
        request_id=request_id,
    )


def signed_in(request: Request, secret: str, *, following: str) -> Response:
    """On to where the member wanted, with the session's cookie."""
    server = server_of(request)
    lasts = server.installation.sessions.longest
    return give_cookie(redirect(following), server.settings, SESSION, secret, lasts=lasts)
