"""Which repository addresses may be linked, and which addresses of the network may be reached."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pygit2

from services.errors import InvalidInput

MAXIMUM_URL = 2000
MAXIMUM_BRANCH = 250
HTTPS_PORT = 443

URL_TEXT = re.compile(r"[!-\[\]-~]+")  # printable ASCII without space and backslash
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]|[\ud800-\udfff]")
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")

REFUSED_NETWORKS = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata services of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking inside one network
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "::/128",
        "::1/128",
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated but routed by some
        "ff00::/8",  # multicast
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class AddressPolicy:
    """What the operator allows: folders of bare repositories, and hosts with private addresses."""

    roots: tuple[Path, ...] = ()
    hosts: frozenset[str] = frozenset()


def check_address(url: str, policy: AddressPolicy) -> str:
    """Return ``url`` in its one normal form, or refuse it.

    Allowed are ``https://host/path`` without credentials, query or fragment, and the absolute
    path of something inside one of the policy's roots, symbolic links resolved. Where a host's
    name leads is judged when it is connected to, by the gate: a name may lead elsewhere then.
    """
    if len(url) > MAXIMUM_URL:
        raise InvalidInput("url", f"An address has at most {MAXIMUM_URL} characters.")
    if CONTROL.search(url):
        raise InvalidInput("url", "An address has no control characters.")
    if url.startswith("/"):
        return str(check_path(url, policy))
    return check_https(url)


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
        raise InvalidInput("url", "A repository is linked by an https:// address.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("url", "Credentials belong in token, not in the address.")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise InvalidInput("url", "The address of a repository has no ? and no #.")
    path = parts.path.rstrip("/")
    if not path:
        raise InvalidInput("url", "The address names no repository on its host.")
    host = normal_host(parts)
    bracketed = f"[{host}]" if ":" in host else host
    suffix = "" if port in (None, HTTPS_PORT) else f":{port}"
    return f"https://{bracketed}{suffix}{path}"


def normal_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host and "%" not in host:
        try:
            return str(IPv6Address(host))
        except ValueError as error:
            raise InvalidInput("url", "The host of the address is not valid.") from error
    if len(host) > 253 or not HOST.fullmatch(host):
        raise InvalidInput("url", "The host of the address is not valid.")
    return host


def check_branch(branch: str) -> str:
    """Return ``branch`` if Git can have a branch of that name, or refuse it."""
    if len(branch) > MAXIMUM_BRANCH or not is_branch_name(branch):
        raise InvalidInput("branch", "This is not the name of a branch.")
    return branch


def is_branch_name(branch: str) -> bool:
    if not branch or CONTROL.search(branch) or branch.startswith("-"):
        return False
    return pygit2.reference_is_valid_name(f"refs/heads/{branch}")


def is_refused(address: IPv4Address | IPv6Address) -> bool:
    """True for an address inside somebody's own network: loopback, private, link-local and so on.

    An IPv6 address that stands for an IPv4 one is judged as that one. The ranges reserved for
    documentation lead nowhere and are not refused.
    """
    if isinstance(address, IPv6Address) and (inner := embedded_address(address)) is not None:
        return is_refused(inner)
    return any(address in network for network in REFUSED_NETWORKS)


def embedded_address(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def parse_address(text: str) -> IPv4Address | IPv6Address:
    return ip_address(text.partition("%")[0])
