"""A supervisor of runtimes for tests that have no server."""

from collections.abc import Generator
from contextlib import contextmanager

from anyio.from_thread import start_blocking_portal

from pinmark.assembly import open_installation, supervise
from pinmark.settings import Settings


@contextmanager
def supervised(settings: Settings, url: str) -> Generator[None]:
    """Supervise on a thread of its own for as long as the block lasts.

    A test may hold up its own loop, say by waiting for a lock; a supervisor on that loop would
    hold the lock for as long.
    """
    with start_blocking_portal("asyncio") as portal:
        supervising = portal.start_task_soon(_supervise, settings, url)
        try:
            yield
        finally:
            supervising.cancel()


async def _supervise(settings: Settings, url: str) -> None:
    async with open_installation(settings, url) as installation:
        await supervise(settings, installation, url)
