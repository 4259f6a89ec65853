"""Waiting for an event, for so long at most."""

import asyncio
from contextlib import suppress


async def wait_at_most(seconds: float, event: asyncio.Event) -> None:
    """Return when ``event`` is set or the time is up; whoever must know which asks the event.

    Not ``asyncio.wait_for``: of an event and a cancellation at once, Python 3.11's loses the
    cancellation, and whoever cancelled waits for ever.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
