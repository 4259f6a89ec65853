"""The routes of signing in."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pinmark.auth.links import link_page, use_link
from pinmark.auth.oidc.endpoints import come_back, go_to_provider
from pinmark.auth.pages import message
from pinmark.auth.session import show_session, sign_out
from pinmark.rate_limits import TooManyRequests
from pinmark.server_state import address_of, server_of

Page = Callable[[Request], Awaitable[Response]]


def auth_routes() -> list[BaseRoute]:
    return [
        Route("/auth/link", link_page, methods=["GET"]),
        Route("/auth/link", attempting(use_link), methods=["POST"]),
        Route("/auth/sign-in", attempting(go_to_provider), methods=["GET"]),
        Route("/auth/callback", attempting(come_back), methods=["GET"]),
        Route("/auth/session", show_session, methods=["GET"]),
        Route("/auth/sign-out", sign_out, methods=["POST"]),
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
