"""What a commit says of itself, made safe to keep and to show."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pygit2
from pygit2.enums import ObjectType

from services.errors import RepositoryUnreachable

MAXIMUM_MESSAGE = 10_000
MAXIMUM_NAME = 200
MAXIMUM_COMMIT_BYTES = 4 * 1024 * 1024
LAST_SECOND = 253_402_300_799  # of the year 9999, the last that datetime knows

ENCODING_HEADER = re.compile(rb"^encoding (.*)$", re.MULTILINE)
OBJECT_ID = re.compile(r"[0-9a-f]{40}")
# The encodings Git hosts meet; others (some slow, some no text at all) are read as UTF-8.
LEGACY_ENCODING = re.compile(
    r"(iso-?8859-?\d{1,2}|latin-?1|windows-125\d|cp125\d|shift.jis|euc-(jp|kr)|gbk|gb18030|big5"
    r"|koi8-[ru])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CommitFacts:
    """The parts of a commit that history shows; text is bounded and has no NUL."""

    sha: str
    message: str
    author_name: str
    committed_at: datetime


def read_commit(repository: pygit2.Repository, sha: str) -> CommitFacts:
    commit = require_commit(repository, sha)
    encoding = encoding_of(commit)
    return CommitFacts(
        sha=sha,
        message=decode_text(commit.raw_message, encoding, MAXIMUM_MESSAGE),
        author_name=decode_text(commit.author.raw_name, encoding, MAXIMUM_NAME),
        committed_at=datetime.fromtimestamp(min(max(commit.commit_time, 0), LAST_SECOND), UTC),
    )


def require_commit(repository: pygit2.Repository, sha: str) -> pygit2.Commit:
    """Return the commit, if it is one and of a size to be read."""
    if not OBJECT_ID.fullmatch(sha):
        raise RepositoryUnreachable("this is not a commit's full id")
    object_id = pygit2.Oid(hex=sha)
    try:
        kind, size = repository.odb.read_header(object_id)
    except (KeyError, pygit2.GitError) as error:
        raise RepositoryUnreachable(f"commit {sha[:12]} is not in it") from error
    if kind != ObjectType.COMMIT:
        raise RepositoryUnreachable(f"{sha[:12]} is not a commit")
    if size > MAXIMUM_COMMIT_BYTES:
        raise RepositoryUnreachable(f"commit {sha[:12]} is too large")
    try:
        commit = repository[object_id]
    except (KeyError, pygit2.GitError) as error:
        raise RepositoryUnreachable(f"commit {sha[:12]} is damaged") from error
    assert isinstance(commit, pygit2.Commit)
    return commit


def encoding_of(commit: pygit2.Commit) -> str | None:
    """The encoding that the commit names, however oddly it is written."""
    headers, _, _ = commit.read_raw().partition(b"\n\n")
    found = ENCODING_HEADER.search(headers)
    return None if found is None else found[1].decode("ascii", errors="replace")


def decode_text(raw: bytes, encoding: str | None, limit: int) -> str:
    """Decode what some client once wrote, replacing what cannot be read."""
    legacy = encoding is not None and LEGACY_ENCODING.fullmatch(encoding) is not None
    codec = encoding if legacy and encoding is not None else "utf-8"
    try:
        text = raw[: limit * 4].decode(codec, errors="replace")
    except LookupError:  # a name of the right form that Python has never heard of
        text = raw[: limit * 4].decode(errors="replace")
    return text.replace("\0", "")[:limit]
