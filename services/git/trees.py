"""The files of a commit, found without recursion and within a budget.

A few hundred bytes of objects can describe ten thousand million files, or folders nested a
hundred thousand deep, which ends any recursive walk and libgit2's own among them. So trees are
parsed from their bytes here, one at a time, and the first thing over the budget ends the walk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pygit2
from pygit2.enums import ObjectType

from models.kinds import ContentProblemCode

DIRECTORY = 0o040000
REGULAR = 0o100644
EXECUTABLE = 0o100755
SYMLINK = 0o120000
SUBMODULE = 0o160000

FILE_TYPE = 0o170000
OBJECT_ID_BYTES = 20
MAXIMUM_NAME_BYTES = 255  # what file systems take

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class TreeRefused(Exception):
    """A tree that no honest commit has, or one too large for us; the message is safe to show."""

    def __init__(self, code: ContentProblemCode, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.code = code
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One tracked path: its mode is one of the constants above, never ``DIRECTORY``."""

    path: str
    mode: int
    object_id: str

    @property
    def is_regular(self) -> bool:
        return self.mode in (REGULAR, EXECUTABLE)


@dataclass(frozen=True)
class TreeBudget:
    """How much of a tree is read; ``tree_bytes`` bounds what its folders take in memory."""

    files: int = 50_000
    directories: int = 50_000
    depth: int = 100
    path_bytes: int = 1_000
    tree_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawEntry:
    mode: int
    name: bytes
    object_id: bytes


def walk_tree(
    repository: pygit2.Repository, tree_id: pygit2.Oid, budget: TreeBudget
) -> tuple[TreeFile, ...]:
    """Return every tracked file, sorted by path; symbolic links and submodules are among them.

    Whatever cannot be a path on every machine refuses the whole tree, and so does any excess.
    """
    files: list[TreeFile] = []
    directories = 0
    remaining_bytes = budget.tree_bytes
    pending = [("", 0, tree_id)]
    while pending:
        folder, depth, folder_id = pending.pop()
        data = read_tree_bytes(repository, folder_id, folder, remaining_bytes)
        remaining_bytes -= len(data)
        names: set[bytes] = set()
        for entry in parse_tree(data, folder):
            path = folder + checked_name(entry.name, folder, names)
            if len(path.encode()) > budget.path_bytes:
                raise TreeRefused(
                    ContentProblemCode.TOO_LARGE, path[:100] + "…", "the path is too long"
                )
            if entry.mode == DIRECTORY:
                directories += 1
                if depth + 1 > budget.depth:
                    raise TreeRefused(
                        ContentProblemCode.TOO_DEEP,
                        "",
                        f"folders are nested deeper than {budget.depth}",
                    )
                if directories > budget.directories:
                    raise TreeRefused(
                        ContentProblemCode.TOO_MANY_FILES,
                        "",
                        f"there are more than {budget.directories} folders",
                    )
                pending.append((path + "/", depth + 1, pygit2.Oid(raw=entry.object_id)))
            else:
                files.append(TreeFile(path, entry.mode, entry.object_id.hex()))
                if len(files) > budget.files:
                    raise TreeRefused(
                        ContentProblemCode.TOO_MANY_FILES,
                        "",
                        f"there are more than {budget.files} files",
                    )
    files.sort(key=lambda file: file.path)
    return tuple(files)


def read_tree_bytes(
    repository: pygit2.Repository, tree_id: pygit2.Oid, folder: str, budget: int
) -> bytes:
    """Return a tree object's bytes, asking its size before reading it."""
    try:
        kind, size = repository.odb.read_header(tree_id)
        if kind != ObjectType.TREE:
            raise TreeRefused(
                ContentProblemCode.DAMAGED, folder, "this folder is not a tree object"
            )
        if size > budget:
            raise TreeRefused(
                ContentProblemCode.TOO_LARGE, folder, "the list of files is too large"
            )
        # libgit2 knows the empty tree without having it, but cannot read it then.
        return repository.odb.read(tree_id)[1] if size else b""
    except (KeyError, pygit2.GitError) as error:
        raise TreeRefused(
            ContentProblemCode.DAMAGED, folder, "an object of it cannot be read"
        ) from error


def parse_tree(data: bytes, folder: str) -> Iterator[RawEntry]:
    """Yield the entries of a tree object: ``mode SP name NUL id``, one after another."""
    position = 0
    while position < len(data):
        space = data.find(b" ", position, position + 8)
        end = data.find(b"\0", space)
        after = end + 1 + OBJECT_ID_BYTES
        if space < 0 or end < 0 or after > len(data):
            raise TreeRefused(ContentProblemCode.DAMAGED, folder, "the tree object is malformed")
        mode = parse_mode(data[position:space], folder)
        yield RawEntry(mode, data[space + 1 : end], data[end + 1 : after])
        position = after


def parse_mode(digits: bytes, folder: str) -> int:
    """Return the one mode that stands for these digits; old Git wrote 100664 and the like."""
    mode = int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else 0
    kind = mode & FILE_TYPE
    if kind in (DIRECTORY, SYMLINK, SUBMODULE):
        return kind
    if kind == REGULAR & FILE_TYPE:
        return EXECUTABLE if mode & 0o100 else REGULAR
    raise TreeRefused(ContentProblemCode.DAMAGED, folder, "a file has an unknown mode")


def checked_name(name: bytes, folder: str, seen: set[bytes]) -> str:
    """Return the name of an entry, if it can be one; ``seen`` holds its earlier siblings."""
    try:
        text = name.decode()
    except UnicodeDecodeError as error:
        raise TreeRefused(
            ContentProblemCode.UNSAFE_PATH, folder, "a file's name is not UTF-8"
        ) from error
    if CONTROL.search(text):
        raise TreeRefused(
            ContentProblemCode.UNSAFE_PATH, folder, "a file's name has control characters"
        )
    if text in ("", ".", "..") or "/" in text or text.lower() == ".git":
        raise TreeRefused(
            ContentProblemCode.UNSAFE_PATH, folder, f"a file cannot be named “{text}”"
        )
    if len(name) > MAXIMUM_NAME_BYTES:
        raise TreeRefused(
            ContentProblemCode.UNSAFE_PATH, folder, f"a name is over {MAXIMUM_NAME_BYTES} bytes"
        )
    if name in seen:
        raise TreeRefused(ContentProblemCode.DAMAGED, folder + text, "two files have this name")
    seen.add(name)
    return text
