"""``POST /webhooks/github/{app}`` and ``/webhooks/gitlab/{app}``: where Git hosts ring.

``{app}`` is the app's id. A delivery that does not verify answers 401, as does one for an app
that is not there; everything else answers 202 at once, with what became of it.
"""

from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from models import WebhookHost
from pinmark.declared import Public
from pinmark.server_state import server_of
from services import webhooks
from services.webhooks import Delivery, Unverified

MAXIMUM_BODY = 5 * 1024 * 1024
SIGNED = "A Git host has no token; each delivery is verified under the repository's own secret."


def webhook_routes() -> list[BaseRoute]:
    return [
        Public("/webhooks/github/{app}", _github, methods=["POST"], why=SIGNED),
        Public("/webhooks/gitlab/{app}", _gitlab, methods=["POST"], why=SIGNED),
    ]


async def _github(request: Request) -> Response:
    return await _receive(request, WebhookHost.GITHUB)


async def _gitlab(request: Request) -> Response:
    return await _receive(request, WebhookHost.GITLAB)


async def _receive(request: Request, host: WebhookHost) -> Response:
    try:
        body = await _body(request)
    except ClientDisconnect:
        return _answer(400, "incomplete")
    if body is None:
        return _answer(413, "too_large")
    installation = server_of(request).installation
    try:
        async with installation.database.transaction() as session:
            outcome = await webhooks.receive(
                session,
                cipher=installation.cipher,
                app_id=_app_id(request),
                delivery=Delivery(host, dict(request.headers), body),
            )
    except Unverified:
        return _answer(401, "unverified")
    return _answer(202, outcome.value)


async def _body(request: Request) -> bytes | None:
    """The raw body, which the signature is over; None when it is too large to be one."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            return None
    return bytes(body)


def _app_id(request: Request) -> UUID | None:
    try:
        return UUID(request.path_params["app"])
    except ValueError:
        return None


def _answer(status: int, outcome: str) -> Response:
    return JSONResponse({"status": outcome}, status_code=status)
