"""A person with a clone: Git's own program, which commits and pushes."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


@dataclass(frozen=True)
class GitClone:
    """A working copy of the repository at ``url``, whose host is vouched for by ``certificate``."""

    folder: Path
    url: str
    certificate: Path

    def git(self, *arguments: str) -> str:
        """Run Git as a person without any configuration; give what it says."""
        finished = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_TERMINAL_PROMPT": "0",
                "GIT_SSL_CAINFO": str(self.certificate),
                **IDENTITY,
            },
            capture_output=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr.decode()
        return finished.stdout.decode().strip()

    def commit(self, files: Mapping[str, bytes], message: str = "A commit") -> str:
        for path, content in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self, *arguments: str) -> None:
        """``git push``, by default of the branch ``main``."""
        self.git("push", "--quiet", "origin", *(arguments or ("main",)))


def make_clone(folder: Path, url: str, certificate: Path) -> GitClone:
    """An empty repository with the branch ``main`` and ``origin`` at the host."""
    folder.mkdir()
    clone = GitClone(folder, url, certificate)
    clone.git("init", "--quiet", "--initial-branch", "main")
    clone.git("remote", "add", "origin", url)
    return clone
