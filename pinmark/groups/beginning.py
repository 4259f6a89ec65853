"""Beginning a coroutine here and now, and leaving the rest of it to a task only if there is one.

Most of what is sent to a socket needs no waiting. A task for each would cost more than sending.
"""

from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any


class Rest:
    """What is left of a coroutine that has begun; whoever awaits it goes on with it."""

    def __init__(self, begun: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._begun = begun
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self._awaited
        while True:
            try:
                sent = yield awaited
            except GeneratorExit:
                self._begun.close()
                raise
            except BaseException as error:
                step = partial(self._begun.throw, error)
            else:
                step = partial(self._begun.send, sent)
            try:
                awaited = step()
            except StopIteration:
                return

    def close(self) -> None:
        """Leave it where it is."""
        self._begun.close()


def begin(work: Coroutine[Any, Any, None]) -> Rest | None:
    """Run ``work`` until it has to wait; None if it never had to. What it raises is raised.

    It begins within the task of whoever calls, so it must not ask which task it runs in.
    """
    try:
        awaited = work.send(None)
    except StopIteration:
        return None
    return Rest(work, awaited)
