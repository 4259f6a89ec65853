"""The gate to a host behind https: a reverse proxy that adds the token.

Redirects are followed on the same host only.
"""

import asyncio
import os
import re
import ssl
from base64 import b64encode
from functools import cache
from urllib.parse import urljoin, urlsplit

from anyio import to_thread

from services.errors import RepositoryUnreachable
from services.git.addresses import HTTPS_PORT
from services.git.deadline import Deadline
from services.git.gate import CHUNK, Gate, first_of, pass_on
from services.git.hosts import AddressPolicy, allowed_addresses

HEAD_END = b"\r\n\r\n"
TOKEN_USER = "x-access-token"  # GitHub wants this one for app tokens; others take any name
OWN_HEADERS = re.compile(rb"(host|connection|authorization):", re.IGNORECASE)


class HttpsGate(Gate):
    """Requests to the repository at ``url``, which has passed ``check_address``."""

    def __init__(
        self,
        url: str,
        token: str | None,
        policy: AddressPolicy,
        *,
        deadline: Deadline,
        budget: int,
    ) -> None:
        super().__init__(deadline=deadline, budget=budget)
        address = urlsplit(url)
        self._path = address.path
        self._origin = f"https://{address.netloc}"
        self._host = address.hostname or ""
        self._port = address.port or HTTPS_PORT
        self._token = token
        self._policy = policy

    @property
    def url(self) -> str:
        return f"http://{self._authority}{self._secret}{self._path}"

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
        lines += [b"Host: " + urlsplit(self._origin).netloc.encode(), b"Connection: close"]
        if self._token is not None:
            credentials = b64encode(f"{TOKEN_USER}:{self._token}".encode())
            lines.append(b"Authorization: Basic " + credentials)
        return b"\r\n".join(lines) + HEAD_END

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trust = await to_thread.run_sync(
            trusted, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        )
        for address in await allowed_addresses(self._host, self._port, self._policy):
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

    async def _take_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._for_libgit2(await reader.readuntil(HEAD_END)))
        while chunk := await reader.read(CHUNK):
            self._budget.spend(len(chunk))
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
        target = urlsplit(urljoin(f"{self._origin}{self._path}/", location.decode("latin-1")))
        if f"{target.scheme}://{target.netloc.lower()}" != self._origin:
            raise RepositoryUnreachable("it redirects elsewhere; link its final address")
        path = target._replace(scheme="", netloc="").geturl()
        return f"http://{self._authority}{self._secret}{path}".encode()


@cache
def trusted(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Return what vouches for a certificate: the system's, or what OpenSSL's variables name."""
    return ssl.create_default_context(cafile=file, capath=folder)
