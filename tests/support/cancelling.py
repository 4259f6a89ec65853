"""Doing something, a cancellation above all, at each step of a work in turn."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

MOST_STEPS = 500

Result = TypeVar("Result")
Run = Callable[[int], Awaitable[bool]]


class AtStep(Generic[Result]):
    """Runs a work, and calls ``act`` once it waits for the ``step``-th time."""

    def __init__(
        self, work: Coroutine[Any, Any, Result], step: int, act: Callable[[], object]
    ) -> None:
        self._work = work
        self._left = step
        self._act = act

    @property
    def reached(self) -> bool:
        return self._left <= 0

    def __await__(self) -> Generator[Any, Any, Result]:
        waits = self._work.__await__()
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                awaited: Any = waits.send(value) if error is None else waits.throw(error)
            except StopIteration as end:
                return end.value
            self._left -= 1
            if self._left == 0:
                asyncio.get_running_loop().call_soon(self._act)
            value = error = None
            try:
                value = yield awaited
            except BaseException as thrown:
                error = thrown


async def at_every_step(run: Run) -> int:
    """``run`` at step 1, 2, … until it says that its work ends before; how many steps there are."""
    for step in range(1, MOST_STEPS):
        if not await run(step):
            return step - 1
    raise AssertionError(f"it takes more than {MOST_STEPS} steps")


async def cancelled_at(step: int, work: Coroutine[Any, Any, object]) -> bool:
    """Run ``work``, cancelled as it waits for the ``step``-th time; whether it came to that."""
    at_step = AtStep(work, step, lambda: task.cancel())
    task = asyncio.ensure_future(_finish(at_step))
    await asyncio.gather(task, return_exceptions=True)
    return at_step.reached


async def _finish(work: Awaitable[object]) -> None:
    await work
