"""One mirror on the disk: making, mending and reading it. Everything here blocks; use a thread."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from services.errors import RepositoryUnreachable
from services.git.commits import require_commit
from services.git.deadline import Deadline
from services.git.export import read_blob
from services.git.host import INCOMING, LATEST
from services.git.libgit2 import open_mirror, settings
from services.git.locks import exclusive
from services.git.trees import TreeBudget, TreeFile, walk_tree

KEPT = "refs/pinmark/commits"
LOCK_SECONDS = 10.0


class Mirror:
    """The bare repository at ``path``; it may not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def lock_path(self) -> Path:
        return self.path.with_suffix(".lock")

    def open(self) -> pygit2.Repository:
        try:
            return open_mirror(self.path)
        except pygit2.GitError as error:
            raise RepositoryUnreachable("our mirror of it is missing") from error

    def make(self, deadline: Deadline) -> None:
        """Make the mirror unless it is whole; what is left of a damaged one is mended or goes.

        A new one appears under its name only when it is whole, so a crash leaves none in part.
        """
        if self._is_whole():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with exclusive(self.lock_path, deadline):
            if self._is_whole():
                return
            if self.path.exists() and self._mend():
                return
            draft = self.path.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            settings()
            pygit2.init_repository(str(draft), bare=True)
            shutil.rmtree(self.path, ignore_errors=True)
            draft.rename(self.path)

    def has_commit(self, sha: str) -> bool:
        if not self._is_whole():
            return False
        try:
            require_commit(self.open(), sha)
        except RepositoryUnreachable:
            return False
        return True

    def keep(self, sha: str) -> None:
        repository = self.open()
        commit = require_commit(repository, sha)
        name = f"{KEPT}/{sha}"
        if name not in repository.references:
            with exclusive(self.lock_path, Deadline.within(LOCK_SECONDS)):
                (self.path / f"{name}.lock").unlink(missing_ok=True)
                repository.references.create(name, commit.id, force=True)

    def read_tree(self, sha: str, budget: TreeBudget) -> tuple[TreeFile, ...]:
        repository = self.open()
        return walk_tree(repository, require_commit(repository, sha).tree_id, budget)

    def blob_sizes(self, object_ids: Iterable[str]) -> Mapping[str, int]:
        objects = self.open().odb
        sizes: dict[str, int] = {}
        for object_id in object_ids:
            try:
                kind, size = objects.read_header(pygit2.Oid(hex=object_id))
            except (KeyError, pygit2.GitError):
                continue
            if kind == ObjectType.BLOB:
                sizes[object_id] = size
        return sizes

    def read_blobs(self, object_ids: Iterable[str]) -> Mapping[str, bytes]:
        repository = self.open()
        return {object_id: read_blob(repository, object_id, "") for object_id in object_ids}

    def forget_stale_locks(self) -> None:
        """Remove what a killed writer left; the caller holds the mirror's lock."""
        for name in (INCOMING, LATEST, "FETCH_HEAD", "shallow", "packed-refs", "config", "HEAD"):
            (self.path / f"{name}.lock").unlink(missing_ok=True)
        for part in (self.path / "objects" / "pack").glob("pack_*"):
            part.unlink(missing_ok=True)

    def _is_whole(self) -> bool:
        try:
            return self.open().is_bare
        except RepositoryUnreachable:
            return False

    def _mend(self) -> bool:
        """Put back the files that every repository has; the objects that are there stay."""
        try:
            pygit2.init_repository(str(self.path), bare=True)
        except (pygit2.GitError, OSError):
            return False
        return self._is_whole()
