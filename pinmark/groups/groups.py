"""How those who follow the same find each other.

At the beginning: who asks the same from the same place before a group has begun begins with it.
At rest: two groups that have told everything up to the same place, and wait, become one.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any

from pinmark.groups.beginning import Rest
from pinmark.groups.group import Group
from pinmark.groups.member import Member
from schema.context import Admission
from services.database import Database
from services.principals import Principal


class Groups:
    """The groups of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathering: dict[Hashable, Group] = {}
        """Those who can still be begun with."""
        self._beginning: dict[Hashable, Group] = {}
        """Those who find out where they begin; the next who ask the same gather meanwhile."""
        self._resting: dict[Hashable, Group] = {}
        """Those who wait for what comes after their place."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.count = 0
        """How many executions go on."""

    def join(self, member: Member) -> None:
        """Have the member told everything past its place, or past where it asked to begin."""
        member.followed = member.followed.going_on(member.place)
        key = member.followed.begun_by(member.principal)
        group = self._gathering.get(key)
        if group is None:
            group = self._gathering[key] = Group(self, member)
            group.task = self._start(self._run(group))
        group.add(member)

    async def _run(self, group: Group) -> None:
        self.count += 1
        try:
            while (before := self._beginning.get(group.begun_by)) is not None:
                await before.begun.wait()
            del self._gathering[group.begun_by]
            self._beginning[group.begun_by] = group
            await group.follow()
        finally:
            self.count -= 1
            self.forget(group)

    def rest(self, group: Group) -> None:
        """The group waits at its place; with another that waits there, if there is one."""
        self._has_begun(group)
        other = self._resting.setdefault((group.key, group.place), group)
        if other is not group:
            for member in group.members:
                other.add(member)
            group.members = {}
            self.end(group)

    def attend(self, group: Group) -> None:
        """What the group is told from here on was begun before others could ask for it."""
        self._has_begun(group)
        _drop(self._resting, (group.key, group.place), group)

    def end(self, group: Group) -> "asyncio.Task[None]":
        """There is nobody in it any more."""
        self.forget(group)
        assert group.task is not None  # it is started before anybody is in it
        group.task.cancel()
        return group.task

    def forget(self, group: Group) -> None:
        """Nobody finds it any more."""
        _drop(self._gathering, group.begun_by, group)
        self.attend(group)

    def _has_begun(self, group: Group) -> None:
        group.begun.set()
        _drop(self._beginning, group.begun_by, group)

    def finish_alone(self, member: Member, rest: Rest, place: str | None) -> None:
        """Send the rest to one member, who then goes on from the place; without one it is over."""
        member.sending = self._start(self._finish_alone(member, rest, place))

    async def _finish_alone(self, member: Member, rest: Rest, place: str | None) -> None:
        sent = await member.finish(rest, place)
        member.sending = None
        if sent and place is not None:
            self.join(member)

    async def ask(self, admission: Admission, principal: Principal) -> None:
        """Whether the principal may follow what it was let in by; raises the refusal."""
        async with self._database.moment() as session:
            await admission(session, principal)

    async def close(self) -> None:
        """End what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


@asynccontextmanager
async def open_groups(database: Database) -> AsyncGenerator[Groups]:
    groups = Groups(database)
    try:
        yield groups
    finally:
        await groups.close()


def _drop(groups: dict[Hashable, Group], key: Hashable, group: Group) -> None:
    if groups.get(key) is group:
        del groups[key]
