"""Where the server is, what to show it, and which app is meant.

Each is taken from the first that says so: an option, an environment variable, what ``pinmark
login`` kept. A token is never an option, because every process of a machine can read those.
A kept one is shown only to the server that it was kept for.
"""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from pinmark.client.failures import Denied, Usage

DEFAULT_URL = "http://127.0.0.1:8000"
URL_VARIABLE = "PINMARK_URL"
TOKEN_VARIABLE = "PINMARK_TOKEN"
APP_VARIABLE = "PINMARK_APP"


@dataclass(frozen=True)
class Kept:
    """What ``pinmark login`` wrote down."""

    url: str | None = None
    app: str | None = None
    tokens: Mapping[str, str] = field(default_factory=dict[str, str])

    def logged_in(self, url: str, token: str, app: str | None) -> "Kept":
        return replace(self, url=url, app=app, tokens={**self.tokens, url: token})


@dataclass(frozen=True)
class Place:
    """A server, and what is shown to it."""

    url: str
    token: str | None = field(repr=False)

    def authorization(self) -> str:
        if self.token is None:
            raise Denied(
                f"There is no token for {self.url}.",
                hint="Run `pinmark login`, or set PINMARK_TOKEN.",
                code="UNAUTHENTICATED",
            )
        return f"Bearer {self.token}"


def kept_file() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "pinmark" / "client.json"


def read_kept() -> Kept:
    """What is kept; nothing when nothing is. A file that others can read is refused."""
    path = kept_file()
    try:
        with path.open(encoding="utf-8") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise Usage(f"{path} can be read by others.", hint=f"chmod 600 {path}")
            found = json.load(file)
            return Kept(found.get("url"), found.get("app"), dict(found.get("tokens", {})))
    except FileNotFoundError:
        return Kept()
    except (ValueError, AttributeError, TypeError):
        message = f"{path} is not what `pinmark login` writes."
        raise Usage(message, hint="Remove it and run `pinmark login`.") from None


def keep(kept: Kept) -> Path:
    """Write it down, readable by its owner alone, whole or not at all."""
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps({"url": kept.url, "app": kept.app, "tokens": dict(kept.tokens)}, indent=2)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def find_place(url: str | None) -> Place:
    kept = read_kept()
    address = checked_url(url or os.environ.get(URL_VARIABLE) or kept.url or DEFAULT_URL)
    given = os.environ.get(TOKEN_VARIABLE)
    token = checked_token(given, where=TOKEN_VARIABLE) if given else kept.tokens.get(address)
    return Place(address, token)


def find_app(app: str | None) -> str | None:
    return app or os.environ.get(APP_VARIABLE) or read_kept().app


def checked_url(url: str) -> str:
    """The address as it is kept and shown: without a slash at its end, nor anything secret."""
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise Usage("The server's address is not a URL.") from None
    if not known:
        raise Usage(f"{url!r} is no address of a server.", hint=f"Like this: {DEFAULT_URL}")
    if parts.username is not None or parts.query or parts.fragment:
        raise Usage("A server's address has no user name, query or fragment.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def checked_token(token: str, *, where: str) -> str:
    """The token, when it is spelled like one; what it says is not repeated."""
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise Usage(f"What {where} has is no token.", hint="It is one word without spaces.")
    return stripped


def is_open_to_listeners(url: str) -> bool:
    """Whether what is sent there passes a network unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost")
