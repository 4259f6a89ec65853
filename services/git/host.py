"""Reading a repository at its host: its heads, and the objects of one commit."""

import re
from typing import NoReturn

import pygit2
from pygit2.enums import CredentialType
from pygit2.remotes import TransferProgress

from services.errors import RepositoryUnreachable
from services.git.commits import require_commit
from services.git.deadline import Deadline

INCOMING = "refs/pinmark/incoming"
LATEST = "refs/pinmark/latest"  # what the host need not send again
ONE_COMMIT = 1  # a depth: the history before a commit is nothing to us
MAXIMUM_REASON = 200

GONE = (  # the last is what libgit2 sees where a host says so in the middle of things
    r"specific object|not our ref|unadvertised|unexpected packet type",
    "the host no longer gives this commit out",
)
REASONS = (
    GONE,
    (r"status code: 404", "the host has no such repository, or its token may not read it"),
    (r"status code: 40[13]", "the host refuses to let it be read"),
    (r"status code: 429", "the host asks to be left alone for a while"),
    (r"status code: 5\d\d", "the host has an internal error"),
    (r"object.?format|sha256", "it names its objects by SHA-256, which is not supported"),
    (r"timed out|timeout", "the host did not answer in time"),
    (r"unexpected EOF|early EOF|syscall failure|connection reset", "the host hung up"),
)


class Transfer(pygit2.RemoteCallbacks):
    """What libgit2 asks and reports during one transfer."""

    # None, which pygit2 allows: a method would have the text decoded strictly, and fail on it.
    sideband_progress = None  # pyright: ignore[reportAssignmentType]

    def __init__(self, token: str | None, deadline: Deadline) -> None:
        super().__init__()
        self._token = token
        self._deadline = deadline

    def credentials(
        self, url: str, username_from_url: str | None, allowed_types: CredentialType
    ) -> NoReturn:
        """Called for the answer 401 only: the gate has sent the token, if there is one."""
        if self._token is None:
            raise RepositoryUnreachable("the host asks for a token, or has no such repository")
        raise RepositoryUnreachable("the host does not accept the token")

    def transfer_progress(self, stats: TransferProgress) -> None:
        self._deadline.check()


class Host:
    """A repository at the address that its gate gives it; for use in a thread."""

    def __init__(
        self,
        mirror: pygit2.Repository,
        *,
        url: str,
        token: str | None,
        deadline: Deadline,
    ) -> None:
        self._mirror = mirror
        self._url = url
        self._token = token
        self._deadline = deadline

    def head(self, branch: str) -> str | None:
        """Return the commit that a branch points at, None when there is no such branch."""
        try:
            heads = self._remote().list_heads(callbacks=self._transfer())
        except pygit2.GitError as error:
            raise self._unreachable(error) from error
        name = f"refs/heads/{branch}"
        return next((str(head.oid) for head in heads if head.name == name), None)

    def fetch(self, wanted: str) -> str | None:
        """Fetch what ``wanted`` (a full ref or a commit's id) names; return the commit's id.

        None when the repository has no such ref. Whatever was there before stays.
        """
        if INCOMING in self._mirror.references:
            self._mirror.references.delete(INCOMING)
        try:
            self._remote().fetch(
                [f"+{wanted}:{INCOMING}"],
                callbacks=self._transfer(),
                depth=ONE_COMMIT,
            )
        except (pygit2.GitError, ValueError) as error:
            raise self._unreachable(error) from error
        if INCOMING not in self._mirror.references:
            return None
        sha = str(self._mirror.references[INCOMING].target)
        commit = require_commit(self._mirror, sha)
        self._mirror.references.create(LATEST, commit.id, force=True)
        return sha

    def _remote(self) -> pygit2.Remote:
        return self._mirror.remotes.create_anonymous(self._url)

    def _transfer(self) -> Transfer:
        return Transfer(self._token, self._deadline)

    def _unreachable(self, error: Exception) -> RepositoryUnreachable:
        return RepositoryUnreachable(reason_for(str(error), self._token))


def reason_for(message: str, token: str | None) -> str:
    """Put what libgit2 said into words; unknown words of it are shown without the token."""
    for pattern, reason in REASONS:
        if re.search(pattern, message, re.IGNORECASE):
            return reason
    if token:
        message = message.replace(token, "…")
    printable = "".join(letter for letter in message if letter.isprintable())
    return printable[:MAXIMUM_REASON] or "the transfer failed"
