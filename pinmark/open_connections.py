"""How many connections may be open: websockets and event streams, of one principal and of all.

The counts are this process's own: where there are several, each allows as many.
"""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from pinmark.settings import Settings
from services.principals import Principal


class TooManyConnections(Exception):
    """There is no room for another; the message says whose are too many."""


class OpenConnections:
    """The connections of one server process that stay open."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.connections
        self._most_of_one = settings.connections_per_principal
        self._all = 0
        self._none = asyncio.Event()
        self._none.set()
        self.refused = {"all": 0, "principal": 0}
        self._of: Counter[UUID] = Counter()

    @property
    def open(self) -> int:
        return self._all

    async def until_none(self) -> None:
        await self._none.wait()

    @contextmanager
    def one(self) -> Generator[None]:
        """Room for one more, whoever opens it; raises ``TooManyConnections``."""
        if self._all >= self._most:
            self.refused["all"] += 1
            raise TooManyConnections("The server has too many connections")
        self._all += 1
        self._none.clear()
        try:
            yield
        finally:
            self._all -= 1
            if not self._all:
                self._none.set()

    @contextmanager
    def one_of(self, principal: Principal) -> Generator[None]:
        """Room for one more of the principal's; raises ``TooManyConnections``."""
        if self._of[principal.id] >= self._most_of_one:
            self.refused["principal"] += 1
            raise TooManyConnections(f"At most {self._most_of_one} connections at a time")
        self._of[principal.id] += 1
        try:
            yield
        finally:
            self._of[principal.id] -= 1
            if not self._of[principal.id]:
                del self._of[principal.id]
