"""The routes of signing in."""

from starlette.routing import BaseRoute, Route

from pinmark.auth.links import link_page, use_link
from pinmark.auth.oidc.endpoints import come_back, go_to_provider
from pinmark.auth.session import show_session, sign_out


def auth_routes() -> list[BaseRoute]:
    return [
        Route("/auth/link", link_page, methods=["GET"]),
        Route("/auth/link", use_link, methods=["POST"]),
        Route("/auth/sign-in", go_to_provider, methods=["GET"]),
        Route("/auth/callback", come_back, methods=["GET"]),
        Route("/auth/session", show_session, methods=["GET"]),
        Route("/auth/sign-out", sign_out, methods=["POST"]),
    ]
