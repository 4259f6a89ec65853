"""What runs beside the requests: workers, the poll, the rescue of lost work.

Each is a loop that must not end. An error is logged with its name and the loop begins again
after a pause, so that a bug in one round never stops the rounds after it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

LONGEST_PAUSE = 10.0

log = structlog.get_logger()


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    pause = 0.2
    while True:
        try:
            await work()
            log.error("background work ended by itself", work=name)
        except Exception:
            log.exception("background work failed", work=name)
        _heed_cancellation()
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _heed_cancellation() -> None:
    """End this task if it was told to, even if what it told in turn failed over it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def repeat(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Run ``work`` again and again, ``seconds`` apart."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("periodic work failed", work=name)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def running(*loops: Awaitable[None]) -> AsyncGenerator[None]:
    """Run the loops for as long as the block lasts."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
