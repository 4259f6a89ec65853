"""The pages built for a browser, served from our own origin: the dashboard and GraphiQL.

Nothing is loaded from elsewhere, and nothing may be: each answer carries the content security
policy of its page. A worker obeys the policy of its own response, so assets carry it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from pinmark.static_build import STATIC

GRAPHIQL_DIRECTORY = STATIC / "graphiql"
DASHBOARD_DIRECTORY = STATIC / "app"
SHIPPED = "The files of the release, the same for everybody; the API behind them asks for a token."

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
<title>{name} is not built · Pinmark</title>
<h1>{name} is not built yet</h1>
<p>Install <a href="https://nodejs.org">Node.js</a> 20.19 or later, run <code>make dashboard</code>
in the checkout, and reload this page. The server need not be restarted.</p>
<p>The API itself is up, at <code>/graphql</code>.</p>
</html>
"""


@dataclass(frozen=True)
class BuiltPages:
    """One front end as it lies in its folder at the time of each request."""

    name: str
    directory: Path
    policy: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": self.policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    def page(self) -> Response:
        """The page itself, checked anew at each visit."""
        try:
            html = (self.directory / "index.html").read_text(encoding="utf-8")
        except FileNotFoundError:
            html = NOT_BUILT.format(name=self.name)
            return HTMLResponse(html, 503, headers=self.headers | {"Cache-Control": "no-store"})
        return HTMLResponse(html, headers=self.headers | {"Cache-Control": "no-cache"})

    def asset(self, request: Request) -> Response:
        """One built file, compressed if the client can read that.

        Its name holds a hash of what is in it, so it may be kept for ever. Nothing outside of
        the folder is reachable: a name is one path segment, and a link is not followed.
        """
        name = str(request.path_params["name"])
        path = self.directory / "assets" / name
        media_type = MEDIA_TYPES.get(path.suffix)
        if media_type is None or not ASSET_NAME.fullmatch(name) or not _is_plain_file(path):
            raise self.absent()
        headers = self.headers | {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        compressed = path.with_name(f"{name}.br")
        accepted = accepts_brotli(request.headers.get("accept-encoding", ""))
        if accepted and _is_plain_file(compressed):
            headers["Content-Encoding"] = "br"
            path = compressed
        return FileResponse(path, headers=headers, media_type=media_type)

    def absent(self) -> HTTPException:
        return HTTPException(404, headers=self.headers)


def accepts_brotli(accept_encoding: str) -> bool:
    """Whether a client that sent this ``Accept-Encoding`` names brotli and does not refuse it."""
    for offer in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in offer.split(";"))
        if coding == "br":
            return not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
    return False


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
