"""Which backends and which bell there are, by what is set; Redis's library is an extra."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from types import ModuleType

from pinmark.missing_extra import MissingExtra
from pinmark.notifications.listening import ListeningBackend
from pinmark.notifications.postgres import PostgresBackend
from services.doorbell import Bell


def backends(listen_url: str, broadcast_url: str | None) -> Sequence[ListeningBackend]:
    """What this process listens to. Postgres is among it always: see ``services.doorbell``."""
    postgres = PostgresBackend(listen_url)
    if broadcast_url is None:
        return [postgres]
    return [postgres, _redis().RedisBackend(broadcast_url)]


@asynccontextmanager
async def open_bell(broadcast_url: str | None) -> AsyncGenerator[Bell | None]:
    """What rings after a commit; None where Postgres carries everything."""
    if broadcast_url is None:
        yield None
        return
    async with _redis().open_redis_bell(broadcast_url) as bell:
        yield bell


def _redis() -> ModuleType:
    try:
        return import_module("pinmark.notifications.redis")
    except ModuleNotFoundError as missing:
        raise MissingExtra("PINMARK_BROADCAST_URL", "redis") from missing
