"""Where the built pages are: ``/graphiql``, and the dashboard's own addresses, no others.

The dashboard finds its screen by the address, so each of its addresses answers the same page. An
address that is not its own is absent here as well: a mistyped path of the API must not answer a
page, nor may an asset of another build.
"""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from models.app import NAME_PATTERN
from pinmark.declared import Public
from pinmark.static_files import (
    DASHBOARD_DIRECTORY,
    GRAPHIQL_DIRECTORY,
    SHIPPED,
    BuiltPages,
)
from services.addresses import OURS

# React Aria sets `touch-action` by one style element of fixed text, which this is the hash of.
PRESSABLE_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"
DASHBOARD_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {PRESSABLE_STYLE}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
# Its editor writes style attributes, and its workers are made from strings.
GRAPHIQL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "worker-src 'self'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

OWN_PAGES = ("/", "/apps", "/login", "/organization", "/organization/{rest:path}")
APP_PAGES = (
    "",
    "/e/{rest:path}",
    "/compare",
    "/compare/{rest:path}",
    "/settings",
    "/settings/{rest:path}",
    "/audit",
)


def graphiql_routes(directory: Path = GRAPHIQL_DIRECTORY) -> list[BaseRoute]:
    pages = BuiltPages("GraphiQL", directory, GRAPHIQL_POLICY)

    def page(request: Request) -> Response:
        return pages.page()

    return [
        Public("/graphiql", page, name="graphiql", why=SHIPPED),
        Public("/graphiql/", page, why=SHIPPED),
        Public("/graphiql/assets/{name:path}", pages.asset, why=SHIPPED),
    ]


def dashboard_routes(directory: Path = DASHBOARD_DIRECTORY) -> list[BaseRoute]:
    """Come last of all routes: an app may have the name of something that is the server's."""
    pages = BuiltPages("The dashboard", directory, DASHBOARD_POLICY)

    def page(request: Request) -> Response:
        return pages.page()

    def app_page(request: Request) -> Response:
        if not re.fullmatch(NAME_PATTERN, request.path_params["app"]):
            raise pages.absent()
        return pages.page()

    def short_page(request: Request) -> Response:
        if request.path_params["app"] in OURS:
            raise pages.absent()
        return app_page(request)

    def icon(request: Request) -> Response:
        path = directory / "favicon.svg"
        if not path.is_file():
            raise pages.absent()
        return FileResponse(path, headers=pages.headers | {"Cache-Control": "no-cache"})

    return [
        Public("/assets/{name:path}", pages.asset, why=SHIPPED),
        Public("/favicon.svg", icon, why=SHIPPED),
        *(Public(path, page, why=SHIPPED) for path in OWN_PAGES),
        *(Public("/a/{app}" + path, app_page, why=SHIPPED) for path in APP_PAGES),
        *(Public("/{app}" + path, short_page, why=SHIPPED) for path in APP_PAGES),
    ]
