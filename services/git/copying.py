"""Taking a commit out of a repository on this machine, object by object.

libgit2 can fetch from a path, but it walks trees by recursion to do so, and a commit with
folders nested deeply enough ends the whole process. So the objects are copied here, without
recursion: one commit and everything its tree names, none of its history. What no reader would
take, a folder too deep or a file too large, is left out, and told by the reader who misses it.
"""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from services.errors import RepositoryUnreachable
from services.git.commits import require_commit
from services.git.deadline import Deadline
from services.git.trees import (
    DIRECTORY,
    SUBMODULE,
    TreeBudget,
    TreeRefused,
    parse_tree,
    read_tree_bytes,
)

MAXIMUM_OBJECTS = 1_000_000
MAXIMUM_OBJECT_BYTES = 128 * 1024 * 1024
MAXIMUM_DEPTH = TreeBudget.depth + 1
CHECK_EVERY = 256  # objects between two looks at the clock
SHALLOW_FILE = "shallow"


def local_head(source: pygit2.Repository, branch: str) -> str | None:
    """Return the commit that a branch points at, None when there is no such branch."""
    try:
        target = source.lookup_reference(f"refs/heads/{branch}").resolve().target
    except KeyError:
        return None
    return str(target)


@dataclass
class Copying:
    """One commit on its way from ``source`` into ``mirror``.

    The commit itself is written last, so a mirror that has a commit has all of it, whatever was
    killed halfway.
    """

    source: pygit2.Repository
    mirror: pygit2.Repository
    deadline: Deadline
    budget: int
    _seen: set[bytes] = field(default_factory=set[bytes])

    def copy(self, sha: str) -> None:
        commit = require_commit(self.source, sha)
        if sha in self.mirror:
            return
        try:
            self._copy_tree(commit.tree_id)
        except (KeyError, pygit2.GitError) as error:
            raise RepositoryUnreachable("an object of it cannot be read") from error
        except TreeRefused as error:
            raise RepositoryUnreachable(str(error)) from error
        # Before the commit: nothing may look for parents that are not here.
        append_shallow(Path(self.mirror.path or ""), sha)
        self._copy_object(commit.id)

    def _copy_tree(self, root: pygit2.Oid) -> None:
        # Level by level, so that each folder is met first where it is nearest to the root.
        pending = deque([(root, 0)])
        while pending:
            self.deadline.check()
            tree_id, depth = pending.popleft()
            for entry in parse_tree(read_tree_bytes(self.source, tree_id, "", self.budget), ""):
                if entry.mode == SUBMODULE or entry.object_id in self._seen:
                    continue
                if entry.mode == DIRECTORY and depth >= MAXIMUM_DEPTH:
                    continue  # nobody would read it: a tree this deep is refused
                self._note(entry.object_id)
                object_id = pygit2.Oid(raw=entry.object_id)
                if entry.mode == DIRECTORY:
                    pending.append((object_id, depth + 1))
                else:
                    self._copy_object(object_id)
            self._copy_object(tree_id)

    def _note(self, object_id: bytes) -> None:
        self._seen.add(object_id)
        if len(self._seen) > MAXIMUM_OBJECTS:
            raise RepositoryUnreachable(f"a commit of it has over {MAXIMUM_OBJECTS} objects")
        if len(self._seen) % CHECK_EVERY == 0:
            self.deadline.check()

    def _copy_object(self, object_id: pygit2.Oid) -> None:
        if object_id in self.mirror:
            return
        self.deadline.check()
        kind, size = self.source.odb.read_header(object_id)
        if kind == ObjectType.BLOB and size > MAXIMUM_OBJECT_BYTES:
            return  # nobody could use it: whoever needs the file is told that it is too large
        self.budget -= size
        if self.budget < 0:
            raise RepositoryUnreachable("a commit of it is larger than is allowed")
        kind, content = self.source.odb.read(object_id)
        self.mirror.odb.write(ObjectType(kind), content)


def append_shallow(mirror: Path, sha: str) -> None:
    """Tell libgit2 that this commit's parents were left out on purpose.

    The file is replaced as a whole; the caller holds the mirror's lock.
    """
    path = mirror / SHALLOW_FILE
    known = path.read_text().split() if path.exists() else []
    if sha not in known:
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(f"{line}\n" for line in [*known, sha]))
        fresh.replace(path)
