"""Real bare repositories for tests, made through libgit2 without a working tree."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

AUTHOR = pygit2.Signature("Ada", "ada@example.com", time=1_700_000_000, offset=60)


@dataclass
class Repository:
    """A bare repository and the branch ``main``; every commit is built on the one before."""

    path: Path
    git: pygit2.Repository

    @property
    def head(self) -> str | None:
        reference = self.git.references.get("refs/heads/main")
        return None if reference is None else str(reference.target)

    def commit(
        self,
        files: Mapping[str, bytes | None],
        *,
        message: str = "A commit",
        branch: str = "main",
        executable: Sequence[str] = (),
    ) -> str:
        """Commit the changes, None removing a file, and move the branch; return the new sha."""
        parent = self.git.references.get(f"refs/heads/{branch}")
        index = pygit2.Index()
        if parent is not None:
            commit = self.git[str(parent.target)]
            assert isinstance(commit, pygit2.Commit)
            index.read_tree(commit.tree)
        for path, content in files.items():
            if content is None:
                index.remove(path)
            else:
                mode = FileMode.BLOB_EXECUTABLE if path in executable else FileMode.BLOB
                index.add(pygit2.IndexEntry(path, self.git.create_blob(content), mode))
        return self.commit_tree(index.write_tree(self.git), message=message, branch=branch)

    def commit_tree(
        self, tree: pygit2.Oid, *, message: str = "A commit", branch: str = "main"
    ) -> str:
        """Commit a tree as it is, however strange."""
        name = f"refs/heads/{branch}"
        parent = self.git.references.get(name)
        parents = [] if parent is None else [parent.target]
        return str(self.git.create_commit(name, AUTHOR, AUTHOR, message, tree, parents))

    def force(self, sha: str, *, branch: str = "main") -> None:
        """Point the branch at another commit, as a force push does."""
        self.git.references.create(f"refs/heads/{branch}", pygit2.Oid(hex=sha), force=True)

    def moved_to(self, path: Path) -> "Repository":
        """The repository at another place, and no longer here."""
        self.path.rename(path)
        return Repository(path, pygit2.Repository(str(path)))

    def raw_tree(self, *entries: tuple[int, bytes, pygit2.Oid]) -> pygit2.Oid:
        """Write a tree of exactly these entries (mode, name, object), checked by nobody."""
        content = b"".join(
            f"{mode:o}".encode() + b" " + name + b"\0" + object_id.raw
            for mode, name, object_id in entries
        )
        return self.git.odb.write(pygit2.enums.ObjectType.TREE, content)

    def blob(self, content: bytes) -> pygit2.Oid:
        return self.git.create_blob(content)


def make_repository(path: Path) -> Repository:
    """Make an empty bare repository whose HEAD is the branch ``main``."""
    git = pygit2.init_repository(str(path), bare=True, initial_head="main")
    return Repository(path, git)


def nested_tree(repository: Repository, *, depth: int) -> pygit2.Oid:
    """A file below so many folders, one in the other."""
    tree = repository.raw_tree((0o100644, b"file", repository.blob(b"deep")))
    for _ in range(depth):
        tree = repository.raw_tree((0o040000, b"d", tree))
    return tree


def exploding_tree(repository: Repository, *, levels: int = 10, width: int = 10) -> pygit2.Oid:
    """A few hundred bytes of objects that stand for ``width ** levels`` files."""
    mode, thing = 0o100644, repository.blob(b"x")
    for _ in range(levels):
        thing = repository.raw_tree(*((mode, b"%d" % index, thing) for index in range(width)))
        mode = 0o040000
    return thing


def collect_garbage(path: Path) -> None:
    """Have Git itself remove from a bare repository whatever no ref of it leads to."""
    command = ["git", "-c", f"safe.directory={path}", "gc", "--quiet", "--prune=now"]
    subprocess.run(command, cwd=path, check=True)
