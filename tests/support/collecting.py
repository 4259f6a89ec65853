"""Collecting what a subscription delivers, on a socket of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from anyio import fail_after

from services.hub import Hub
from tests.support.servers import RunningServer

HANG_GUARD = 60


async def collect(
    server: RunningServer, query: str, *, enough: int | None = None, **variables: Any
) -> list[Any]:
    """What the subscription's one field delivers until it completes, or the first ``enough``."""
    found: list[Any] = []
    with fail_after(HANG_GUARD):
        async with server.socket() as socket:
            async for data in socket.run(query, **variables):
                found += data.values()
                if len(found) == enough:
                    break
    return found


@asynccontextmanager
async def following(
    server: RunningServer, query: str, *, enough: int | None = None, **variables: Any
) -> AsyncGenerator[asyncio.Task[list[Any]]]:
    """A collection that is under way once the block is entered; its result is awaited after."""
    hub = server.parts.wakeups.hub
    before = hub.follower_count
    task = asyncio.create_task(collect(server, query, enough=enough, **variables))
    await until_followers(hub, before + 1)
    try:
        yield task
    finally:
        await asyncio.gather(task, return_exceptions=True)


async def until_followers(hub: Hub, count: int) -> None:
    """Wait until so many follow in the server."""
    with fail_after(HANG_GUARD):
        while hub.follower_count != count:  # nobody tells who follows
            await asyncio.sleep(0)
