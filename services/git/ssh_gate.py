"""The gate to a host behind ssh: libgit2 speaks the plain protocol of Git, the gate ssh.

After its first line that protocol is byte for byte what ``git-upload-pack`` speaks, so the rest
is passed on as it is.
"""

import asyncio
import hmac
import re
from typing import cast

import asyncssh

from services.errors import RepositoryUnreachable
from services.git.deadline import Deadline
from services.git.gate import CHUNK, Gate, first_of
from services.git.host import GONE
from services.git.hosts import AddressPolicy
from services.git.ssh import HostKeyCheck, open_connection, open_line, preferring, shown_words
from services.git.ssh_addresses import SshAddress
from services.git.ssh_keys import HostKey

MAXIMUM_REQUEST = 1024
KEPT_WORDS = 4096

Process = asyncssh.SSHClientProcess[bytes]


class SshGate(Gate):
    """Conversations with the repository at ``address``, whose host has ``host_key``."""

    def __init__(
        self,
        address: SshAddress,
        deploy_key: str,
        host_key: HostKey,
        policy: AddressPolicy,
        *,
        deadline: Deadline,
        budget: int,
    ) -> None:
        super().__init__(deadline=deadline, budget=budget)
        self._address = address
        self._deploy_key = deploy_key
        self._host_key = host_key
        self._policy = policy

    @property
    def url(self) -> str:
        return f"git://{self._authority}{self._secret}"

    async def _pass_through(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if not await self._knows_secret(reader):
            return
        async with (
            open_line(self._address, self._policy, self._budget) as line,
            open_connection(
                line,
                self._address,
                HostKeyCheck(self._host_key),
                deploy_key=self._deploy_key,
                kinds=preferring(self._host_key.kind),
            ) as connection,
        ):
            process = await run(connection, command(self._address.path))
            await first_of(until_host_ends(process, writer), until_libgit2_leaves(reader, process))

    async def _knows_secret(self, reader: asyncio.StreamReader) -> bool:
        """Read the first line, whose length comes first in four hexadecimal digits."""
        size = int(await reader.readexactly(4), 16)
        line = await reader.readexactly(min(max(size - 4, 0), MAXIMUM_REQUEST))
        asked, _, _ = line.partition(b"\0")
        return hmac.compare_digest(asked, f"git-upload-pack {self._secret}".encode())


def command(path: str) -> str:
    """Return what the host is to run, with the path as one word whatever is in it.

    Quoted as Git quotes it, since hosts take the command apart themselves.
    """
    asked = path.removeprefix("/") if path.startswith("/~") else path
    quoted = asked.replace("'", "'\\''").replace("!", "'\\!'")
    return f"git-upload-pack '{quoted}'"


async def run(connection: asyncssh.SSHClientConnection, line: str) -> Process:
    made = connection.create_process(line, encoding=None, request_pty=False)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast(Process, await made)


async def until_libgit2_leaves(reader: asyncio.StreamReader, process: Process) -> None:
    """Pass on what libgit2 says; a host that listens no more is about to say why."""
    listens = True
    while chunk := await reader.read(CHUNK):
        if not listens:
            continue
        try:
            process.stdin.write(chunk)
            await process.stdin.drain()
        except (OSError, asyncssh.Error):
            listens = False


async def until_host_ends(process: Process, writer: asyncio.StreamWriter) -> None:
    """Pass on what the host says, and raise what it complains about in the end."""
    complaint = asyncio.ensure_future(first_words(process))
    try:
        while chunk := await process.stdout.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        words = await complaint
    finally:
        complaint.cancel()
        await asyncio.gather(complaint, return_exceptions=True)
    await process.wait_closed()
    if process.exit_status != 0:
        raise RepositoryUnreachable(reason_in(words))


async def first_words(process: Process) -> str:
    """Read all that the host complains about, and keep its beginning."""
    kept = b""
    while chunk := await process.stderr.read(CHUNK):
        kept = (kept + chunk)[:KEPT_WORDS]
    return kept.decode(errors="replace")


def reason_in(complaint: str) -> str:
    pattern, gone = GONE
    if re.search(pattern, complaint):
        return gone
    words = shown_words(complaint)
    return f'the host says "{words}"' if words else "the host ended it without a reason"
