"""Trees: what is read of them, what is refused, and what a build gets."""

import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pygit2
import pytest
from pygit2.enums import ObjectType

from models import ContentProblemCode
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors, Remote
from services.git.trees import (
    EXECUTABLE,
    REGULAR,
    SUBMODULE,
    SYMLINK,
    TreeBudget,
    TreeFile,
    TreeRefused,
    walk_tree,
)
from tests.support.repositories import Repository, exploding_tree, make_repository, nested_tree

BLOB = 0o100644
TREE = 0o040000
LINK = 0o120000
MODULE = 0o160000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path.resolve() / "root" / "app.git")


@pytest.fixture
def mirrors(tmp_path: Path) -> Mirrors:
    roots = (tmp_path.resolve() / "root",)
    return Mirrors(tmp_path / "mirrors", AddressPolicy(roots=roots), fetch_seconds=60)


@pytest.fixture
def app_id() -> UUID:
    return uuid4()


def walk(repository: Repository, tree: pygit2.Oid, **budget: int) -> tuple[TreeFile, ...]:
    return walk_tree(repository.git, tree, TreeBudget(**budget))


def refused(repository: Repository, tree: pygit2.Oid, **budget: int) -> TreeRefused:
    with pytest.raises(TreeRefused) as refusal:
        walk(repository, tree, **budget)
    return refusal.value


def test_every_tracked_file_is_listed_by_path(repository: Repository) -> None:
    blob = repository.blob(b"x")
    inner = repository.raw_tree((BLOB, b"b", blob), (0o100755, b"run", blob))
    tree = repository.raw_tree(
        (BLOB, b"a-b", blob),
        (TREE, b"a", inner),
        (LINK, b"link", blob),
        (MODULE, b"module", pygit2.Oid(hex="12" * 20)),
        (0o100664, b"old", blob),
        (BLOB, "größe €".encode(), blob),
    )

    files = walk(repository, tree)

    assert [(file.path, file.mode) for file in files] == [
        ("a-b", REGULAR),
        ("a/b", REGULAR),
        ("a/run", EXECUTABLE),
        ("größe €", REGULAR),
        ("link", SYMLINK),
        ("module", SUBMODULE),
        ("old", REGULAR),
    ]
    assert files[0].object_id == str(blob)


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b".",
        b"..",
        b".git",
        b".GIT",
        b"a/b",
        b"/a",
        b"a\nb",
        b"a\x1b[31m",
        b"a\x7f",
        "a\x85".encode(),
        b"\xff",
        b"\xed\xa0\x80",
        b"a" * 256,
    ],
)
@pytest.mark.parametrize("mode", [BLOB, TREE])
def test_a_name_that_is_no_name_is_refused(name: bytes, mode: int, repository: Repository) -> None:
    thing = repository.blob(b"x") if mode == BLOB else repository.raw_tree()
    tree = repository.raw_tree((mode, name, thing))

    refusal = refused(repository, repository.raw_tree((TREE, b"folder", tree)))

    assert refusal.code is ContentProblemCode.UNSAFE_PATH
    assert refusal.path == "folder/"
    assert str(refusal).isprintable()


def test_ten_thousand_million_files_are_refused(repository: Repository) -> None:
    assert refused(repository, exploding_tree(repository)).code is ContentProblemCode.TOO_MANY_FILES


def test_as_many_empty_folders_are_refused(repository: Repository) -> None:
    tree = repository.raw_tree()
    for _ in range(10):
        tree = repository.raw_tree(*((TREE, b"%d" % index, tree) for index in range(10)))

    assert refused(repository, tree).code is ContentProblemCode.TOO_MANY_FILES


def test_folders_nested_without_end_are_refused(repository: Repository) -> None:
    assert (
        refused(repository, nested_tree(repository, depth=20_000)).code
        is ContentProblemCode.TOO_DEEP
    )


def test_the_budget_is_what_is_still_allowed(repository: Repository) -> None:
    blob = repository.blob(b"x")
    three = repository.raw_tree(*((BLOB, name, blob) for name in (b"a", b"b", b"c")))

    assert len(walk(repository, three, files=3)) == 3
    assert refused(repository, three, files=2).code is ContentProblemCode.TOO_MANY_FILES
    assert len(walk(repository, nested_tree(repository, depth=3), depth=3)) == 1
    assert (
        refused(repository, nested_tree(repository, depth=4), depth=3).code
        is ContentProblemCode.TOO_DEEP
    )


def test_a_path_and_a_tree_object_too_large_are_refused(repository: Repository) -> None:
    blob = repository.blob(b"x")
    long = repository.raw_tree((BLOB, b"n" * 200, blob))
    for _ in range(6):
        long = repository.raw_tree((TREE, b"n" * 200, long))
    wide = repository.raw_tree(*((BLOB, b"%05d" % index, blob) for index in range(1_000)))

    assert refused(repository, long).code is ContentProblemCode.TOO_LARGE
    assert refused(repository, wide, tree_bytes=10_000).code is ContentProblemCode.TOO_LARGE


def test_a_name_given_twice_is_refused(repository: Repository) -> None:
    tree = repository.raw_tree(
        (BLOB, b"a", repository.blob(b"x")), (TREE, b"a", repository.raw_tree())
    )

    refusal = refused(repository, tree)

    assert (refusal.code, refusal.path) == (ContentProblemCode.DAMAGED, "a")


@pytest.mark.parametrize(
    "content",
    [
        b"100644 a",
        b"100644 a\0short",
        b"100644a\0" + bytes(20),
        b"\0" * 40,
        b"999999 a\0" + bytes(20),
        b"0 a\0" + bytes(20),
        b"+100644 a\0" + bytes(20),
        b"170000 a\0" + bytes(20),
    ],
)
def test_a_malformed_tree_is_refused(content: bytes, repository: Repository) -> None:
    tree = repository.git.odb.write(ObjectType.TREE, content)

    assert refused(repository, tree).code is ContentProblemCode.DAMAGED


def test_a_folder_that_is_missing_or_no_folder_is_refused(repository: Repository) -> None:
    for thing in (pygit2.Oid(hex="12" * 20), repository.blob(b"x")):
        tree = repository.raw_tree((TREE, b"folder", thing))

        assert refused(repository, tree).code is ContentProblemCode.DAMAGED


async def test_a_build_gets_the_files_and_nothing_else(
    mirrors: Mirrors, app_id: UUID, repository: Repository, tmp_path: Path
) -> None:
    files: dict[str, bytes | None] = {
        "handler.py": b"print()\n",
        "deep/er/run.sh": b"#!/bin/sh\n",
        "crlf.txt": b"a\r\nb",
        ".gitattributes": b"*.txt text eol=lf export-ignore\n",
    }
    repository.commit(files, executable=["deep/er/run.sh"])
    sha = await mirrors.fetch_head(app_id, Remote(str(repository.path), "main"))

    await mirrors.export(app_id, sha, tmp_path / "build")

    found = {
        str(path.relative_to(tmp_path / "build")): path.read_bytes()
        for path in (tmp_path / "build").rglob("*")
        if path.is_file()
    }
    assert found == files
    assert stat.S_IMODE((tmp_path / "build/deep/er/run.sh").stat().st_mode) & 0o100
    assert not stat.S_IMODE((tmp_path / "build/handler.py").stat().st_mode) & 0o111


@pytest.mark.parametrize(
    ("mode", "code"), [(LINK, ContentProblemCode.SYMLINK), (MODULE, ContentProblemCode.SUBMODULE)]
)
async def test_a_link_or_submodule_is_never_built(
    mode: int,
    code: ContentProblemCode,
    mirrors: Mirrors,
    app_id: UUID,
    repository: Repository,
    tmp_path: Path,
) -> None:
    blob = repository.blob(b"/etc/passwd")
    tree = repository.raw_tree((BLOB, b"handler.py", blob), (mode, b"link", blob))
    sha = repository.commit_tree(tree)
    await mirrors.fetch_head(app_id, Remote(str(repository.path), "main"))

    with pytest.raises(TreeRefused) as refusal:
        await mirrors.export(app_id, sha, tmp_path / "build")

    assert (refusal.value.code, refusal.value.path) == (code, "link")
    assert "build" not in os.listdir(tmp_path)


async def test_a_folder_with_something_in_it_is_not_written_to(
    mirrors: Mirrors, app_id: UUID, repository: Repository, tmp_path: Path
) -> None:
    sha = repository.commit({"a/b.txt": b"x"})
    await mirrors.fetch_head(app_id, Remote(str(repository.path), "main"))
    (tmp_path / "build").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "build" / "a").symlink_to(tmp_path / "outside")

    with pytest.raises(FileExistsError):
        await mirrors.export(app_id, sha, tmp_path / "build")

    assert list((tmp_path / "outside").iterdir()) == []
