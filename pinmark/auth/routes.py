"""The routes of signing in."""

from starlette.routing import BaseRoute

from pinmark.auth.links import link_page, use_link
from pinmark.auth.oidc.endpoints import come_back, go_to_provider
from pinmark.auth.session import show_session, sign_out
from pinmark.declared import Public

NOBODY_YET = "Whoever signs in is nobody yet; the link or the provider says who they are."
ASKS_WHO = "It says who is asking, which may be nobody."
ENDS_ITSELF = "It ends what is shown to it, if that is a session, and nothing else."


def auth_routes() -> list[BaseRoute]:
    return [
        Public("/auth/link", link_page, methods=["GET"], why=NOBODY_YET),
        Public("/auth/link", use_link, methods=["POST"], why=NOBODY_YET),
        Public("/auth/sign-in", go_to_provider, methods=["GET"], why=NOBODY_YET),
        Public("/auth/callback", come_back, methods=["GET"], why=NOBODY_YET),
        Public("/auth/session", show_session, methods=["GET"], why=ASKS_WHO),
        Public("/auth/sign-out", sign_out, methods=["POST"], why=ENDS_ITSELF),
    ]
