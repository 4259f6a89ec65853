"""The pages built for a browser, served from our own origin: GraphiQL and its assets.

GraphiQL asks for more than the rest of the site allows: its editor writes style attributes, so
``/graphiql`` and what lies under it carry a content security policy of their own. A worker obeys
the policy of its own response, so the assets carry it too.
"""

from __future__ import annotations

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute

from pinmark.declared import Public

SHIPPED = "The files of the release, the same for everybody; the API behind them asks for a token."
GRAPHIQL_DIRECTORY = Path(__file__).parent / "static" / "graphiql"

CONTENT_SECURITY_POLICY = "; ".join(
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
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
ASSET_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")

NOT_BUILT = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>GraphiQL is not built · Pinmark</title>
<h1>GraphiQL is not built yet</h1>
<p>Install <a href="https://nodejs.org">Node.js</a> 20.19 or later, run <code>make dashboard</code>
in the checkout, and reload this page. The server need not be restarted.</p>
<p>The API itself is up, at <code>/graphql</code>.</p>
</html>
"""


def graphiql_routes(directory: Path = GRAPHIQL_DIRECTORY) -> list[BaseRoute]:
    """``/graphiql`` and its assets, as they lie in ``directory`` at the time of each request."""

    def page(request: Request) -> Response:
        return _page(directory / "index.html")

    def asset(request: Request) -> Response:
        return _asset(
            directory / "assets",
            request.path_params["name"],
            brotli=accepts_brotli(request.headers.get("accept-encoding", "")),
        )

    return [
        Public("/graphiql", page, name="graphiql", why=SHIPPED),
        Public("/graphiql/", page, why=SHIPPED),
        Public("/graphiql/assets/{name:path}", asset, why=SHIPPED),
    ]


def accepts_brotli(accept_encoding: str) -> bool:
    """Whether a client that sent this ``Accept-Encoding`` names brotli and does not refuse it."""
    for offer in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in offer.split(";"))
        if coding == "br":
            return not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
    return False


def _page(path: Path) -> Response:
    try:
        html = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return HTMLResponse(
            NOT_BUILT, 503, headers=SECURITY_HEADERS | {"Cache-Control": "no-store"}
        )
    return HTMLResponse(html, headers=SECURITY_HEADERS | {"Cache-Control": "no-cache"})


def _asset(directory: Path, name: str, *, brotli: bool) -> Response:
    """One built file, compressed if the client can read that.

    Its name holds a hash of what is in it, so it may be kept for ever. Nothing outside of
    ``directory`` is reachable: a name is one path segment, and a link is not followed.
    """
    path = directory / name
    media_type = MEDIA_TYPES.get(path.suffix)
    if media_type is None or not ASSET_NAME.fullmatch(name) or not _is_plain_file(path):
        raise HTTPException(404, headers=SECURITY_HEADERS)
    headers = SECURITY_HEADERS | {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    compressed = path.with_name(f"{name}.br")
    if brotli and _is_plain_file(compressed):
        headers["Content-Encoding"] = "br"
        path = compressed
    return FileResponse(path, headers=headers, media_type=media_type)


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
