"""That this process is told to stop, and the ends that wait for nothing."""

import asyncio
import os
import random
import signal


class Stopping(asyncio.Event):
    """Set once the server is told to stop."""

    _spread = 0.0

    def begin(self, spread: float) -> None:
        """Have everybody go within ``spread`` seconds."""
        self._spread = spread
        self.set()

    async def turn(self) -> None:
        """Wait until it is time for one of many to go: were it all of them at once, all of them
        would be back elsewhere at once.
        """
        await self.wait()
        await asyncio.sleep(random.uniform(0, self._spread))


def end_at_once(number: int) -> None:
    """End without another step, as a shell tells it of a program that a signal ended."""
    os._exit(128 + number)


def end_at_last(seconds: float) -> None:
    """Have the kernel end this process then, should it still be there."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
