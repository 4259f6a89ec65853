"""A Git host on loopback behind real ssh: Git's own ``upload-pack`` over bare repositories."""

import asyncio
import os
import shlex
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from services.git.ssh_keys import HostKey

Process = asyncssh.SSHServerProcess[bytes]
Misbehaving = Callable[[Process], Awaitable[None]]


def new_key(kind: str = "ssh-ed25519", *, bits: int = 2048) -> asyncssh.SSHKey:
    size = {"key_size": bits} if kind == "ssh-rsa" else {}
    return asyncssh.generate_private_key(kind, None, **size)  # pyright: ignore[reportUnknownMemberType]


def private_text(key: asyncssh.SSHKey) -> str:
    return key.export_private_key().decode()


def public_text(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode()


def host_key_of(key: asyncssh.SSHKey) -> HostKey:
    found = HostKey.of(key.public_data)
    assert found is not None
    return found


@dataclass
class SshHost:
    """Serves the bare repositories below ``root`` to whoever holds the deploy key.

    ``misbehave`` is run instead of what a client asks for, if it is there.
    """

    root: Path
    keys: list[asyncssh.SSHKey] = field(default_factory=lambda: [new_key()])
    deploy_key: asyncssh.SSHKey = field(default_factory=new_key)
    options: dict[str, object] = field(default_factory=dict[str, object])
    misbehave: Misbehaving | None = None
    users: list[str] = field(default_factory=list[str])
    commands: list[str] = field(default_factory=list[str])
    tried: list[str] = field(default_factory=list[str])
    greeting: str | None = None
    port: int = 0
    _acceptor: asyncssh.SSHAcceptor | None = None

    @property
    def url(self) -> str:
        return f"ssh://git@localhost:{self.port}"

    @property
    def host_key(self) -> HostKey:
        return host_key_of(self.keys[0])

    async def start(self) -> None:
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: Guard(self),
            server_host_keys=self.keys,
            process_factory=self._serve,
            encoding=None,
            agent_forwarding=False,
            allow_scp=False,
            **self.options,  # pyright: ignore[reportArgumentType]
        )
        self.port = self._acceptor.get_port()

    async def stop(self) -> None:
        assert self._acceptor is not None
        self._acceptor.close()
        await self._acceptor.wait_closed()

    async def change_key(self, *keys: asyncssh.SSHKey) -> None:
        await self.stop()
        self.keys = list(keys)
        await self.start()

    async def _serve(self, process: Process) -> None:
        self.commands.append(process.command or "")
        if self.misbehave is not None:
            await self.misbehave(process)
            return
        words = shlex.split(process.command or "")
        if len(words) != 2 or words[0] != "git-upload-pack":
            process.stderr.write(b"ERROR: This host does not run that.\n")
            process.exit(1)
            return
        await self._upload(process, words[1])

    async def _upload(self, process: Process, asked: str) -> None:
        path = self.root / asked.lstrip("/")
        if not path.is_dir():
            process.stderr.write(b"ERROR: Repository not found.\r\n\x1b[31mGo away.\n")
            process.exit(1)
            return
        git = await asyncio.create_subprocess_exec(
            *("git", "upload-pack", "--strict", str(path)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={
                "PATH": os.environ["PATH"],
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            },
        )
        assert git.stdin is not None
        assert git.stdout is not None
        assert git.stderr is not None
        giving = asyncio.ensure_future(give(process.stdin, git.stdin))
        try:
            await asyncio.gather(take(git.stdout, process.stdout), take(git.stderr, process.stderr))
            process.exit(await git.wait())
        except (asyncssh.Error, OSError):  # the client left
            pass
        finally:
            giving.cancel()
            await asyncio.gather(giving, return_exceptions=True)
            git.stdin.close()
            if git.returncode is None:
                git.kill()
                await git.wait()


class Guard(asyncssh.SSHServer):
    """Lets nobody in but with the deploy key."""

    def __init__(self, host: SshHost) -> None:
        self._host = host

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        self._host.users.append(username)
        if self._host.greeting is not None:
            self._connection.send_auth_banner(self._host.greeting)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._host.tried.append(key.get_fingerprint())
        return key.public_data == self._host.deploy_key.public_data

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._host.tried.append("a password")
        return True


async def give(source: asyncssh.SSHReader[bytes], target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(1 << 16):
            target.write(chunk)
            await target.drain()
    except (asyncssh.Error, OSError):
        pass
    target.close()


async def take(source: asyncio.StreamReader, target: asyncssh.SSHWriter[bytes]) -> None:
    while chunk := await source.read(1 << 16):
        target.write(chunk)
        await target.drain()


@asynccontextmanager
async def ssh_host(root: Path) -> AsyncGenerator[SshHost]:
    host = SshHost(root)
    await host.start()
    try:
        yield host
    finally:
        await host.stop()
