"""A member of a group: one subscription of one client, over whatever it is told."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pinmark.finished_frames import text_frame
from pinmark.groups import beginning
from pinmark.groups.beginning import Rest
from pinmark.groups.followed import Followed
from pinmark.operations import Answer
from schema.context import Admission, Context
from services.principals import Principal

if TYPE_CHECKING:
    from pinmark.groups.group import Group
    from pinmark.server_state import Server


@dataclass
class Told:
    """An answer, written out once for all whom it is sent to."""

    body: bytes
    place: str | None
    """Its cursor."""
    _framed: tuple[str, bytes] = field(default=("", b""), init=False)
    """The head of the last frame, and the frame: no more of it is kept than is sent."""

    @cached_property
    def text(self) -> str:
        return self.body.decode()

    @cached_property
    def event(self) -> bytes:
        return event_of(self.body, self.place)

    def frame(self, head: str) -> bytes:
        """A finished frame of it as the last part of an object that begins with the head."""
        if self._framed[0] != head:
            self._framed = (head, text_frame(head.encode(), self.body, b"}"))
        return self._framed[1]


def event_of(body: bytes, place: str | None) -> bytes:
    """An answer as an event of a stream, with its cursor as what to go on from."""
    identity = "" if place is None else f"id: {place}\n"
    return f"event: next\n{identity}data: ".encode() + body + b"\n\n"


class TooSlow(Exception):
    """The client did not take what it was sent within the time that it has."""


class GroupFailed(Exception):
    """What was followed met trouble of ours; the message is the id that it is logged with."""


class Member(ABC):
    """Who is told of what a group follows.

    It is in one group at a time; in none while it is being sent what it takes its time to take,
    and in none any more once it has left or was told the end.
    """

    __slots__ = ("admission", "followed", "group", "left", "place", "sending", "server")

    def __init__(self, server: "Server", followed: Followed) -> None:
        self.server = server
        self.followed = followed
        self.place: str | None = None
        """The cursor up to which it was told everything; None before that is known."""
        self.group: Group | None = None
        self.sending: asyncio.Task[None] | None = None
        """What sends it something that it takes its time to take."""
        self.admission: Admission | None = None
        """What its last group was let in by."""
        self.left = False

    @property
    @abstractmethod
    def principal(self) -> Principal:
        """Who it is, now."""

    @property
    @abstractmethod
    def patience(self) -> float:
        """For how many seconds it may keep us waiting."""

    def context(self, principal: Principal) -> Context:
        """Surroundings for what it follows."""
        return self.server.context(principal, base_url=self.followed.base_url)

    def take(self, told: Told) -> bool:
        """Be sent an answer here and now; False where that takes its time, or cannot be."""
        return False

    @abstractmethod
    async def tell(self, told: Told) -> None:
        """Send it an answer."""

    @abstractmethod
    async def complete(self) -> None:
        """Send it that nothing will come any more."""

    @abstractmethod
    async def refuse(self, answer: Answer, context: Context, began: float) -> None:
        """Send it why what it asked for cannot be followed, or not any longer."""

    @abstractmethod
    def broken(self, error: Exception) -> None:
        """It cannot be sent anything any more, or is not to be."""

    def leave(self) -> "asyncio.Task[None] | None":
        """Be told nothing more; what ends with that is given."""
        self.left = True
        if self.sending is not None:
            self.sending.cancel()
            return self.sending
        return None if self.group is None else self.group.remove(self)

    async def readmit(self, principal: Principal) -> None:
        """Go on as the principal is now, or raise what it was let in by refuses."""
        group = self.group
        admission = self.admission if group is None else group.context.admission
        moves = group is not None and not group.is_for(principal)
        if group is not None and moves:
            group.remove(self)
        if admission is not None:
            await self.server.groups.ask(admission, principal)
        if moves and not self.left:
            self.server.groups.join(self)

    def give(self, told: Told) -> Rest | None:
        """Send it an answer; what it does not take at once is given."""
        try:
            if self.take(told):
                return None
        except Exception as error:
            self.broken(error)
            return None
        return self.begin(self.tell(told))

    def begin(self, work: Coroutine[Any, Any, None]) -> Rest | None:
        """Send it something; what it does not take at once is given."""
        try:
            return beginning.begin(work)
        except Exception as error:
            self.broken(error)
            return None

    async def finish(self, rest: Rest, place: str | None) -> bool:
        """Send it the rest, if it takes it in time; it has then been told up to the place."""
        try:
            async with asyncio.timeout(self.patience):
                await rest
        except TimeoutError:
            self.broken(TooSlow())
            return False
        except Exception as error:
            self.broken(error)
            return False
        self.place = place
        return True
