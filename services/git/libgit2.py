"""libgit2 itself: its process-wide settings, and the only doors through which we open anything.

libgit2 reads the configuration of the user and of the machine, which could send a fetch to
another host or lend it somebody's credentials. Here it finds one generated file instead, which
refuses redirects to other hosts and names, path by path, the linked repositories that may belong
to another user of the machine. Everywhere else libgit2's owner check stands.
"""

import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pygit2
from pygit2.enums import ConfigLevel, RepositoryOpenFlag

from services.errors import RepositoryUnreachable

SILENCE_MILLISECONDS = 30_000  # the deadline of a transfer comes first; this is for its loss
CONFIGURATION_FILE = ".gitconfig"

_opening = threading.Lock()


class Settings:
    """The generated configuration of this process; it goes when the process does."""

    def __init__(self) -> None:
        self._directory = TemporaryDirectory(prefix="pinmark-git-", ignore_cleanup_errors=True)
        path = Path(self._directory.name) / CONFIGURATION_FILE
        path.write_text("[http]\n\tfollowRedirects = false\n")
        for level in (
            ConfigLevel.PROGRAMDATA,
            ConfigLevel.SYSTEM,
            ConfigLevel.XDG,
            ConfigLevel.GLOBAL,
        ):
            pygit2.settings.search_path[level] = self._directory.name
        pygit2.settings.server_connect_timeout = SILENCE_MILLISECONDS
        pygit2.settings.server_timeout = SILENCE_MILLISECONDS
        self._configuration = pygit2.Config(str(path))
        self._foreign: set[Path] = set()

    def allow_foreign_owner(self, path: Path) -> None:
        if path not in self._foreign:
            never = "^$"  # replaces no entry, so one is added
            self._configuration.set_multivar("safe.directory", never, str(path))
            self._foreign.add(path)


@cache
def settings() -> Settings:
    return Settings()


def open_mirror(path: Path) -> pygit2.Repository:
    """Open one of our own mirrors; its owner must be us."""
    with _opening:
        settings()
    return open_bare(path)


def open_linked(path: Path) -> pygit2.Repository:
    """Open a repository that was linked by path, whoever owns it.

    ``path`` has passed ``check_path``. It must itself be the bare repository: what it might
    point to lies outside what the operator allowed.
    """
    with _opening:
        settings().allow_foreign_owner(path)
    try:
        repository = open_bare(path)
    except pygit2.GitError as error:
        raise RepositoryUnreachable(reason_not_opened(error)) from error
    if not repository.is_bare or Path(repository.path or "").resolve() != path:
        raise RepositoryUnreachable("it is not a bare repository")
    return repository


def open_bare(path: Path) -> pygit2.Repository:
    return pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)


def reason_not_opened(error: pygit2.GitError) -> str:
    if "object format" in str(error):
        return "it names its objects by SHA-256, which is not supported"
    return "there is no bare repository at this path"
