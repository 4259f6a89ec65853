"""``/v1/docs``: the description rendered for people, by files of our own origin alone.

It is as public as the description itself. Whoever tries an operation there gives their own token.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from pinmark.declared import Public
from pinmark.static_build import STATIC
from pinmark.static_files import SHIPPED, BuiltPages

DIRECTORY = STATIC / "docs"
# Swagger UI writes style attributes, and shows pictures that lie in its style sheet.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def documentation_routes(directory: Path = DIRECTORY) -> list[BaseRoute]:
    pages = BuiltPages("The page of the REST API", directory, CONTENT_SECURITY_POLICY)

    def page(request: Request) -> Response:
        return pages.page()

    return [
        Public("/v1/docs", page, why=SHIPPED),
        Public("/v1/docs/", page, why=SHIPPED),
        Public("/v1/docs/assets/{name:path}", pages.asset, why=SHIPPED),
    ]
