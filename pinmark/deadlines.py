"""How long an operation may take, by the clock.

A query that takes longer is given up. What a mutation writes is not: it goes on to its end without
its client, who is told that it may yet take effect. A subscription has no end to wait for.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pinmark.trouble import LATE, LATE_WRITE
from schema.context import Context


class TooLate(Exception):
    """The operation was not over in time; the message is for its client."""


@asynccontextmanager
async def in_time(context: Context) -> AsyncGenerator[None]:
    """Give up what is inside when the operation's time is over; raises ``TooLate``."""
    limit = asyncio.timeout(None if context.kind == "subscription" else context.seconds)
    context.limit = limit
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        context.is_late = True
        raise TooLate(LATE_WRITE if context.kind == "mutation" else LATE) from None
    finally:
        context.limit = None
