"""The routes of signing in."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from pinmark.auth.links import link_page, use_link
from pinmark.auth.oidc.endpoints import come_back, go_to_provider
from pinmark.auth.pages import message
from pinmark.auth.session import show_session, sign_out
from pinmark.declared import Public
from pinmark.rate_limits import TooManyRequests
from pinmark.server_state import address_of, server_of

NOBODY_YET = "Whoever signs in is nobody yet; the link or the provider says who they are."
ASKS_WHO = "It says who is asking, which may be nobody."
ENDS_ITSELF = "It ends what is shown to it, if that is a session, and nothing else."

Page = Callable[[Request], Awaitable[Response]]


def auth_routes() -> list[BaseRoute]:
    return [
        Public("/auth/link", link_page, methods=["GET"], why=NOBODY_YET),
        Public("/auth/link", attempting(use_link), methods=["POST"], why=NOBODY_YET),
        Public("/auth/sign-in", attempting(go_to_provider), methods=["GET"], why=NOBODY_YET),
        Public("/auth/callback", attempting(come_back), methods=["GET"], why=NOBODY_YET),
        Public("/auth/session", show_session, methods=["GET"], why=ASKS_WHO),
        Public("/auth/sign-out", sign_out, methods=["POST"], why=ENDS_ITSELF),
    ]


def attempting(page: Page) -> Page:
    """The page for as many attempts as one address has; beyond them, when to come back."""

    async def answer(request: Request) -> Response:
        try:
            server_of(request).limits.spend_attempt(address_of(request))
        except TooManyRequests as many:
            response = message("Too many attempts", many.message, status=429)
            response.headers.update(many.headers)
            return response
        return await page(request)

    return answer
