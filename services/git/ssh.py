"""Speaking ssh with a repository's host: as itself, and with an app's deploy key alone.

Nothing of the machine's user takes part: no agent, no configuration, no known hosts, no keys and
no passwords. The host proves its key before it is told who we are.
"""

import asyncio
import getpass
import os
import socket
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncssh

from services.errors import RepositoryUnreachable
from services.git.deadline import Budget
from services.git.gate import first_of, pass_on
from services.git.hosts import AddressPolicy, allowed_addresses
from services.git.ssh_addresses import SshAddress
from services.git.ssh_keys import ECDSA, ED25519, KINDS, RSA, HostKey

KEY_EXCHANGES = (
    *("mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org"),
    *("ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521"),
    *("diffie-hellman-group16-sha512", "diffie-hellman-group14-sha256"),
)
CIPHERS = (
    *("chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com"),
    *("aes256-ctr", "aes128-ctr"),
)
AUTHENTICATION_CODES = (
    *("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"),
    *("hmac-sha2-256", "hmac-sha2-512"),
)
SIGNATURES: Mapping[str, Sequence[str]] = {
    ED25519: [ED25519],
    **{kind: [kind] for kind in ECDSA},
    RSA: ["rsa-sha2-512", "rsa-sha2-256"],  # never its older one, by SHA-1
}
MAXIMUM_WORDS = 200
PIECE = 1 << 14  # decrypted at a stretch, while everything else waits


class HostKeyCheck(asyncssh.SSHClient):
    """Accepts a host with the expected key alone, or none at all when none is expected."""

    def __init__(self, expected: HostKey | None) -> None:
        self._expected = expected
        self.shown: HostKey | None = None
        self.refused = False

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        self.shown = HostKey.of(key.public_data)
        accepted = (
            self._expected is not None
            and self.shown is not None
            and self.shown.fingerprint == self._expected.fingerprint
        )
        self.refused = not accepted
        return accepted

    @property
    def refusal(self) -> RepositoryUnreachable:
        if self.shown is None:
            return RepositoryUnreachable("the key of its host is of a kind that is not safe")
        return RepositoryUnreachable(
            f"the key of its host is {self.shown}, not {self._expected} as expected; if the host "
            "publishes that it has changed, link it again with the new hostKey"
        )


@asynccontextmanager
async def open_line(
    address: SshAddress, policy: AddressPolicy, budget: Budget
) -> AsyncGenerator[socket.socket]:
    """Connect to the host; all that comes from the other end of the socket is counted.

    Nothing more is taken in while the host does not take what we answer, so that it cannot fill
    our memory with answers.
    """
    async with AsyncExitStack() as stack:
        host_reader, host_writer = await _connect(address, policy)
        stack.callback(host_writer.transport.abort)
        ours, theirs = socket.socketpair()
        stack.callback(theirs.close)
        reader, writer = await asyncio.open_connection(sock=ours)
        stack.callback(writer.transport.abort)

        async def take_in() -> None:
            while piece := await host_reader.read(PIECE):
                budget.spend(len(piece))
                writer.write(piece)
                await writer.drain()
                await host_writer.drain()

        async def relay() -> None:
            try:
                await first_of(take_in(), pass_on(reader, host_writer))
            finally:
                writer.close()

        async with running(relay()) as relaying:
            try:
                yield theirs
            except Exception as error:
                if relaying.done() and isinstance(
                    reason := relaying.exception(), RepositoryUnreachable
                ):
                    raise reason from error
                raise


@asynccontextmanager
async def running(work: Coroutine[object, object, None]) -> AsyncGenerator[asyncio.Task[None]]:
    """Run this beside the block, and no longer; what became of it is the block's to ask."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _connect(
    address: SshAddress, policy: AddressPolicy
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for found in await allowed_addresses(address.host, address.port, policy):
        try:
            return await asyncio.open_connection(found, address.port)
        except OSError:
            continue
    raise RepositoryUnreachable(f"{address.host} does not accept connections")


@asynccontextmanager
async def open_connection(
    line: socket.socket,
    address: SshAddress,
    check: HostKeyCheck,
    *,
    deploy_key: str | None,
    kinds: Sequence[str],
) -> AsyncGenerator[asyncssh.SSHClientConnection]:
    """Make a connection of the line; whatever goes wrong in the block is put into words."""
    try:
        connection = await asyncssh.connect(
            sock=line, client_factory=lambda: check, **_options(address, deploy_key, kinds)
        )
        try:
            yield connection
        finally:
            connection.abort()
            await connection.wait_closed()
    except RepositoryUnreachable:
        raise
    except Exception as error:  # what a host sends may raise anything in who reads it
        raise check.refusal if check.refused else in_words(error) from error


def _options(address: SshAddress, deploy_key: str | None, kinds: Sequence[str]) -> dict[str, Any]:
    _name_this_user()
    key = None
    if deploy_key is not None:  # it has been validated when it was given
        key = [asyncssh.import_private_key(deploy_key, unsafe_skip_rsa_key_validation=True)]
    signatures = [name for kind in KINDS for name in SIGNATURES[kind]]
    return {
        "config": None,
        "host": address.host,
        "port": address.port,
        "username": address.user,
        "client_keys": key,
        "known_hosts": ([], [], []),
        "server_host_key_algs": [name for kind in kinds for name in SIGNATURES[kind]],
        "signature_algs": signatures,
        "kex_algs": KEY_EXCHANGES,
        "encryption_algs": CIPHERS,
        "mac_algs": AUTHENTICATION_CODES,
        "compression_algs": None,
        "agent_path": None,
        "client_host_keys": None,
        "pkcs11_provider": None,
        "x509_trusted_certs": None,
        "x509_trusted_cert_paths": [],
        "preferred_auth": ["publickey"],
        "public_key_auth": True,
        "host_based_auth": False,
        "password_auth": False,
        "kbdint_auth": False,
        "gss_kex": False,
        "gss_auth": False,
        "client_version": "Pinmark",
    }


def _name_this_user() -> None:
    """asyncssh wants to know who runs it, which not every container can tell, and uses it not."""
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["LOGNAME"] = "pinmark"


def preferring(kind: str | None) -> list[str]:
    """Every kind of key, this one first: a host shows the first one that it has."""
    return sorted(KINDS, key=lambda other: other != kind)


async def read_host_key(
    address: SshAddress, policy: AddressPolicy, expected: HostKey | None, budget: Budget
) -> HostKey:
    """Ask the host for its key, and for each kind in turn when one is expected.

    Returns the expected one as soon as it is shown, else the one that the host shows first.
    """
    first: HostKey | None = None
    for kind in KINDS:
        shown = await _shown_key(address, policy, preferring(kind), budget)
        if expected is None or shown.fingerprint == expected.fingerprint:
            return shown
        first = first or shown
    assert first is not None
    return first


async def _shown_key(
    address: SshAddress, policy: AddressPolicy, kinds: Sequence[str], budget: Budget
) -> HostKey:
    check = HostKeyCheck(None)
    try:
        async with (
            open_line(address, policy, budget) as line,
            open_connection(line, address, check, deploy_key=None, kinds=kinds),
        ):
            raise AssertionError("a host without an expected key is never accepted")
    except RepositoryUnreachable:
        if check.shown is None:
            raise
    return check.shown


def in_words(error: Exception) -> RepositoryUnreachable:
    match error:
        case asyncssh.PermissionDenied():
            reason = "the host does not accept the deploy key"
        case asyncssh.KeyExchangeFailed():
            reason = "the host offers no encryption that this server holds safe"
        case asyncssh.ProtocolError() | asyncssh.ProtocolNotSupported() | asyncssh.MACError():
            reason = "the host does not speak ssh as it should"
        case asyncssh.ChannelOpenError():
            reason = "the host refuses to run git-upload-pack"
        case asyncssh.DisconnectError() if not isinstance(error, asyncssh.ConnectionLost):
            reason = f'the host hung up and said "{shown_words(error.reason)}"'
        case _:
            reason = "the host hung up"
    return RepositoryUnreachable(reason)


def shown_words(text: str) -> str:
    """Words of a host's as they can be shown: one line, printable, bounded."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:MAXIMUM_WORDS]
