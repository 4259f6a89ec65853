"""Whether something was awaited, or was there at once."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def waiting_for_anything() -> Generator[Callable[[], bool]]:
    """Told is whether the event loop has had a turn since the block began: nothing else of this
    process, and no answer from elsewhere, came in between if it has not.
    """
    turned = False

    def turn() -> None:
        nonlocal turned
        turned = True

    handle = asyncio.get_running_loop().call_soon(turn)
    try:
        yield lambda: turned
    finally:
        handle.cancel()
