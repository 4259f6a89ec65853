"""Mirrors of repositories on this machine."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pygit2
import pytest
from anyio import fail_after, to_thread

from services.errors import RepositoryUnreachable
from services.git import copying
from services.git.copying import Copying
from services.git.deadline import Deadline
from services.git.hosts import AddressPolicy
from services.git.libgit2 import open_mirror
from services.git.locks import exclusive
from services.git.mirrors import Mirrors, Remote
from services.git.trees import TreeBudget, TreeRefused
from tests.support.repositories import (
    Repository,
    collect_garbage,
    exploding_tree,
    make_repository,
    nested_tree,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = (tmp_path / "root").resolve()
    root.mkdir()
    return root


@pytest.fixture
def repository(root: Path) -> Repository:
    return make_repository(root / "app.git")


@pytest.fixture
def remote(repository: Repository) -> Remote:
    return Remote(str(repository.path), "main")


@pytest.fixture
def mirrors(tmp_path: Path, root: Path) -> Mirrors:
    return Mirrors(tmp_path / "mirrors", AddressPolicy(roots=(root,)))


@pytest.fixture
def app_id() -> UUID:
    return uuid4()


def mirror_path(tmp_path: Path, app_id: UUID) -> Path:
    return tmp_path / "mirrors" / f"{app_id}.git"


async def test_the_head_of_a_branch_is_observed_and_fetched(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    first = repository.commit({"a.txt": b"one"})
    assert await mirrors.observe_head(app_id, remote) == first
    assert await mirrors.fetch_head(app_id, remote) == first

    second = repository.commit({"a.txt": b"two"})
    assert await mirrors.observe_head(app_id, remote) == second
    assert await mirrors.fetch_head(app_id, remote) == second


async def test_a_push_by_git_is_seen(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    work = tmp_path / "work"
    author = ["-c", "user.name=Grace", "-c", "user.email=grace@example.com"]
    for arguments in (
        ["clone", "--quiet", str(repository.path), str(work)],
        ["-C", str(work), *author, "commit", "--quiet", "--allow-empty", "-m", "By hand\n\nYes."],
        ["-C", str(work), "push", "--quiet"],
    ):
        await to_thread.run_sync(lambda command=arguments: subprocess.run(["git", *command]))

    facts = await mirrors.commit(app_id, await mirrors.fetch_head(app_id, remote))

    assert (facts.message, facts.author_name) == ("By hand\n\nYes.\n", "Grace")


async def test_a_branch_that_is_not_there_is_observed_as_none_and_not_fetched(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})
    remote = Remote(str(repository.path), "other")

    assert await mirrors.observe_head(app_id, remote) is None
    with pytest.raises(RepositoryUnreachable, match="no branch other"):
        await mirrors.fetch_head(app_id, remote)


@pytest.mark.parametrize("name", ["absent.git", "file.git", "folder.git", "work"])
async def test_a_path_without_a_bare_repository_is_unreachable(
    name: str, mirrors: Mirrors, app_id: UUID, root: Path
) -> None:
    (root / "file.git").write_text("gitdir: /")
    (root / "folder.git").mkdir()
    pygit2.init_repository(str(root / "work"))

    with pytest.raises(RepositoryUnreachable, match="bare repository"):
        await mirrors.observe_head(app_id, Remote(str(root / name), "main"))


async def test_a_repository_with_sha256_names_is_unreachable_with_a_clear_reason(
    mirrors: Mirrors, app_id: UUID, root: Path
) -> None:
    path = root / "sha256.git"
    command = ["git", "init", "--quiet", "--bare", "--object-format=sha256", str(path)]
    await to_thread.run_sync(lambda: subprocess.run(command, check=True))

    with pytest.raises(RepositoryUnreachable, match="SHA-256"):
        await mirrors.fetch_head(app_id, Remote(str(path), "main"))


async def test_a_path_that_was_linked_and_now_leads_elsewhere_is_not_followed(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    shutil.move(repository.path, tmp_path / "outside.git")
    repository.path.symlink_to(tmp_path / "outside.git")

    with pytest.raises(RepositoryUnreachable, match="no longer allowed"):
        await mirrors.fetch_head(app_id, remote)


async def test_a_repository_whose_head_is_a_file_that_points_outside_is_not_followed(
    mirrors: Mirrors, app_id: UUID, root: Path, tmp_path: Path
) -> None:
    outside = make_repository(tmp_path / "outside.git")
    outside.commit({"a.txt": b"secret"})
    (root / "link").mkdir()
    (root / "link" / ".git").write_text(f"gitdir: {outside.path}\n")

    with pytest.raises(RepositoryUnreachable, match="not a bare repository"):
        await mirrors.fetch_head(app_id, Remote(str(root / "link"), "main"))


async def test_only_the_head_is_taken_and_neither_history_nor_tags(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    first = repository.commit({"a.txt": b"one"})
    repository.git.references.create("refs/tags/v1", pygit2.Oid(hex=first))
    second = repository.commit({"a.txt": b"two"})

    await mirrors.fetch_head(app_id, remote)

    mirror = open_mirror(mirror_path(tmp_path, app_id))
    assert (first in mirror, second in mirror) == (False, True)
    assert list(mirror.references) == []
    head = mirror[second]
    assert isinstance(head, pygit2.Commit)
    assert head.parents == []


async def test_a_force_push_is_followed_and_a_kept_commit_outlives_it(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    lost = repository.commit({"a.txt": b"lost"})
    await mirrors.fetch_head(app_id, remote)
    await mirrors.keep(app_id, lost)
    await mirrors.keep(app_id, lost)
    repository.git.references.delete("refs/heads/main")
    found = repository.commit({"a.txt": b"found"})

    assert await mirrors.fetch_head(app_id, remote) == found
    path = mirror_path(tmp_path, app_id)
    collect = ["git", "-C", str(path), "-c", "safe.directory=*", "gc", "--quiet", "--prune=now"]
    await to_thread.run_sync(lambda: subprocess.run(collect, check=True))
    [file] = await mirrors.read_tree(app_id, lost)
    assert await mirrors.read_blobs(app_id, [file.object_id]) == {file.object_id: b"lost"}


async def test_git_collecting_garbage_in_a_mirror_leaves_what_is_kept(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    kept = repository.commit({"handler.py": b"kept"})
    await mirrors.fetch_head(app_id, remote)
    await mirrors.keep(app_id, kept)
    repository.git.references.delete("refs/heads/main")
    passing = repository.commit({"handler.py": b"passing"})
    await mirrors.fetch_head(app_id, remote)
    repository.git.references.delete("refs/heads/main")
    repository.commit({"handler.py": b"rewritten"})

    collect_garbage(repository.path)
    collect_garbage(mirror_path(tmp_path, app_id))

    assert not await mirrors.has_commit(app_id, passing)
    assert await mirrors.has_commit(app_id, kept)
    await mirrors.export(app_id, kept, tmp_path / "build")
    assert (tmp_path / "build/handler.py").read_bytes() == b"kept"


async def test_a_commit_that_another_machine_fetched_is_fetched_when_asked_for(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    first = repository.commit({"a.txt": b"one"})
    repository.commit({"a.txt": b"two"})

    await mirrors.ensure_commit(app_id, remote, first)

    assert (await mirrors.commit(app_id, first)).sha == first


async def test_a_commit_that_is_nowhere_is_unreachable(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})

    with pytest.raises(RepositoryUnreachable, match="deadbeefdead"):
        await mirrors.ensure_commit(app_id, remote, "deadbeef" * 5)


@pytest.mark.parametrize("sha", ["", "main", "HEAD", "0" * 39, "../../x", "0" * 64])
async def test_what_is_no_full_commit_id_is_refused(
    sha: str, mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    repository.commit({"a.txt": b"one"})

    with pytest.raises(RepositoryUnreachable):
        await mirrors.ensure_commit(app_id, remote, sha)


async def test_a_lost_mirror_is_made_again(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    await mirrors.fetch_head(app_id, remote)
    shutil.rmtree(mirror_path(tmp_path, app_id))

    with pytest.raises(RepositoryUnreachable, match="missing"):
        await mirrors.read_tree(app_id, sha)
    await mirrors.ensure_commit(app_id, remote, sha)

    assert [file.path for file in await mirrors.read_tree(app_id, sha)] == ["a.txt"]


@pytest.mark.parametrize("part", ["HEAD", "refs", "config", "objects"])
async def test_a_damaged_mirror_is_mended_and_keeps_its_objects(
    part: str,
    mirrors: Mirrors,
    app_id: UUID,
    remote: Remote,
    repository: Repository,
    tmp_path: Path,
) -> None:
    old = repository.commit({"a.txt": b"one"})
    await mirrors.fetch_head(app_id, remote)
    damaged = mirror_path(tmp_path, app_id) / part
    shutil.rmtree(damaged) if damaged.is_dir() else damaged.unlink()

    new = repository.commit({"a.txt": b"two"})
    assert await mirrors.fetch_head(app_id, remote) == new

    assert await mirrors.has_commit(app_id, old) is (part != "objects")
    assert len(await mirrors.read_tree(app_id, new)) == 1


async def test_a_mirror_that_was_being_made_when_the_process_died_is_made_anew(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    draft = tmp_path / "mirrors" / f"{app_id}.new"
    draft.mkdir(parents=True)
    (draft / "HEAD").write_text("ref: refs/he")

    assert await mirrors.fetch_head(app_id, remote) == sha


async def test_a_copy_that_died_halfway_is_finished_by_the_next(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    """The commit's object is written last: without it, all the rest is looked through again."""
    sha = repository.commit({"folder/a.txt": b"one", "folder/b.txt": b"two"})
    await mirrors.fetch_head(app_id, remote)
    objects = mirror_path(tmp_path, app_id) / "objects"
    blob = pygit2.hash(b"two")
    for name in (sha, str(blob)):
        (objects / name[:2] / name[2:]).unlink()

    assert await mirrors.fetch_head(app_id, remote) == sha

    assert await mirrors.read_blobs(app_id, [str(blob)]) == {str(blob): b"two"}


async def test_fetches_of_one_mirror_at_once_all_succeed(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit({f"{index}.txt": b"%d" % index for index in range(50)})
    other_process = Mirrors(tmp_path / "mirrors", AddressPolicy(roots=(repository.path.parent,)))

    shas = await asyncio.gather(
        *(each.fetch_head(app_id, remote) for each in [mirrors, other_process] * 8)
    )

    assert set(shas) == {sha}
    assert len(await mirrors.read_tree(app_id, sha)) == 50


async def test_a_mirror_that_another_process_holds_is_waited_for_no_longer_than_allowed(
    app_id: UUID, remote: Remote, repository: Repository, root: Path, tmp_path: Path
) -> None:
    repository.commit({"a.txt": b"one"})
    mirrors = Mirrors(tmp_path / "mirrors", AddressPolicy(roots=(root,)), fetch_seconds=0.2)
    (tmp_path / "mirrors").mkdir()

    with (
        exclusive(tmp_path / "mirrors" / f"{app_id}.lock", Deadline.within(1)),
        fail_after(30),
        pytest.raises(RepositoryUnreachable, match="still running"),
    ):
        await mirrors.fetch_head(app_id, remote)


async def test_more_than_is_allowed_is_not_taken(
    app_id: UUID, remote: Remote, repository: Repository, root: Path, tmp_path: Path
) -> None:
    repository.commit({"a.bin": bytes(100_000)})
    policy = AddressPolicy(roots=(root,))
    mirrors = Mirrors(tmp_path / "mirrors", policy, transfer_bytes=50_000)

    with pytest.raises(RepositoryUnreachable, match="larger than is allowed"):
        await mirrors.fetch_head(app_id, remote)


async def test_nested_folders_are_copied_whatever_their_depth(
    repository: Repository, tmp_path: Path
) -> None:
    """libgit2's own fetch from a path ends the process, on this stack after 3,000 folders."""
    sha = repository.commit_tree(nested_tree(repository, depth=20_000))
    mirror = make_repository(tmp_path / "mirror.git").git
    copying = Copying(repository.git, mirror, Deadline.within(300), budget=100_000_000)

    usual = threading.stack_size(256 * 1024)
    thread = threading.Thread(target=copying.copy, args=(sha,))
    thread.start()
    threading.stack_size(usual)
    await to_thread.run_sync(thread.join)

    assert sha in mirror


async def test_of_folders_too_deep_to_be_read_only_the_first_are_copied(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    """And a folder that is also nearer to the root is copied with all that is in it."""
    folder = (0o040000, b"near", nested_tree(repository, depth=3))
    deep = repository.raw_tree(folder)
    for _ in range(TreeBudget.depth):
        deep = repository.raw_tree((0o040000, b"d", deep))
    sha = repository.commit_tree(repository.raw_tree((0o040000, b"deep", deep), folder))

    assert await mirrors.fetch_head(app_id, remote) == sha

    with pytest.raises(TreeRefused, match="nested deeper"):
        await mirrors.read_tree(app_id, sha)
    near = repository.commit_tree(repository.raw_tree(folder))
    await mirrors.fetch_head(app_id, remote)
    await mirrors.export(app_id, near, tmp_path / "near")
    assert (tmp_path / "near/near/d/d/d/file").read_bytes() == b"deep"


async def test_a_file_larger_than_anybody_would_read_is_left_out(
    mirrors: Mirrors,
    app_id: UUID,
    remote: Remote,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copying, "MAXIMUM_OBJECT_BYTES", 1_000)
    sha = repository.commit({"large.bin": bytes(1_001), "small.bin": bytes(1_000)})

    assert await mirrors.fetch_head(app_id, remote) == sha

    identities = {file.path: file.object_id for file in await mirrors.read_tree(app_id, sha)}
    sizes = await mirrors.blob_sizes(app_id, identities.values())
    assert sizes == {identities["small.bin"]: 1_000}


async def test_a_commit_that_explodes_costs_only_its_objects(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit_tree(exploding_tree(repository))

    assert await mirrors.fetch_head(app_id, remote) == sha

    objects = mirror_path(tmp_path, app_id) / "objects"
    assert len(list(objects.glob("??/*"))) == 12


async def test_a_file_object_missing_from_the_repository_is_unreachable(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    absent = pygit2.Oid(hex="12" * 20)
    repository.commit_tree(repository.raw_tree((0o100644, b"a", absent)))

    with pytest.raises(RepositoryUnreachable, match="cannot be read"):
        await mirrors.fetch_head(app_id, remote)


async def test_the_owner_check_is_lifted_for_the_linked_repository_alone(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository, root: Path
) -> None:
    """An ordinary user can give nothing away, so only root sees the check itself at work."""
    sha = repository.commit({"a.txt": b"one"})
    neighbour = make_repository(root / "neighbour.git")
    if os.geteuid() == 0:
        for path in (repository.path, neighbour.path):
            os.chown(path, 65534, 65534)

    assert await mirrors.fetch_head(app_id, remote) == sha

    lifted = list(pygit2.Config.get_global_config().get_multivar("safe.directory"))
    assert str(repository.path) in lifted
    assert str(neighbour.path) not in lifted
    assert pygit2.settings.owner_validation
    if os.geteuid() == 0:
        with pytest.raises(pygit2.GitError, match="not owned"):
            pygit2.Repository(str(neighbour.path))


async def test_an_ordinary_user_links_a_repository_of_another_user(
    mirrors: Mirrors, repository: Repository, tmp_path: Path
) -> None:
    """As root the mirror is another user's process; otherwise both are the same user's."""
    sha = repository.commit({"a.txt": b"one"})
    data = tmp_path / "another-users"
    data.mkdir()
    if os.geteuid() == 0:
        os.chown(data, 65534, 65534)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o055)
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from uuid import UUID\n"
        "from services.git.hosts import AddressPolicy\n"
        "from services.git.mirrors import Mirrors, Remote\n"
        "if os.geteuid() == 0:\n"
        "    os.setgroups([])\n"
        "    os.setgid(65534)\n"
        "    os.setuid(65534)\n"
        "data, path = map(Path, sys.argv[1:])\n"
        "mirrors = Mirrors(data, AddressPolicy(roots=(path.parent,)))\n"
        "print(asyncio.run(mirrors.fetch_head(UUID(int=1), Remote(str(path), 'main'))))\n"
    )
    project = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", script, str(data), str(repository.path)]

    theirs = {**os.environ, "TMPDIR": str(data)}
    done = await to_thread.run_sync(
        lambda: subprocess.run(command, cwd=project, env=theirs, capture_output=True, text=True)
    )

    assert (done.stdout.strip(), done.returncode) == (sha, 0), done.stderr


async def test_the_configuration_of_the_user_is_not_obeyed(
    repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit({"a.txt": b"one"})
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text(
        f'[url "{tmp_path}/nowhere/"]\n\tinsteadOf = {repository.path.parent}/\n'
    )
    script = (
        "import pygit2, sys\n"
        "from pathlib import Path\n"
        "from services.git.libgit2 import open_linked\n"
        "repository = open_linked(Path(sys.argv[1]))\n"
        "print([entry.name for entry in repository.config if entry.name.startswith('url')])\n"
        "print(repository.references['refs/heads/main'].target)\n"
    )
    environment = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", script, str(repository.path)]

    done = await to_thread.run_sync(
        lambda: subprocess.run(
            command,
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            text=True,
        )
    )

    assert done.stdout.split("\n")[:2] == ["[]", sha], done.stderr


async def test_commit_text_is_bounded_and_can_be_stored(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    tree = repository.raw_tree()
    raw = (
        f"tree {tree}\n".encode()
        + b"author J\xf6rg <j@example.com> 99999999999999 +0000\n"
        + b"committer Ada <ada@example.com> 99999999999999 +0000\n"
        + b"encoding ISO-8859-1\n\nSch\xf6n "
        + b"x" * 20_000
    )
    sha = repository.git.odb.write(pygit2.enums.ObjectType.COMMIT, raw)
    repository.force(str(sha))

    facts = await mirrors.commit(app_id, await mirrors.fetch_head(app_id, remote))

    assert facts.message.startswith("Schön xxx")
    assert len(facts.message) == 10_000
    assert facts.author_name == "Jörg"
    assert facts.committed_at.year == 9999


async def test_commit_text_in_an_unknown_encoding_is_read_as_far_as_it_goes(
    mirrors: Mirrors, app_id: UUID, remote: Remote, repository: Repository
) -> None:
    tree = repository.raw_tree()
    person = b"\xff Ada <ada@example.com> 1700000000 +0000\n"
    raw = b"tree %s\nauthor %scommitter %sencoding punycode\n\n\xffa\x00b" % (
        str(tree).encode(),
        person,
        person,
    )
    sha = repository.git.odb.write(pygit2.enums.ObjectType.COMMIT, raw)
    repository.force(str(sha))

    facts = await mirrors.commit(app_id, await mirrors.fetch_head(app_id, remote))

    assert facts.message.startswith("\ufffda")
    assert "\0" not in facts.message
    assert facts.author_name == "\ufffd Ada"
