"""Repositories behind https: a real host, and hosts that misbehave."""

import asyncio
import os
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pygit2
import pytest
from anyio import fail_after

from services.errors import RepositoryUnreachable
from services.git.deadline import Deadline
from services.git.gate import open_gate
from services.git.host import reason_for
from services.git.hosts import AddressPolicy
from services.git.https_gate import HttpsGate
from services.git.libgit2 import open_mirror
from services.git.mirrors import Mirrors, Remote
from tests.support.bad_hosts import listener
from tests.support.git_host import REDIRECTED, GitHost, git_host
from tests.support.repositories import Repository, collect_garbage, make_repository

LOOPBACK = AddressPolicy(hosts=frozenset({"localhost", "127.0.0.1"}))


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[GitHost]:
    (tmp_path / "host").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with git_host(tmp_path / "host", tmp_path / "certificate.pem") as host:
        yield host


@pytest.fixture
def repository(host: GitHost) -> Repository:
    return make_repository(host.root / "app.git")


@pytest.fixture
def remote(host: GitHost) -> Remote:
    return Remote(f"{host.url}/app.git", "main")


@pytest.fixture
def mirrors(tmp_path: Path) -> Mirrors:
    return Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=60)


@pytest.fixture
def app_id() -> UUID:
    return uuid4()


async def test_each_head_is_observed_and_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    for content in (b"one", b"two", b"three"):
        sha = repository.commit({"a.txt": content, "folder/same.txt": b"same"})

        assert await mirrors.observe_head(app_id, remote) == sha
        assert await mirrors.fetch_head(app_id, remote) == sha

        first, _ = await mirrors.read_tree(app_id, sha)
        assert await mirrors.read_blobs(app_id, [first.object_id]) == {first.object_id: content}


async def test_a_force_push_is_followed_and_a_kept_commit_outlives_it(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    lost = repository.commit({"a.txt": b"lost"})
    await mirrors.fetch_head(app_id, remote)
    await mirrors.keep(app_id, lost)
    repository.git.references.delete("refs/heads/main")
    found = repository.commit({"b.txt": b"found"})

    assert await mirrors.fetch_head(app_id, remote) == found

    assert [file.path for file in await mirrors.read_tree(app_id, lost)] == ["a.txt"]
    assert [file.path for file in await mirrors.read_tree(app_id, found)] == ["b.txt"]


async def test_neither_history_nor_tags_nor_other_branches_are_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    first = repository.commit({"a.txt": b"one"})
    repository.git.references.create("refs/tags/v1", pygit2.Oid(hex=first))
    other = repository.commit({"a.txt": b"other"}, branch="other")
    second = repository.commit({"a.txt": b"two"})
    repository.git.references.create("refs/tags/v2", pygit2.Oid(hex=second))

    await mirrors.fetch_head(app_id, remote)

    mirror = open_mirror(tmp_path / "mirrors" / f"{app_id}.git")
    assert [sha in mirror for sha in (first, other, second)] == [False, False, True]
    assert all(name.startswith("refs/pinmark/") for name in mirror.references)


async def test_a_branch_that_is_not_there_is_observed_as_none_and_not_fetched(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    remote = Remote(f"{host.url}/app.git", "other")

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


async def test_an_app_moves_from_a_path_to_a_host_with_its_mirror(
    app_id: UUID, host: GitHost, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    policy = AddressPolicy(roots=(host.root.resolve(),), hosts=LOOPBACK.hosts)
    mirrors = Mirrors(tmp_path / "mirrors", policy, fetch_seconds=60)
    repository.commit({"a.txt": b"one"})
    old = repository.commit({"a.txt": b"two"})
    await mirrors.fetch_head(app_id, Remote(str(repository.path.resolve()), "main"))
    await mirrors.keep(app_id, old)
    new = repository.commit({"b.txt": b"three"})

    assert await mirrors.fetch_head(app_id, remote) == new
    assert len(await mirrors.read_tree(app_id, new)) == 2


async def test_a_private_repository_is_read_with_its_token(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    host.token = "t0ken"
    remote = Remote(f"{host.url}/app.git", "main", "t0ken")

    assert await mirrors.observe_head(app_id, remote) == sha
    assert await mirrors.fetch_head(app_id, remote) == sha
    assert "t0ken" not in repr(remote)


@pytest.mark.parametrize(
    ("token", "reason"), [(None, "asks for a token"), ("wr0ng", "does not accept the token")]
)
async def test_without_the_right_token_the_reason_names_none(
    token: str | None,
    reason: str,
    mirrors: Mirrors,
    app_id: UUID,
    host: GitHost,
    repository: Repository,
) -> None:
    repository.commit({"a.txt": b"one"})
    host.token = "t0ken"

    with pytest.raises(RepositoryUnreachable, match=reason) as failure:
        await mirrors.fetch_head(app_id, Remote(f"{host.url}/app.git", "main", token))

    assert "wr0ng" not in failure.value.message


def test_words_of_libgit2_are_shown_bounded_and_without_the_token() -> None:
    shown = reason_for("remote said:\n t0ken\x1b[31m " + "x" * 1000, "t0ken")

    assert "t0ken" not in shown
    assert shown.isprintable()
    assert len(shown) == 200


async def test_a_repository_that_the_host_does_not_have_is_unreachable(
    mirrors: Mirrors, app_id: UUID, host: GitHost
) -> None:
    with pytest.raises(RepositoryUnreachable, match="no such repository"):
        await mirrors.observe_head(app_id, Remote(f"{host.url}/absent.git", "main"))


async def test_a_repository_with_sha256_names_is_unreachable_with_a_clear_reason(
    mirrors: Mirrors, app_id: UUID, host: GitHost
) -> None:
    path = str(host.root / "sha256.git")
    for arguments in (
        ["init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", path],
        ["-C", path, "config", "user.name", "Ada"],
        ["-C", path, "config", "user.email", "ada@example.com"],
    ):
        assert await (await asyncio.create_subprocess_exec("git", *arguments)).wait() == 0
    write = (
        f'cd "{path}" && tree=$(git hash-object -t tree -w --stdin </dev/null) && '
        "git update-ref refs/heads/main $(git commit-tree -m message $tree)"
    )
    assert await (await asyncio.create_subprocess_shell(write)).wait() == 0

    with pytest.raises(RepositoryUnreachable, match="SHA-256"):
        await mirrors.fetch_head(app_id, Remote(f"{host.url}/sha256.git", "main"))


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    mirrors: Mirrors,
    app_id: UUID,
    remote: Remote,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.commit({"a.txt": b"one"})
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(RepositoryUnreachable, match="certificate"):
        await mirrors.fetch_head(app_id, remote)


async def test_nobody_reads_through_the_gate_without_its_secret(
    host: GitHost, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    deadline = Deadline.within(60)

    to_host = HttpsGate(
        f"{host.url}/app.git", "t0ken", LOOPBACK, deadline=deadline, budget=1_000_000
    )
    async with open_gate(to_host) as gate:
        port = urlsplit(gate.url).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n\r\n")
        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]"])
async def test_a_private_address_is_not_connected_to_unless_allowed(
    name: str, app_id: UUID, host: GitHost, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    mirrors = Mirrors(tmp_path / "mirrors", AddressPolicy(), fetch_seconds=60)
    remote = Remote(f"https://{name}:{host.server_port}/app.git", "main")

    for attempt in (mirrors.observe_head, mirrors.fetch_head):
        with pytest.raises(RepositoryUnreachable, match="private address"):
            await attempt(app_id, remote)


async def test_a_redirect_to_another_host_is_not_followed(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    host.redirect_to = f"https://127.0.0.1:{host.server_port}"

    for attempt in (mirrors.observe_head, mirrors.fetch_head):
        with pytest.raises(RepositoryUnreachable, match="redirects elsewhere"):
            await attempt(app_id, Remote(f"{host.url}{REDIRECTED}/app.git", "main"))


async def test_a_redirect_to_another_port_is_not_followed(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    async with listener(None) as port:
        host.redirect_to = f"https://localhost:{port}"

        with pytest.raises(RepositoryUnreachable, match="redirects elsewhere"):
            await mirrors.observe_head(app_id, Remote(f"{host.url}{REDIRECTED}/app.git", "main"))


async def test_a_redirect_on_the_same_host_is_followed(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    host.redirect_to = host.url

    assert (
        await mirrors.fetch_head(app_id, Remote(f"{host.url}{REDIRECTED}/app.git", "main")) == sha
    )


@pytest.mark.parametrize(
    ("answer", "pause"), [(None, 0), (b"\x16\x03\x03\x40\x00", 0.05), (b"x", 0.01)]
)
async def test_a_host_that_never_answers_is_given_up_in_time(
    answer: bytes | None, pause: float, app_id: UUID, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.5)

    async with listener(answer, pause) as port:
        for attempt in (mirrors.observe_head, mirrors.fetch_head):
            with fail_after(20), pytest.raises(RepositoryUnreachable):
                await attempt(app_id, Remote(f"https://127.0.0.1:{port}/a.git", "main"))


async def test_silence_is_named_as_such(app_id: UUID, tmp_path: Path) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.3)

    async with listener(None) as port:
        with pytest.raises(RepositoryUnreachable, match=r"within 0\.3 seconds"):
            await mirrors.fetch_head(app_id, Remote(f"https://127.0.0.1:{port}/a.git", "main"))


async def test_nobody_listening_is_unreachable(app_id: UUID, mirrors: Mirrors) -> None:
    async with listener(None) as port:
        pass

    with pytest.raises(RepositoryUnreachable, match="does not accept connections"):
        await mirrors.fetch_head(app_id, Remote(f"https://127.0.0.1:{port}/a.git", "main"))


async def test_the_event_loop_goes_on_while_a_host_is_waited_for(
    app_id: UUID, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=0.5)
    turns = 0

    async with listener(None) as port:
        fetch = asyncio.ensure_future(
            mirrors.fetch_head(app_id, Remote(f"https://127.0.0.1:{port}/a.git", "main"))
        )
        while not fetch.done():
            await asyncio.sleep(0.01)
            turns += 1

    assert isinstance(fetch.exception(), RepositoryUnreachable)
    assert turns > 5


async def test_more_than_is_allowed_is_not_taken_in(
    app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", LOOPBACK, fetch_seconds=60, transfer_bytes=100_000)
    noise = bytes((index * index * 31 + (index >> 7)) % 251 for index in range(400_000))
    repository.commit({"a.bin": noise[::-1] + pygit2.hash(noise).raw * 10})
    for index in range(2_000):
        repository.git.references.create(
            f"refs/heads/a-branch-among-many-others-{index}",
            repository.git.references["refs/heads/main"].target,
        )

    with pytest.raises(RepositoryUnreachable, match="more than is allowed"):
        await mirrors.fetch_head(app_id, remote)


async def test_a_branch_that_points_at_no_commit_is_unreachable(
    mirrors: Mirrors, app_id: UUID, host: GitHost, repository: Repository
) -> None:
    blob = repository.blob(b"no commit")
    (repository.path / "refs" / "heads" / "odd").write_text(f"{blob}\n")

    with pytest.raises(RepositoryUnreachable, match="not a commit"):
        await mirrors.fetch_head(app_id, Remote(f"{host.url}/app.git", "odd"))


async def test_a_branch_elsewhere_that_is_not_utf8_troubles_nobody(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    plain, odd = repository.path / "refs/heads/x", bytes(repository.path) + b"/refs/heads/\xff"
    repository.force(sha, branch="x")
    os.rename(plain, odd)

    assert await mirrors.observe_head(app_id, remote) == sha
    assert await mirrors.fetch_head(app_id, remote) == sha


async def test_locks_of_a_writer_that_was_killed_are_in_nobodys_way(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    await mirrors.fetch_head(app_id, remote)
    mirror = tmp_path / "mirrors" / f"{app_id}.git"
    sha = repository.commit({"a.txt": b"two"})
    kept = f"refs/pinmark/commits/{sha}"
    (mirror / "refs/pinmark/commits").mkdir(parents=True)
    for name in ("refs/pinmark/incoming", "refs/pinmark/latest", "shallow", "FETCH_HEAD", kept):
        (mirror / f"{name}.lock").touch()

    assert await mirrors.fetch_head(app_id, remote) == sha
    await mirrors.keep(app_id, sha)

    assert kept in open_mirror(mirror).references


async def test_git_collecting_garbage_leaves_what_was_fetched_over_https_and_kept(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    """The host has lost the commit too, so that it could not be fetched again."""
    repository.commit({"handler.py": b"before"})
    kept = repository.commit({"handler.py": b"kept"})
    await mirrors.fetch_head(app_id, remote)
    await mirrors.keep(app_id, kept)
    for content in (b"passing", b"last"):
        repository.git.references.delete("refs/heads/main")
        repository.commit({"handler.py": content})
        await mirrors.fetch_head(app_id, remote)
    collect_garbage(repository.path)
    collect_garbage(tmp_path / "mirrors" / f"{app_id}.git")

    assert kept not in pygit2.Repository(str(repository.path))
    await mirrors.export(app_id, kept, tmp_path / "build")
    assert (tmp_path / "build/handler.py").read_bytes() == b"kept"
