"""Answers that are given again because nothing they were made of has changed.

An answer is a matter of the document, its variables, who asks, and the database. It is kept with
the revision that was read before it was made, and with the apps that it is about; a request that
reads, after it arrived, a revision at which those are the same is given the same bytes. Nothing is
ever said to be stale, so nothing can be forgotten to be said, by this process or another.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import cast
from uuid import UUID

import orjson

from pinmark.operations import Answer, Operation
from services.database_revisions import Revision
from services.principals import Principal

MIB = 1024 * 1024
LARGEST_SHARE = 16
"""No answer takes more than this part of the room."""


@dataclass(frozen=True)
class Question:
    """All that an answer depends on beside the database."""

    query: str
    variables: bytes
    name: str | None
    asked_by: tuple[object, ...]
    base_url: str

    @classmethod
    def of(cls, operation: Operation, principal: Principal, base_url: str) -> "Question":
        return cls(
            operation.query,
            orjson.dumps(operation.variables, option=orjson.OPT_SORT_KEYS),
            operation.name,
            who_asks(principal),
            base_url,
        )

    def tag(self, revision: Revision, media_type: str) -> bytes:
        """A digest that no other answer has: of what is asked, by whom, in which form and when."""
        said = (self.query, self.variables, self.name, self.base_url, revision.state, media_type)
        return sha256(repr((said, _in_order(self.asked_by))).encode()).digest()


def who_asks(principal: Principal) -> tuple[object, ...]:
    """Everything of a principal but the request that it was recognised for."""
    return (principal.rights, principal.identity)


def _in_order(value: object) -> object:
    """The same with its sets as lists, which are written the same by every process."""
    if isinstance(value, frozenset):
        return sorted(map(_in_order, cast(frozenset[object], value)), key=repr)
    if isinstance(value, tuple):
        return [_in_order(each) for each in cast(tuple[object, ...], value)]
    return value


Making = asyncio.Future[bytes | None]


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Kept:
    """An answer, the revision of the database that it is of, and which apps it is about; None
    where it may be about anything.
    """

    question: Question
    revision: Revision
    apps: frozenset[UUID] | None
    body: bytes

    def is_good(self, now: Revision) -> bool:
        """Whether it would be made the same at a revision that was read later."""
        return self.revision.is_still(now, self.apps)


class FreshAnswers:
    """The answers of late, as many as there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Question, Kept] = OrderedDict()
        self._making: dict[tuple[Question, Revision], Making] = {}

    async def made_by_another(self, question: Question, revision: Revision) -> bytes | None:
        """What somebody is making at this very moment, at the same revision; None if nobody is,
        or if it turned out to be nothing that can be given again.
        """
        making = self._making.get((question, revision))
        return None if making is None else await asyncio.shield(making)

    @contextmanager
    def making(self, question: Question, revision: Revision) -> Generator["Making"]:
        """Make an answer; who asks the same meanwhile waits for it."""
        mine: Making = asyncio.get_running_loop().create_future()
        first = self._making.setdefault((question, revision), mine)
        try:
            yield mine
        finally:
            if first is mine:
                del self._making[question, revision]
            if not mine.done():
                mine.set_result(None)

    def find(self, question: Question, revision: Revision) -> Kept | None:
        """The answer, if it is still the one at this revision."""
        kept = self._kept.get(question)
        if kept is None:
            return None
        if not kept.is_good(revision):
            self._forget(question)
            return None
        self._kept.move_to_end(question)
        return kept

    def asked_for(self, kept: Kept) -> None:
        """It was given once more: others are to leave before it."""
        if kept.question in self._kept:
            self._kept.move_to_end(kept.question)

    def keep(
        self,
        question: Question,
        revision: Revision,
        body: bytes,
        apps: frozenset[UUID] | None = None,
    ) -> None:
        """Keep what was made after ``revision`` was read, and is about these apps alone."""
        if len(body) > self._room // LARGEST_SHARE:
            return
        self._forget(question)
        self._kept[question] = Kept(question, revision, apps, body)
        self._taken += _size(question, body)
        while self._taken > self._room:
            self._forget(next(iter(self._kept)))

    def _forget(self, question: Question) -> None:
        kept = self._kept.pop(question, None)
        if kept is not None:
            self._taken -= _size(question, kept.body)


def _size(question: Question, body: bytes) -> int:
    return len(body) + len(question.query) + len(question.variables) + 1000


def is_whole(kind: str | None, answer: Answer) -> bool:
    """Whether it answers a query, and nothing in it failed."""
    return kind == "query" and "errors" not in answer and "data" in answer
