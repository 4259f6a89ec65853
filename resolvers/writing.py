"""Writing goes on to its end, though nobody waits for its answer any more.

An operation is given up when its client completes it or its time is over. A write in the middle is
not undone for that: it may be about to be committed, and nobody could tell.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

Written = TypeVar("Written")

log = structlog.get_logger()
_under_way: set[asyncio.Task[Any]] = set()


async def to_its_end(write: Coroutine[Any, Any, Written]) -> Written:
    """What the write answers. Who stops waiting for it leaves it to itself."""
    task = asyncio.create_task(write)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_tell_failure)
        raise


async def ended(seconds: float) -> None:
    """Wait until nothing is being written, for so long at most."""
    if _under_way:
        await asyncio.wait(_under_way, timeout=seconds)


def _tell_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a write that nobody waits for failed", exc_info=task.exception())
