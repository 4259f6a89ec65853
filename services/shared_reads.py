"""Equal reads that are asked for at the same time are one.

An event wakes everybody who follows it, and all of them then ask the same of the database. A read
is shared only until its moment begins: who comes later may have been woken by what that moment
does not show, and is given the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

Found = TypeVar("Found")
Moment = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a moment of the database: ``Database.moment``, or ``moment_in_turn``."""


class SharedReads:
    """The reads of this process that have not begun yet, by what they are of."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, asyncio.Task[Any]] = {}

    async def read(
        self,
        moment: Moment,
        key: Hashable,
        work: Callable[[AsyncSession], Awaitable[Found]],
    ) -> Found:
        """What ``work`` finds; nobody may change it. It goes on when one who waits is cancelled."""
        reading = self._waiting.get(key)
        if reading is None:
            reading = asyncio.create_task(self._run(moment, key, work))
            reading.add_done_callback(_mind_nobody)
            self._waiting[key] = reading
        return await asyncio.shield(reading)

    async def _run(
        self,
        moment: Moment,
        key: Hashable,
        work: Callable[[AsyncSession], Awaitable[Found]],
    ) -> Found:
        try:
            async with moment() as session:
                self._begin(key)  # the moment is that of the first statement
                return await work(session)
        finally:
            self._begin(key)

    def _begin(self, key: Hashable) -> None:
        if self._waiting.get(key) is asyncio.current_task():
            del self._waiting[key]


def _mind_nobody(reading: asyncio.Task[Any]) -> None:
    """All who waited may have gone, and then nobody else asks what came of it."""
    if not reading.cancelled():
        reading.exception()
