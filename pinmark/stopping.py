"""That this process is told to stop, and the ends that wait for nothing."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Stopping(asyncio.Event):
    """Set once the server is told to stop. Many go one after another: were it all of them at
    once, all of them would be back elsewhere at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._spread = 0.0
        self._going: set[Callable[[], None]] = set()

    def begin(self, spread: float) -> None:
        """Have everybody go within ``spread`` seconds."""
        self._spread = spread
        self.set()
        for go in self._going:
            self._give_turn(go)

    async def turn(self) -> None:
        """Wait until it is time for one of many to go."""
        await self.wait()
        await asyncio.sleep(random.uniform(0, self._spread))

    @contextmanager
    def telling(self, go: Callable[[], None]) -> Generator[None]:
        """Have ``go`` called when it is its turn, while the block lasts or soon after."""
        self._going.add(go)
        if self.is_set():
            self._give_turn(go)
        try:
            yield
        finally:
            self._going.discard(go)

    def _give_turn(self, go: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(random.uniform(0, self._spread), go)


def end_at_once(number: int) -> None:
    """End without another step, as a shell tells it of a program that a signal ended."""
    os._exit(128 + number)


def end_at_last(seconds: float) -> None:
    """Have the kernel end this process then, should it still be there."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
