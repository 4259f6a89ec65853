"""Repositories behind ssh: a real host, and hosts that misbehave."""

import asyncio
import socket
import tracemalloc
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncssh
import pygit2
import pytest
from anyio import fail_after

from services.errors import RepositoryUnreachable
from services.git.deadline import Budget, Deadline
from services.git.gate import open_gate
from services.git.hosts import AddressPolicy
from services.git.libgit2 import open_mirror
from services.git.mirrors import Mirrors, Remote
from services.git.ssh import open_line
from services.git.ssh_addresses import SshAddress
from services.git.ssh_gate import SshGate
from services.git.ssh_keys import HostKey, parse_deploy_key
from tests.support.bad_hosts import cut_line, listener
from tests.support.repositories import Repository, make_repository
from tests.support.ssh_host import (
    Process,
    SshHost,
    host_key_of,
    new_key,
    private_text,
    ssh_host,
)

LOOPBACK = AddressPolicy(hosts=frozenset({"localhost", "127.0.0.1"}))
NOISE = Random(7).randbytes(400_000)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncGenerator[SshHost]:
    (tmp_path / "host").mkdir()
    async with ssh_host(tmp_path / "host") as host:
        yield host


@pytest.fixture
def repository(host: SshHost) -> Repository:
    return make_repository(host.root / "app.git")


def remote_at(url: str, host: SshHost) -> Remote:
    deploy_key = parse_deploy_key(private_text(host.deploy_key))
    return Remote(url, "main", deploy_key=deploy_key, host_key=host.host_key)


@pytest.fixture
def remote(host: SshHost) -> Remote:
    return remote_at(f"{host.url}/app.git", host)


@pytest.fixture
def mirrors(tmp_path: Path) -> Mirrors:
    return Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=60)


@pytest.fixture
def app_id() -> UUID:
    return uuid4()


async def refused(mirrors: Mirrors, app_id: UUID, remote: Remote, *, match: str) -> None:
    """Neither looking nor fetching works, and both say why."""
    for attempt in (mirrors.observe_head, mirrors.fetch_head):
        with fail_after(60), pytest.raises(RepositoryUnreachable, match=match):
            await attempt(app_id, remote)


async def test_each_head_is_observed_and_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, host: SshHost
) -> None:
    for content in (b"one", b"two", NOISE):
        sha = repository.commit({"a.txt": content, "folder/same.txt": b"same"})

        assert await mirrors.observe_head(app_id, remote) == sha
        assert await mirrors.fetch_head(app_id, remote) == sha

        first, _ = await mirrors.read_tree(app_id, sha)
        assert await mirrors.read_blobs(app_id, [first.object_id]) == {first.object_id: content}
    assert set(host.commands) == {"git-upload-pack '/app.git'"}


async def test_neither_history_nor_tags_nor_other_branches_are_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    first = repository.commit({"a.txt": b"one"})
    repository.git.references.create("refs/tags/v1", pygit2.Oid(hex=first))
    other = repository.commit({"a.txt": b"other"}, branch="other")
    second = repository.commit({"a.txt": b"two"})

    await mirrors.fetch_head(app_id, remote)

    mirror = open_mirror(tmp_path / "mirrors" / f"{app_id}.git")
    assert [sha in mirror for sha in (first, other, second)] == [False, False, True]


async def test_a_branch_that_is_not_there_is_observed_as_none_and_not_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    remote = replace(remote, branch="other")

    assert await mirrors.observe_head(app_id, remote) is None
    with pytest.raises(RepositoryUnreachable, match="no branch other"):
        await mirrors.fetch_head(app_id, remote)


async def test_an_old_commit_is_fetched_by_its_id_where_the_host_gives_it_out(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    old = repository.commit({"a.txt": b"one"})
    repository.commit({"a.txt": b"two"})

    with pytest.raises(RepositoryUnreachable, match="no longer gives this commit out"):
        await mirrors.ensure_commit(app_id, remote, old)
    repository.git.config["uploadpack.allowReachableSHA1InWant"] = "true"
    await mirrors.ensure_commit(app_id, remote, old)
    assert len(await mirrors.read_tree(app_id, old)) == 1

    with pytest.raises(RepositoryUnreachable, match="no longer gives this commit out"):
        await mirrors.ensure_commit(app_id, remote, "1" * 40)


@pytest.mark.parametrize(
    "name", ["it's a repository.git", 'a"b$(id)`id`;id.git', "größe!.git", "a\\b&c|d>e.git"]
)
async def test_a_path_is_what_it_is_whatever_a_shell_would_make_of_it(
    name: str, mirrors: Mirrors, app_id: UUID, host: SshHost
) -> None:
    sha = make_repository(host.root / "team" / name).commit({"a.txt": b"one"})
    address = SshAddress("git", "localhost", host.port, f"/team/{name}")

    assert await mirrors.fetch_head(app_id, remote_at(address.url, host)) == sha


async def test_the_user_of_the_address_is_who_logs_in(
    mirrors: Mirrors, app_id: UUID, host: SshHost, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})

    await mirrors.observe_head(app_id, remote_at(f"ssh://ada@localhost:{host.port}/app.git", host))

    assert host.users == ["ada"]


@pytest.mark.parametrize("kind", ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "ssh-rsa"])
async def test_hosts_and_apps_may_have_keys_of_other_kinds(
    kind: str, mirrors: Mirrors, app_id: UUID, host: SshHost, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    host.deploy_key = new_key(kind)
    await host.change_key(new_key(kind))

    remote = remote_at(f"{host.url}/app.git", host)

    assert await mirrors.host_key(remote.url, None) == remote.host_key
    assert await mirrors.fetch_head(app_id, remote) == sha


async def test_of_several_keys_the_host_shows_the_expected_one(
    mirrors: Mirrors, app_id: UUID, host: SshHost, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    keys = [new_key(kind) for kind in ("ssh-rsa", "ecdsa-sha2-nistp384", "ssh-ed25519")]
    await host.change_key(*keys)
    url = f"{host.url}/app.git"

    assert await mirrors.host_key(url, None) == host_key_of(keys[2])
    for key in keys:
        found = await mirrors.host_key(url, HostKey(None, key.get_fingerprint()))
        assert found == host_key_of(key)
        pinned = replace(remote_at(url, host), host_key=found)
        assert await mirrors.fetch_head(app_id, pinned) == sha


async def test_a_host_with_another_key_is_told_nothing_and_both_keys_are_named(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    await mirrors.observe_head(app_id, remote)
    host.users.clear()
    host.tried.clear()
    for kind in ("ssh-ed25519", "ssh-rsa"):
        await host.change_key(new_key(kind))

        with pytest.raises(RepositoryUnreachable) as refusal:
            await mirrors.fetch_head(app_id, remote)

        assert str(remote.host_key) in refusal.value.reason
        assert str(host.host_key) in refusal.value.reason
    assert (host.users, host.tried) == ([], [])


async def test_a_host_whose_key_is_weak_is_refused(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote
) -> None:
    await host.change_key(new_key("ssh-rsa", bits=1024))

    with pytest.raises(RepositoryUnreachable, match="not safe"):
        await mirrors.host_key(remote.url, None)
    await refused(mirrors, app_id, remote, match="not safe")


@pytest.mark.parametrize(
    "options",
    [
        {"kex_algs": ["diffie-hellman-group14-sha1"]},
        {"encryption_algs": ["aes128-cbc"]},
        {"encryption_algs": ["aes256-ctr"], "mac_algs": ["hmac-sha1"]},
    ],
)
async def test_a_host_with_nothing_but_old_algorithms_is_refused(
    options: dict[str, object], mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote
) -> None:
    await host.stop()
    host.options = options
    await host.start()

    await refused(mirrors, app_id, remote, match="no encryption that this server holds safe")


async def test_a_deploy_key_that_the_host_does_not_know_is_refused(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    host.deploy_key = new_key()

    await refused(mirrors, app_id, remote, match="does not accept the deploy key")


async def test_nothing_but_the_deploy_key_is_offered(
    mirrors: Mirrors,
    app_id: UUID,
    host: SshHost,
    remote: Remote,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not the keys of the machine's user, nor an agent's, nor what a configuration says."""
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir(parents=True, mode=0o700)
    other = new_key()
    (folder / "id_ed25519").write_text(private_text(other))
    (folder / "config").write_text(
        f"Host *\n  User eve\n  Port 1\n  ProxyCommand false\n  IdentityFile {folder}/id_ed25519\n"
    )
    (folder / "known_hosts").write_text(f"* {new_key().export_public_key().decode()}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    asked: list[object] = []
    agent = await asyncio.start_unix_server(
        lambda reader, writer: (asked.append(reader), writer.close())[1], tmp_path / "agent"
    )
    expected = host.deploy_key.get_fingerprint()
    host.deploy_key = other

    await refused(mirrors, app_id, remote, match="does not accept the deploy key")

    agent.close()
    assert set(host.users) == {"git"}
    assert set(host.tried) == {expected}
    assert asked == []


async def test_a_machine_user_without_a_name_troubles_nobody(
    mirrors: Mirrors,
    app_id: UUID,
    remote: Remote,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "")
    nobody: dict[int, object] = {}
    monkeypatch.setattr("pwd.getpwuid", nobody.__getitem__)

    assert await mirrors.fetch_head(app_id, remote) == sha


async def test_what_the_host_says_of_an_absent_repository_is_shown_clean(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote
) -> None:
    with pytest.raises(RepositoryUnreachable) as refusal:
        await mirrors.fetch_head(app_id, remote)

    assert refusal.value.reason == 'the host says "ERROR: Repository not found. [31mGo away."'


async def test_a_host_that_complains_at_length_is_cut_short(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote
) -> None:
    async def complain(process: Process) -> None:
        for _ in range(100):
            process.stderr.write(b"no\x00\xff " * 10_000)
            await process.stderr.drain()
        process.exit(128)

    host.misbehave = complain

    with pytest.raises(RepositoryUnreachable) as refusal:
        await mirrors.fetch_head(app_id, remote)

    assert len(refusal.value.reason) < 250
    assert refusal.value.reason.isprintable()


async def test_a_host_that_greets_at_length_is_listened_to(
    mirrors: Mirrors, app_id: UUID, host: SshHost, remote: Remote, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    host.greeting = "Welcome!\n" * 5000

    assert await mirrors.fetch_head(app_id, remote) == sha


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]"])
async def test_a_private_address_is_not_connected_to_unless_allowed(
    name: str, app_id: UUID, host: SshHost, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    mirrors = Mirrors(tmp_path / "mirrors", AddressPolicy(), fetch_seconds=60)
    remote = remote_at(f"ssh://git@{name}:{host.port}/app.git", host)

    await refused(mirrors, app_id, remote, match="private address")
    with pytest.raises(RepositoryUnreachable, match="private address"):
        await mirrors.host_key(remote.url, None)
    assert host.users == []


async def test_a_name_is_resolved_once_and_connected_to_as_it_was_judged(
    app_id: UUID,
    host: SshHost,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that leads to one address when it is judged and to another one right after."""
    sha = repository.commit({"a.txt": b"one"})
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def rebinding(name: Any, *arguments: Any, **options: Any) -> Any:
        if name != "git.example":
            return resolve(name, *arguments, **options)
        asked.append(name)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, host.port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    remote = remote_at(f"ssh://git@git.example:{host.port}/app.git", host)
    allowing = AddressPolicy(hosts=frozenset({"git.example"}))

    fetched = await Mirrors(tmp_path / "one", allowing).fetch_head(app_id, remote)
    assert (fetched, asked) == (sha, ["git.example"])

    with pytest.raises(RepositoryUnreachable, match="private address"):
        await Mirrors(tmp_path / "two", AddressPolicy()).fetch_head(app_id, remote)


async def test_one_private_address_among_public_ones_refuses_all(
    app_id: UUID, host: SshHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(name: Any, port: int, *arguments: Any, **options: Any) -> Any:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in ("203.0.113.7", "127.0.0.1")]

    remote = remote_at(f"ssh://git@git.example:{host.port}/app.git", host)
    mirrors = Mirrors(tmp_path / "mirrors", AddressPolicy())
    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(RepositoryUnreachable, match="private address"):
        await mirrors.host_key(remote.url, None)


async def test_nobody_reads_through_the_gate_without_its_secret(
    host: SshHost, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    assert remote.deploy_key is not None
    assert remote.host_key is not None
    to_host = SshGate(
        SshAddress.of(remote.url),
        remote.deploy_key.private,
        remote.host_key,
        LOOPBACK,
        deadline=Deadline.within(60),
        budget=1_000_000,
    )

    async with open_gate(to_host) as gate:
        port = urlsplit(gate.url).port
        for line in (
            b"git-upload-pack /app.git\0host=x\0",
            b"git-upload-pack /\0",
            b"",
            b"x" * 9000,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"%04x" % (len(line) + 4) + line)
            assert await reader.read() == b""
            writer.close()

    assert host.users == []


STAGES = [0, 5, 60, 1200, 1900, 2600, 3000, 200_000]
"""Bytes from the host: within its banner, the exchange of keys, the login, the pack."""


@pytest.mark.parametrize("after", STAGES)
async def test_a_host_that_falls_silent_at_any_stage_is_given_up_in_time(
    after: int,
    app_id: UUID,
    host: SshHost,
    repository: Repository,
    tmp_path: Path,
) -> None:
    repository.commit({"a.bin": NOISE + pygit2.hash(NOISE).raw})
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=1)

    async with cut_line(host.port, after, hang_up=False) as port:
        remote = remote_at(f"ssh://git@localhost:{port}/app.git", host)
        with fail_after(20), pytest.raises(RepositoryUnreachable, match="within 1 seconds"):
            await mirrors.fetch_head(app_id, remote)


@pytest.mark.parametrize("after", STAGES)
async def test_a_host_that_hangs_up_at_any_stage_has_hung_up(
    after: int, app_id: UUID, host: SshHost, repository: Repository, mirrors: Mirrors
) -> None:
    repository.commit({"a.bin": NOISE + pygit2.hash(NOISE).raw})

    async with cut_line(host.port, after, hang_up=True) as port:
        remote = remote_at(f"ssh://git@localhost:{port}/app.git", host)
        with fail_after(20), pytest.raises(RepositoryUnreachable, match="hung up"):
            await mirrors.fetch_head(app_id, remote)


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (None, 0),
        (b"S", 0.01),
        (b"SSH-2.0-x\r\n", 0.05),
        (b"a line before the banner\r\n", 0.05),
        (b"\xff" * 9000, 0.0),
        (b"hello\r\n" * 1000, 0.0),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 0.05),
        (b"SSH-1.5-old\r\n", 0.05),
        (b"SSH-2.0-x\r\n" + b"\xff" * 64, 0.05),
        (b"SSH-2.0-x\r\n" + b"\0\0\0\x0c\x0a\x14" + b"\0" * 10, 0.05),
    ],
)
async def test_a_host_that_talks_nonsense_is_given_up(
    answer: bytes | None, pause: float, app_id: UUID, host: SshHost, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.5)

    async with listener(answer, pause) as port:
        remote = remote_at(f"ssh://git@127.0.0.1:{port}/a.git", host)
        await refused(mirrors, app_id, remote, match="within|speak ssh|hung up|safe")
        with fail_after(20), pytest.raises(RepositoryUnreachable):
            await mirrors.host_key(remote.url, None)


async def test_nobody_listening_is_unreachable(
    app_id: UUID, mirrors: Mirrors, host: SshHost
) -> None:
    async with listener(None) as port:
        pass

    remote = remote_at(f"ssh://git@127.0.0.1:{port}/a.git", host)
    await refused(mirrors, app_id, remote, match="does not accept connections")


async def drip(process: Process) -> None:
    """One byte after another of a list of branches that never ends."""
    while True:
        process.stdout.write(b"1")
        await process.stdout.drain()
        await asyncio.sleep(0.02)


async def say_nothing(process: Process) -> None:
    await process.stdin.read()
    await asyncio.Event().wait()


async def hang_up(process: Process) -> None:
    process.get_extra_info("connection").abort()


async def end_silently(process: Process) -> None:
    process.exit(3)


async def send_nonsense(process: Process) -> None:
    process.stdout.write(b"hello, this is not git\n" * 50)
    process.exit(0)


@pytest.mark.parametrize(
    ("misbehave", "reason"),
    [
        (drip, "within"),
        (say_nothing, "within"),
        (hang_up, "hung up"),
        (end_silently, "without a reason"),
        (send_nonsense, "cannot be read"),
    ],
)
async def test_a_host_that_misbehaves_once_we_are_in_is_given_up(
    misbehave: Any, reason: str, app_id: UUID, host: SshHost, remote: Remote, tmp_path: Path
) -> None:
    host.misbehave = misbehave
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.7)

    with fail_after(20), pytest.raises(RepositoryUnreachable) as refusal:
        await mirrors.fetch_head(app_id, remote)

    assert reason in refusal.value.message


async def test_more_than_is_allowed_is_not_taken_in(
    app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=60, transfer_bytes=100_000)
    repository.commit({"a.bin": NOISE[::-1] + pygit2.hash(NOISE).raw * 10})
    for index in range(2_000):
        repository.git.references.create(
            f"refs/heads/a-branch-among-many-others-{index}",
            repository.git.references["refs/heads/main"].target,
        )

    with pytest.raises(RepositoryUnreachable, match="more than is allowed"):
        await mirrors.fetch_head(app_id, remote)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_flood_is_cut_off_and_never_held(
    stream: str, app_id: UUID, host: SshHost, remote: Remote, tmp_path: Path
) -> None:
    async def flood(process: Process) -> None:
        writer: asyncssh.SSHWriter[bytes] = getattr(process, stream)
        piece = b"0032" + b"a" * 40 + b" refs/x\n" if stream == "stdout" else b"no " * 1000
        while True:
            writer.write(piece * 100)
            await writer.drain()

    host.misbehave = flood
    size = 24 * 1024 * 1024
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=60, transfer_bytes=size)
    tracemalloc.start()
    try:
        with fail_after(120), pytest.raises(RepositoryUnreachable):
            await mirrors.fetch_head(app_id, remote)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < size / 3


class Echo(asyncio.Protocol):
    """Answers all that comes in at once, however much that is."""

    def __init__(self) -> None:
        self.taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.taken += len(data)
        self._transport.write(data)


async def test_a_host_that_has_us_answer_and_does_not_listen_is_not_heard_out() -> None:
    size = 256 * 1024 * 1024
    hung_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not hung_up.is_set():
                writer.write(b"What do you say to this?" * 1000)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = SshAddress("git", "127.0.0.1", server.sockets[0].getsockname()[1], "/a.git")
    async with open_line(address, LOOPBACK, Budget(size)) as line:
        loop = asyncio.get_running_loop()
        transport, echo = await loop.create_connection(Echo, sock=line)
        before = -1
        while echo.taken > before:
            before = echo.taken
            await asyncio.sleep(0.5)
        transport.abort()
    hung_up.set()
    server.close()

    assert 0 < echo.taken < size / 4


async def test_the_event_loop_goes_on_while_a_host_is_waited_for(
    app_id: UUID, host: SshHost, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.5)
    turns = 0

    async with listener(None) as port:
        remote = remote_at(f"ssh://git@127.0.0.1:{port}/a.git", host)
        fetch = asyncio.ensure_future(mirrors.fetch_head(app_id, remote))
        while not fetch.done():
            await asyncio.sleep(0.01)
            turns += 1

    assert isinstance(fetch.exception(), RepositoryUnreachable)
    assert turns > 5


async def test_a_transfer_that_is_cancelled_leaves_nothing_behind(
    app_id: UUID, host: SshHost, remote: Remote, tmp_path: Path
) -> None:
    host.misbehave = say_nothing
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=5)
    before = asyncio.all_tasks()
    for _ in range(3):
        fetch = asyncio.ensure_future(mirrors.host_key(remote.url, None))
        await asyncio.sleep(0.01)
        fetch.cancel()
        await asyncio.gather(fetch, return_exceptions=True)

    await asyncio.sleep(0.1)
    ours = [task for task in asyncio.all_tasks() - before if "services" in repr(task.get_coro())]
    assert ours == []
