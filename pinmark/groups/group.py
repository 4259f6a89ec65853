"""A group: those who follow the same from the same place, told together."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import orjson
import structlog
from structlog.contextvars import bind_contextvars

from pinmark.background import is_cancelled
from pinmark.groups.member import GroupFailed, Member, Told
from pinmark.operations import Answer, stream
from schema.context import Context
from services.hub import Audience
from services.principals import Principal

if TYPE_CHECKING:
    from pinmark.groups.groups import Groups

AT_ONCE = 100
"""How many are told before the process does something else."""

log = structlog.get_logger()


class Group(Audience):
    """One execution of a subscription, and those whom its answers are for.

    It executes as whoever was first: the others may see the same. Each goes by itself, for
    whatever reason; the last who goes ends it.
    """

    def __init__(self, groups: "Groups", first: Member) -> None:
        self.followed = first.followed
        self.request_id = uuid4().hex
        principal = replace(first.principal, request_id=self.request_id)
        self.key = self.followed.by(principal)
        self.begun_by = self.followed.begun_by(principal)
        self.members: dict[Member, None] = {}
        self.context: Context = first.context(principal)
        self.context.received = self.followed.received
        self.context.audience = self
        self.place: str | None = None
        """The cursor up to which everything was told; None before that is known."""
        self.begun = asyncio.Event()
        """Set once it is known where it begins, or that it does not."""
        self.task: asyncio.Task[None] | None = None
        self._groups = groups

    def add(self, member: Member) -> None:
        member.group = self
        member.followed = self.followed  # equal, and one of them is enough to keep
        self.members[member] = None

    def remove(self, member: Member) -> "asyncio.Task[None] | None":
        """Let it go; what ends with it is given, if it was the last."""
        member.group = None
        member.admission = self.context.admission
        del self.members[member]
        return None if self.members else self._groups.end(self)

    def is_for(self, principal: Principal) -> bool:
        """Whether the principal is told exactly what the members are."""
        return self.followed.by(principal) == self.key

    # What the execution says of itself, and asks

    @property
    def size(self) -> int:
        return len(self.members)

    def principals(self, asked_by: Principal) -> Sequence[Principal]:
        return [replace(member.principal, request_id=self.request_id) for member in self.members]

    def rest(self, cursor: str) -> None:
        if self.place is None:
            for member in self.members:
                member.place = member.place or cursor
        self.place = cursor
        self._groups.rest(self)

    def attend(self) -> None:
        self._groups.attend(self)

    # The execution

    async def follow(self) -> None:
        """Tell the members everything until there is nothing more to be told."""
        bind_contextvars(request_id=self.request_id)
        began = perf_counter()
        try:
            refusal = await self._tell_all()
        except Exception as error:
            if is_cancelled():
                log.debug("a group broke when it was cancelled", error=repr(error))
                return
            log.exception("a group failed", request_id=self.request_id)
            for member in tuple(self.members):
                member.broken(GroupFailed(self.request_id))
            return
        await self._tell_the_end(refusal, began)

    async def _tell_all(self) -> Answer | None:
        """Tell every answer; the refusal, if it ends in one."""
        answers = stream(self.context, self.followed.operation, request_id=self.request_id)
        async with aclosing(answers):
            async for answer in answers:
                if "data" not in answer:
                    return answer
                self.place = self.context.place
                await self._tell(Told(orjson.dumps(answer), self.place))
        return None

    async def _tell(self, told: Told) -> None:
        """Tell each member. Who does not take it at once goes on by itself; one who is alone
        already holds nobody back.
        """
        for number, member in enumerate(tuple(self.members), 1):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
            if member.group is not self:  # it has gone meanwhile
                continue
            rest = member.give(told)
            if rest is None:
                member.place = told.place
            elif len(self.members) == 1:
                await member.finish(rest, told.place)
            else:
                self.remove(member)
                self._groups.finish_alone(member, rest, told.place)

    async def _tell_the_end(self, refusal: Answer | None, began: float) -> None:
        self._groups.forget(self)  # nobody joins who would not be told
        for number, member in enumerate(tuple(self.members), 1):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
            if member.group is not self:
                continue
            del self.members[member]
            member.group = None
            rest = member.begin(
                member.complete()
                if refusal is None
                else member.refuse(refusal, self.context, began)
            )
            if rest is not None:
                self._groups.finish_alone(member, rest, None)
