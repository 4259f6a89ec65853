"""Hosts of repositories: how they are named, and which addresses of the network may be reached."""

import asyncio
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from services.errors import InvalidInput, RepositoryUnreachable

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


def normal_host(name: str | None) -> str:
    host = (name or "").lower().rstrip(".")
    if ":" in host and "%" not in host:
        try:
            return str(IPv6Address(host))
        except ValueError as error:
            raise InvalidInput("url", "The host of the address is not valid.") from error
    if len(host) > 253 or not HOST.fullmatch(host):
        raise InvalidInput("url", "The host of the address is not valid.")
    return host


def bracketed(host: str) -> str:
    """Return the host as it is written in a URL."""
    return f"[{host}]" if ":" in host else host


async def allowed_addresses(host: str, port: int, policy: AddressPolicy) -> list[str]:
    """Resolve the host's name, once, to the addresses that may be connected to.

    One that may not be refuses them all: a name that leads into a private network is no accident.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RepositoryUnreachable(f"{host} cannot be found") from error
    addresses = [str(address[0]) for *_, address in found]
    if host not in policy.hosts and any(
        is_refused(parse_address(address)) for address in addresses
    ):
        raise RepositoryUnreachable(
            f"{host} has a private address, and this installation does not allow that"
        )
    return addresses


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
