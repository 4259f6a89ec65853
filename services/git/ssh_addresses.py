"""Addresses of repositories over ssh: two ways to write one, and the form that is kept."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from services.errors import InvalidInput
from services.git.hosts import CONTROL, URL_TEXT, bracketed, normal_host

SSH_PORT = 22
DEFAULT_USER = "git"

USER = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.+-]{0,63}")
SHORT_FORM = re.compile(r"(?P<user>[^@:/]+)@(?P<host>\[[0-9A-Fa-f:.]+\]|[^@:/\[\]]+):(?P<path>.+)")
SAFE_IN_PATH = "/~:@!$&'()*+,;="


@dataclass(frozen=True)
class SshAddress:
    """Where a repository lies; ``path`` is what its host is asked for, so not percent-encoded."""

    user: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        suffix = "" if self.port == SSH_PORT else f":{self.port}"
        path = quote(self.path, safe=SAFE_IN_PATH)
        return f"ssh://{self.user}@{bracketed(self.host)}{suffix}{path}"

    @property
    def authority(self) -> tuple[str, int]:
        """What a host key belongs to."""
        return self.host, self.port

    @classmethod
    def of(cls, url: str) -> "SshAddress":
        """Take apart an address that has passed ``check_ssh``."""
        parts = urlsplit(url)
        return cls(
            user=parts.username or DEFAULT_USER,
            host=normal_host(parts.hostname),
            port=parts.port or SSH_PORT,
            path=unquote(parts.path),
        )


def is_ssh(url: str) -> bool:
    """Whether the address is meant for ssh, well formed or not."""
    return url[:6].lower() == "ssh://" or ("://" not in url and "@" in url)


def check_ssh(url: str) -> str:
    """Return the address as ``ssh://user@host[:port]/path``, or refuse it.

    ``user@host:path`` means the same as ``ssh://user@host/path``: hosts of repositories know no
    difference. The home folder of a user is ``/~/`` or ``/~user/``.
    """
    address = from_url(url) if "://" in url else from_short_form(url)
    check_parts(address)
    return address.url


def from_url(url: str) -> SshAddress:
    if not URL_TEXT.fullmatch(url):
        raise refusal("An ssh:// URL is plain ASCII without spaces; write %20 for a space.")
    if "?" in url or "#" in url:
        raise refusal("The address of a repository has no ? and no #; write %3F or %23 for them.")
    try:
        parts = urlsplit(url)
        port = parts.port
        path = unquote(parts.path, errors="strict")
    except ValueError as error:  # UnicodeDecodeError is one
        raise refusal("This is not an address.") from error
    if parts.password is not None:
        raise refusal("An ssh address has no password; the deploy key belongs in deployKey.")
    if port == 0:
        raise refusal("The port of the address is not valid.")
    user = DEFAULT_USER if parts.username is None else parts.username
    return SshAddress(user, normal_host(parts.hostname), port or SSH_PORT, path.rstrip("/"))


def from_short_form(url: str) -> SshAddress:
    found = SHORT_FORM.fullmatch(url)
    if found is None:
        raise refusal("An ssh address is ssh://user@host/path or user@host:path.")
    path = found["path"].rstrip("/")
    if path.startswith("-"):
        raise refusal("The path of the address is not valid.")
    absolute = path if path.startswith("/") or not path else f"/{path}"
    host = normal_host(found["host"].removeprefix("[").removesuffix("]"))
    return SshAddress(found["user"], host, SSH_PORT, absolute)


def check_parts(address: SshAddress) -> None:
    """Refuse what some program on the way could take for an option or for more than one word."""
    if not USER.fullmatch(address.user):
        raise refusal("The user of the address is not valid.")
    if address.host.startswith("-"):
        raise refusal("The host of the address is not valid.")
    if not address.path.strip("/"):
        raise refusal("The address names no repository on its host.")
    if CONTROL.search(address.path) or address.path.startswith("/-"):
        raise refusal("The path of the address is not valid.")


def refusal(message: str) -> InvalidInput:
    return InvalidInput("url", message)
