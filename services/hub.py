"""The hub: wakes those in this process who follow a topic.

A wake carries no state and may be early, merged, repeated or late; whoever is woken reads the
database. So a lost wake costs time, never an event, and a safety poll bounds the time.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime

from services.doorbell import CREDENTIALS, EVERYTHING
from services.principals import Principal
from services.shared_reads import SharedReads
from services.waiting import wait_at_most

SAFETY_POLL_SECONDS = 15.0


class Audience:
    """Those whom one follower reads for: a single one, unless told otherwise."""

    @property
    def size(self) -> int:
        return 1

    def principals(self, asked_by: Principal) -> Sequence[Principal]:
        """Who they are; ``asked_by`` is whoever the follower reads as."""
        return (asked_by,)

    def rest(self, cursor: str) -> None:
        """They were told of everything up to the cursor, and wait for what comes after it."""

    def attend(self) -> None:
        """What they are told next is being made from here on."""


ALONE = Audience()


class Wake:
    """One follower's flag. Clear it, read, and wait: a wake during the read is kept."""

    def __init__(self, audience: Audience = ALONE) -> None:
        self._flag = asyncio.Event()
        self.audience = audience

    def clear(self) -> None:
        self._flag.clear()

    def set(self) -> None:
        self._flag.set()

    @property
    def is_set(self) -> bool:
        return self._flag.is_set()

    async def wait(self, *, at_most: float | None = None) -> None:
        """Wait for a wake, or until everybody looks whether they missed one."""
        if at_most is None:
            at_most = until_all_look(asyncio.get_running_loop().time())
        await wait_at_most(at_most, self._flag)


def until_all_look(now: float) -> float:
    """Seconds to the next moment at which all look: at the same one, and so they read together."""
    return SAFETY_POLL_SECONDS - now % SAFETY_POLL_SECONDS


class Hub:
    """The flags of everybody who follows something in this process."""

    def __init__(self) -> None:
        self.delivered: Callable[[datetime, int], None] = _nobody_minds
        """Told when an event that was waited for is handed on, with when it was written and to
        how many it goes.
        """
        self.reads = SharedReads()
        """What those who are woken together read together."""
        self._wakes: dict[str, set[Wake]] = {}

    @contextmanager
    def following(self, topics: Sequence[str], audience: Audience = ALONE) -> Generator[Wake]:
        wake = Wake(audience)
        for topic in topics:
            self._wakes.setdefault(topic, set()).add(wake)
        try:
            yield wake
        finally:
            for topic in topics:
                followers = self._wakes[topic]
                followers.discard(wake)
                if not followers:
                    del self._wakes[topic]

    def ring(self, payload: str) -> None:
        """Wake the followers of the topics in ``payload``, or everybody."""
        topics = list(self._wakes) if payload == EVERYTHING else payload.split(" ")
        for topic in topics:
            for wake in self._wakes.get(topic, ()):
                wake.set()

    @property
    def follower_count(self) -> int:
        """How many follow what happens; whoever only minds that it may is not counted."""
        return sum(
            wake.audience.size
            for topic, followers in self._wakes.items()
            if topic != CREDENTIALS
            for wake in followers
        )


def _nobody_minds(written_at: datetime, audience: int) -> None:
    pass
