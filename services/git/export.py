"""Writing the files of a commit into a folder for a build."""

import os
from collections.abc import Sequence
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from models.kinds import ContentProblemCode
from services.git.trees import EXECUTABLE, SYMLINK, TreeFile, TreeRefused

MAXIMUM_FILE_BYTES = 128 * 1024 * 1024
MAXIMUM_EXPORT_BYTES = 1024 * 1024 * 1024

LFS_POINTER = b"version https://git-lfs.github.com/spec/"

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_files(
    repository: pygit2.Repository, files: Sequence[TreeFile], destination: Path
) -> None:
    """Write every file below ``destination``, which is made here or must be empty.

    Only regular files are written, and only new ones: no link exists below ``destination``
    while this runs, so no path leads out of it. A symbolic link or a submodule refuses all.
    """
    refuse_links(files)
    destination.mkdir(parents=True, exist_ok=True)
    if any(destination.iterdir()):
        raise FileExistsError(f"{destination} is not empty")
    remaining = MAXIMUM_EXPORT_BYTES
    made: set[str] = {""}
    for file in files:
        remaining -= blob_size(repository, file)
        if remaining < 0:
            raise TreeRefused(ContentProblemCode.TOO_LARGE, "", "the files are too large together")
        make_folders(destination, file.path.rpartition("/")[0], made)
        content = read_blob(repository, file.object_id, file.path)
        write_file(destination / file.path, content, executable=file.mode == EXECUTABLE)


def refuse_links(files: Sequence[TreeFile]) -> None:
    for file in files:
        if not file.is_regular:
            raise refused_link(file)


def refuse_pointer(folder: Path, path: str) -> None:
    """Refuse a written file that only says where Git LFS keeps the real one."""
    with (folder / path).open("rb") as file:
        start = file.read(len(LFS_POINTER))
    if start == LFS_POINTER:
        message = "this is a Git LFS pointer; the file must be in Git itself"
        raise TreeRefused(ContentProblemCode.LFS_POINTER, path, message)


def refused_link(file: TreeFile) -> TreeRefused:
    if file.mode == SYMLINK:
        return TreeRefused(
            ContentProblemCode.SYMLINK, file.path, "symbolic links are not supported"
        )
    return TreeRefused(ContentProblemCode.SUBMODULE, file.path, "submodules are not supported")


def blob_size(repository: pygit2.Repository, file: TreeFile) -> int:
    try:
        kind, size = repository.odb.read_header(pygit2.Oid(hex=file.object_id))
    except (KeyError, pygit2.GitError) as error:
        limit = MAXIMUM_FILE_BYTES // (1024 * 1024)
        message = f"it is larger than {limit} MiB, or its bytes are missing"
        raise TreeRefused(ContentProblemCode.TOO_LARGE, file.path, message) from error
    if kind != ObjectType.BLOB:
        raise TreeRefused(ContentProblemCode.DAMAGED, file.path, "this is not a file object")
    if size > MAXIMUM_FILE_BYTES:
        raise TreeRefused(ContentProblemCode.TOO_LARGE, file.path, "this file is too large")
    return size


def read_blob(repository: pygit2.Repository, object_id: str, path: str) -> bytes:
    try:
        return repository.odb.read(pygit2.Oid(hex=object_id))[1]
    except (KeyError, pygit2.GitError) as error:
        raise TreeRefused(ContentProblemCode.DAMAGED, path, "its bytes cannot be read") from error


def make_folders(destination: Path, folder: str, made: set[str]) -> None:
    missing: list[str] = []
    while folder not in made:
        missing.append(folder)
        folder = folder.rpartition("/")[0]
    for path in reversed(missing):
        os.mkdir(destination / path, 0o755)
        made.add(path)


def write_file(path: Path, content: bytes, *, executable: bool) -> None:
    descriptor = os.open(path, NEW_FILE, 0o755 if executable else 0o644)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
