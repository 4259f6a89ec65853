"""The one way to a repository's host: a reverse proxy on loopback, alive for one transfer.

libgit2 resolves names itself, so a name that was checked beforehand could lead elsewhere a
moment later; it waits as long as a server drips; and its own TLS through a proxy touches freed
memory when a certificate is refused. So it is given a plain address on loopback. The gate
resolves the host's name once, judges every address it leads to, connects to exactly those,
checks the certificate, lends the token, counts what comes in, and hangs up at the deadline.
Redirects are followed on the same host only. The address has a secret in it, which keeps other
users of the machine from reading through the gate.
"""

import asyncio
import os
import re
import secrets
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import urljoin, urlsplit

from anyio import to_thread

from services.errors import RepositoryUnreachable
from services.git.addresses import HTTPS_PORT, AddressPolicy, is_refused, parse_address
from services.git.deadline import Deadline

CHUNK = 1 << 16
HEAD_END = b"\r\n\r\n"
TOKEN_USER = "x-access-token"  # GitHub wants this one for app tokens; others take any name
OWN_HEADERS = re.compile(rb"(host|connection|authorization):", re.IGNORECASE)


class Gate:
    """Requests to the host of one repository; ``failure`` is why it turned one away, if so."""

    def __init__(
        self,
        url: str,
        token: str | None,
        policy: AddressPolicy,
        *,
        deadline: Deadline,
        budget: int,
    ) -> None:
        address = urlsplit(url)
        self.failure: RepositoryUnreachable | None = None
        self.path = address.path
        self._authority = address.netloc
        self._host = address.hostname or ""
        self._port = address.port or HTTPS_PORT
        self._token = token
        self._policy = policy
        self._deadline = deadline
        self._budget = budget
        self._secret = f"/{secrets.token_urlsafe(24)}"
        self._local = ""
        self._connections: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def url(self) -> str:
        """The repository's address for libgit2."""
        return f"{self._local}{self._secret}{self.path}"

    def listens_at(self, port: int) -> None:
        self._local = f"http://127.0.0.1:{port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of libgit2's; asyncio calls this, and it never raises."""
        connection = asyncio.ensure_future(self._pass_through(reader, writer))
        self._connections.add(connection)
        self._idle.clear()
        _, unfinished = await asyncio.wait([connection], timeout=self._deadline.remaining)
        if unfinished:
            self.failure = self._deadline.refusal
            connection.cancel()
        # Anything but a refusal is a broken connection, which libgit2 sees and names itself.
        [outcome] = await asyncio.gather(connection, return_exceptions=True)
        if isinstance(outcome, RepositoryUnreachable):
            self.failure = outcome
        writer.close()
        self._connections.discard(connection)
        if not self._connections:
            self._idle.set()

    async def close(self) -> None:
        for connection in self._connections:
            connection.cancel()
        await self._idle.wait()

    async def _pass_through(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = self._for_the_host(await reader.readuntil(HEAD_END))
        if request is None:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        host_reader, host_writer = await self._connect()
        try:
            host_writer.write(request)
            await first_of(self._take_in(host_reader, writer), pass_on(reader, host_writer))
        finally:
            host_writer.transport.abort()  # a polite end of TLS would wait for the host

    def _for_the_host(self, head: bytes) -> bytes | None:
        """Rewrite the head of a request; None for one that does not know the secret.

        One request to a connection: so nothing after the head need be understood.
        """
        request_line, *headers = head.removesuffix(HEAD_END).split(b"\r\n")
        method, _, target = request_line.partition(b" ")
        secret = self._secret.encode()
        if not target.startswith(secret + b"/"):
            return None
        lines = [method + b" " + target.removeprefix(secret)]
        lines += [header for header in headers if not OWN_HEADERS.match(header)]
        lines += [b"Host: " + self._authority.encode(), b"Connection: close"]
        if self._token is not None:
            credentials = b64encode(f"{TOKEN_USER}:{self._token}".encode())
            lines.append(b"Authorization: Basic " + credentials)
        return b"\r\n".join(lines) + HEAD_END

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trust = await to_thread.run_sync(
            trusted, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        )
        for address in await self._addresses():
            try:
                return await asyncio.open_connection(
                    address, self._port, ssl=trust, server_hostname=self._host
                )
            except ssl.SSLCertVerificationError as error:
                raise RepositoryUnreachable("the host's certificate is not valid") from error
            except ssl.SSLError as error:
                raise RepositoryUnreachable("the host does not speak https") from error
            except OSError:
                continue
        raise RepositoryUnreachable(f"{self._host} does not accept connections")

    async def _addresses(self) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise RepositoryUnreachable(f"{self._host} cannot be found") from error
        addresses = [str(address[0]) for *_, address in found]
        if self._host not in self._policy.hosts and any(
            is_refused(parse_address(address)) for address in addresses
        ):
            raise RepositoryUnreachable(
                f"{self._host} has a private address, and this installation does not allow that"
            )
        return addresses

    async def _take_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._for_libgit2(await reader.readuntil(HEAD_END)))
        while chunk := await reader.read(CHUNK):
            self._budget -= len(chunk)
            if self._budget < 0:
                raise RepositoryUnreachable("it sends more than is allowed")
            writer.write(chunk)
            await writer.drain()

    def _for_libgit2(self, head: bytes) -> bytes:
        """Rewrite the head of an answer: it ends its connection, and leads nowhere else."""
        status, *headers = head.removesuffix(HEAD_END).split(b"\r\n")
        lines = [status]
        for header in headers:
            name, _, value = header.partition(b":")
            if name.lower() == b"location":
                lines.append(b"Location: " + self._redirected(value.strip()))
            elif name.lower() != b"connection":
                lines.append(header)
        return b"\r\n".join([*lines, b"Connection: close"]) + HEAD_END

    def _redirected(self, location: bytes) -> bytes:
        """Return the way to ``location`` through here, if it is on the same host."""
        origin = f"https://{self._authority}"
        target = urlsplit(urljoin(f"{origin}{self.path}/", location.decode("latin-1")))
        if f"{target.scheme}://{target.netloc.lower()}" != origin:
            raise RepositoryUnreachable("it redirects elsewhere; link its final address")
        path = target._replace(scheme="", netloc="").geturl()
        return f"{self._local}{self._secret}{path}".encode()


@asynccontextmanager
async def open_gate(
    url: str, token: str | None, policy: AddressPolicy, *, deadline: Deadline, budget: int
) -> AsyncGenerator[Gate]:
    """Open a gate to ``url``, which has passed ``check_address``, for the block."""
    gate = Gate(url, token, policy, deadline=deadline, budget=budget)
    server = await asyncio.start_server(gate.serve, "127.0.0.1", 0, limit=CHUNK)
    gate.listens_at(server.sockets[0].getsockname()[1])
    try:
        yield gate
    finally:
        server.close()
        await gate.close()


@cache
def trusted(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Return what vouches for a certificate: the system's, or what OpenSSL's variables name."""
    return ssl.create_default_context(cafile=file, capath=folder)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()


async def first_of(*directions: Coroutine[object, object, None]) -> None:
    """Run both directions until one ends, then end the other; a failure of either is raised."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
