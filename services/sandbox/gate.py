"""The one way from a sandbox to the network: an HTTP proxy that looks at where each call goes.

A sandbox has no network of its own. While dependencies are installed this proxy listens on a
Unix socket that is bound into it. It resolves names itself and connects to the very address it
has checked, so a name cannot point elsewhere a moment later. Refused are loopback, link-local,
unspecified and multicast addresses, the metadata services of clouds, and every address of this
machine: the server's own ports are out of reach. Private ranges are allowed, because companies
keep their package indexes there. TLS stays end to end.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from services.sandbox.unbroken import unbroken

Address = IPv4Address | IPv6Address
CONNECTIONS = 128
REFUSALS_LOGGED = 100
LOOKUPS = 4  # at a time: they block threads that the whole server shares
HOST_LENGTH = 253
HEAD_SECONDS = 30
CONNECT_SECONDS = 15
METADATA_SERVICES = frozenset(
    map(ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"))
)


class Refused(Exception):
    """The proxy says no, with an HTTP status and a sentence."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@asynccontextmanager
async def open_gate(path: Path, *, log: Callable[[str], Awaitable[None]]) -> AsyncGenerator[None]:
    """Listen at ``path`` while the block runs; every connection through it ends with the block."""
    gate = Gate(log)
    server = await asyncio.start_unix_server(gate.serve, path)
    os.chmod(path, 0o666)  # the working area is closed to all but the commands it is for
    try:
        yield
    finally:
        server.close()
        await unbroken(gate.close())


@dataclass
class Gate:
    """The connections of one sandbox."""

    log: Callable[[str], Awaitable[None]]
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    lookups: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKUPS))
    refusals: int = 0

    def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if len(self.tasks) >= CONNECTIONS:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await self._relay(reader, writer)
        except Refused as refused:
            self.refusals += 1
            if self.refusals <= REFUSALS_LOGGED:
                await self.log(f"Network: {refused.reason}")
            body = f"{refused.reason}\n"
            writer.write(
                f"HTTP/1.1 {refused.status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode()
            )
        except (OSError, EOFError):
            pass  # either side went away: so does the other
        finally:
            writer.close()

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        call = await read_call(reader)
        async with self.lookups:
            addresses = await resolve(call.host, call.port)
        remote_reader, remote_writer = await connect(call, addresses)
        try:
            if call.head:
                # One request a connection, so that the next one is looked at too.
                remote_writer.write(call.head)
                await copy(remote_reader, writer)
                return
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(copy(reader, remote_writer), copy(remote_reader, writer))
        finally:
            remote_writer.close()


@dataclass(frozen=True)
class Call:
    """Where a call goes; ``head`` is what to send there first, empty for a tunnel."""

    host: str
    port: int
    head: bytes


async def read_call(reader: StreamReader) -> Call:
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.LimitOverrunError, TimeoutError):
        raise Refused("400 Bad Request", "a request without an end was refused.") from None
    request, *headers = head.removesuffix("\r\n\r\n").split("\r\n")
    try:
        method, target, _ = request.split(" ")
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = url.hostname, url.port or 80
    except ValueError:
        raise Refused("400 Bad Request", "a request that is not HTTP was refused.") from None
    if not host or len(host) > HOST_LENGTH or not (host + method).isascii():
        raise Refused("400 Bad Request", "a request without a host was refused.")
    if not (host + method).isprintable():
        raise Refused("400 Bad Request", "a request that is not HTTP was refused.")
    if method == "CONNECT":
        return Call(host, port, b"")
    if method not in ("GET", "HEAD") or url.scheme != "http":
        raise Refused("405 Method Not Allowed", f"{method[:20]} to {host} was refused.")
    path = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
    kept = [line for line in headers if not _is_hop_by_hop(line)]
    lines = [f"{method} {path} HTTP/1.1", *kept, "Connection: close"]
    return Call(host, port, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


async def connect(call: Call, addresses: list[Address]) -> tuple[StreamReader, StreamWriter]:
    """Open a connection to an allowed one of ``addresses``, the first that answers."""
    place = f"{call.host}:{call.port}"
    answer = Refused("502 Bad Gateway", f"{place} could not be reached.")
    for address in addresses:
        if refusal := why_refused(address):
            answer = Refused("403 Forbidden", f"{place} was refused: {refusal}.")
            continue
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(str(address), call.port)
        except (OSError, TimeoutError):
            continue
    raise answer


def why_refused(address: Address) -> str | None:
    """In words why no build may call ``address``; None when it may."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_unspecified or _is_own(address):
        return "it is an address of this machine"
    if address.is_link_local or address in METADATA_SERVICES:
        return "it is a link-local or metadata address"
    if address.is_multicast:
        return "it is a multicast address"
    return None


async def resolve(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("502 Bad Gateway", f"{host} could not be resolved.") from None
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _is_own(address: Address) -> bool:
    """Only an address of this machine can be bound, so trying to tells."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((str(address), 0))
        except OSError as error:
            return error.errno != errno.EADDRNOTAVAIL
    return True


def _is_hop_by_hop(header: str) -> bool:
    name = header.partition(":")[0].strip().lower()
    return name in ("connection", "keep-alive", "te", "upgrade") or name.startswith("proxy-")


async def copy(reader: StreamReader, writer: StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
