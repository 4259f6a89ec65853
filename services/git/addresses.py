"""Which repository addresses may be linked, each in one normal form."""

from pathlib import Path
from urllib.parse import urlsplit

import pygit2

from services.errors import InvalidInput
from services.git.hosts import CONTROL, URL_TEXT, AddressPolicy, bracketed, normal_host
from services.git.ssh_addresses import check_ssh, is_ssh

MAXIMUM_URL = 2000
MAXIMUM_BRANCH = 250
HTTPS_PORT = 443


def check_address(url: str, policy: AddressPolicy) -> str:
    """Return ``url`` in its one normal form, or refuse it.

    Allowed are ``https://host/path`` without credentials, query or fragment,
    ``ssh://user@host/path``, also as ``user@host:path``, and the absolute path of something inside
    one of the policy's roots, symbolic links resolved. Where a host's name leads is judged when it
    is connected to, by the gate: a name may lead elsewhere then.
    """
    if len(url) > MAXIMUM_URL:
        raise too_long()
    if CONTROL.search(url):
        raise InvalidInput("url", "An address has no control characters.")
    if url.startswith("/"):
        return str(check_path(url, policy))
    normal = check_ssh(url) if is_ssh(url) else check_https(url)
    if len(normal) > MAXIMUM_URL:  # some letters are longer there
        raise too_long()
    return normal


def too_long() -> InvalidInput:
    return InvalidInput("url", f"An address has at most {MAXIMUM_URL} characters.")


def check_path(path: str, policy: AddressPolicy) -> Path:
    """Return the resolved path of a repository inside a root.

    Absent and outside are one answer, so that nobody learns what else lies on the machine.
    """
    refusal = InvalidInput("url", "Only a repository in an allowed folder can be linked by path.")
    if ".." in Path(path).parts:
        raise refusal
    try:
        resolved = Path(path).resolve()
        roots = [root.resolve() for root in policy.roots]
    except (OSError, RuntimeError) as error:  # a loop of links, a name too long
        raise refusal from error
    if not any(root in resolved.parents for root in roots):
        raise refusal
    return resolved


def check_https(url: str) -> str:
    if not URL_TEXT.fullmatch(url):
        raise InvalidInput("url", "An address is an https:// URL in plain ASCII, without spaces.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidInput("url", "This is not an address.") from error
    if parts.scheme != "https":
        raise InvalidInput("url", "A repository is linked by an https:// or ssh:// address.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("url", "Credentials belong in token, not in the address.")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise InvalidInput("url", "The address of a repository has no ? and no #.")
    path = parts.path.rstrip("/")
    if not path:
        raise InvalidInput("url", "The address names no repository on its host.")
    host = bracketed(normal_host(parts.hostname))
    suffix = "" if port in (None, HTTPS_PORT) else f":{port}"
    return f"https://{host}{suffix}{path}"


def check_branch(branch: str) -> str:
    """Return ``branch`` if Git can have a branch of that name, or refuse it."""
    if len(branch) > MAXIMUM_BRANCH or not is_branch_name(branch):
        raise InvalidInput("branch", "This is not the name of a branch.")
    return branch


def is_branch_name(branch: str) -> bool:
    if not branch or CONTROL.search(branch) or branch.startswith("-"):
        return False
    return pygit2.reference_is_valid_name(f"refs/heads/{branch}")
