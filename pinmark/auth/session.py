"""``/auth/session`` and ``/auth/sign-out``: what a front end asks about itself, and its end."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models import Member
from pinmark.auth.cookies import SESSION, take_cookie
from pinmark.auth.credentials import (
    CROSS_ORIGIN,
    Credential,
    CrossOrigin,
    SessionSecret,
    credential_of,
)
from pinmark.server_state import new_request_id, server_of
from schema.actors import principal_id
from schema.ids import encode_id
from services.principals import Principal
from services.sessions import end_shown_session

NO_STORE = {"Cache-Control": "no-store"}


async def show_session(request: Request) -> Response:
    """Who is asking, or null, and how one signs in here."""
    server = server_of(request)
    try:
        credential = credential_of(request, server.settings)
    except CrossOrigin:
        return _refused()
    principal = await _principal(request, credential)
    async with server.installation.database.moment() as session:
        viewer = None if principal is None else await _viewer(session, principal)
    way_in = "/auth/sign-in" if server.provider is not None else None
    return JSONResponse({"data": {"viewer": viewer, "sign_in_url": way_in}}, headers=NO_STORE)


async def _principal(request: Request, credential: Credential | None) -> Principal | None:
    if credential is None:
        return None
    return await server_of(request).authenticate(credential, request_id=new_request_id())


async def _viewer(session: AsyncSession, principal: Principal) -> dict[str, object]:
    member = await session.get(Member, principal.id) if principal.is_member else None
    session_id, ends = principal.session_id, principal.good_until
    return {
        "id": principal_id(principal),
        "kind": principal.actor_kind.value.lower(),
        "name": principal.name,
        "email": None if member is None else member.email,
        "permissions": sorted(principal.permissions),
        "session_id": None if session_id is None else encode_id("SignInSession", session_id),
        "expires_at": None if ends is None else ends.isoformat(),
    }


async def sign_out(request: Request) -> Response:
    """End the session that the cookie is of, and take the cookie back."""
    server = server_of(request)
    try:
        credential = credential_of(request, server.settings)
    except CrossOrigin:
        return _refused()
    if isinstance(credential, SessionSecret):
        async with server.installation.database.transaction() as session:
            await end_shown_session(
                session,
                pepper=server.installation.pepper,
                secret=credential.value,
                request_id=new_request_id(),
            )
    return take_cookie(Response(status_code=204, headers=NO_STORE), server.settings, SESSION)


def _refused() -> Response:
    error = {"code": "cross_origin_request", "message": CROSS_ORIGIN}
    return JSONResponse({"error": error}, status_code=403, headers=NO_STORE)
