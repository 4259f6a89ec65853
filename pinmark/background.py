"""What runs beside the requests: workers, the poll, the rescue of lost work.

Each is a loop that must not end. An error is logged with its name and the loop begins again
after a pause, so that a bug in one round never stops the rounds after it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from services.sandbox import unbroken

LONGEST_PAUSE = 10.0
TOLD_AGAIN_SECONDS = 8.0  # a worker gives its jobs back in less

log = structlog.get_logger()


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work``, and run it again whenever it ends."""
    pause = 0.2
    while True:
        error = await _outcome_of(name, work())
        if error is None:
            log.error("background work ended by itself", work=name)
        else:
            log.error("background work failed", work=name, exc_info=error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _outcome_of(name: str, work: Awaitable[None]) -> BaseException | None:
    """What ``work`` failed with; it has ended when this returns or is cancelled.

    It is a task of its own: told to end, it may fail instead, as a worker does that cannot sign
    off from a Postgres that is gone, and then our own cancellation must not be lost with it.
    """
    task = asyncio.ensure_future(work)
    task.set_name(name)
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
    return outcome


async def repeat(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Run ``work`` again and again, ``seconds`` apart."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("periodic work failed", work=name)
        await asyncio.sleep(seconds)


async def until(ended: asyncio.Event, work: Awaitable[None]) -> None:
    """Run ``work`` until it is to end; it has ended when this returns, and is told to once."""
    running, waiting = asyncio.ensure_future(work), asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        running.cancel()
        waiting.cancel()
        await unbroken(asyncio.wait({running, waiting}))


@asynccontextmanager
async def running(*loops: Awaitable[None]) -> AsyncGenerator[None]:
    """Run the loops for as long as the block lasts."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        yield
    finally:
        await _end(*tasks)
        await asyncio.gather(*tasks, return_exceptions=True)


def is_cancelled() -> bool:
    """Whether the running task is told to end: what breaks on its way out is no trouble."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _end(*tasks: asyncio.Future[None]) -> None:
    """Cancel the tasks and wait until they have ended.

    A library may lose a cancellation that meets what it waits for, so they are told again.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=TOLD_AGAIN_SECONDS)
