"""The Redis that carries wake-ups, where there is one: whether it passes on what it is told."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from pinmark.doctor.findings import Check, Finding, fail, ok, warn
from pinmark.settings import Settings
from services.doorbell import EVERYTHING

PATIENCE_SECONDS = 5.0
HARMLESS = "subscriptions go on and are told late, within two seconds"


def checks_of(settings: Settings) -> Sequence[tuple[str, Check]]:
    url = settings.broadcast
    if url is None:
        return []

    async def redis() -> Finding:
        return await check_redis(url)

    return [("redis", redis)]


async def check_redis(url: str) -> Finding:
    """A round trip on a channel of its own."""
    try:
        from pinmark.notifications.redis import RedisBackend
    except ModuleNotFoundError:
        advice = "install `pinmark[redis]`, or leave PINMARK_BROADCAST_URL out"
        return fail("redis", "its library is not installed", advice)
    backend, channel = RedisBackend(url), f"pinmark_doctor_{uuid4().hex}"
    await backend.connect()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await backend.subscribe(channel)
            while (await backend.next_published()).message != EVERYTHING:
                pass
            await backend.publish(channel, "heard")
            while (await backend.next_published()).message != "heard":
                pass
    except (OSError, TimeoutError) as error:
        found = f"nothing is heard by way of it: {type(error).__name__}: {error}"
        return warn("redis", found, f"is it up, and is PINMARK_BROADCAST_URL right? {HARMLESS}")
    finally:
        await backend.disconnect()
    return ok("redis", "messages arrive")
