"""Changing the installation's secret, beside its running server or without one."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from pinmark.assembly import read_secrets
from pinmark.postgres import NoPostgres, running_postgres, serving_postgres
from pinmark.settings import Settings
from services.ciphers import Cipher
from services.database import open_database
from services.rotation import Rotation, rotate_secrets


def rotate(settings: Settings) -> Rotation:
    with _postgres(settings) as url:
        return asyncio.run(_rotate(settings, url))


@contextmanager
def _postgres(settings: Settings) -> Generator[str]:
    try:
        url = running_postgres(settings)
    except NoPostgres:
        with serving_postgres(settings) as postgres:
            yield postgres.url
    else:
        yield url


async def _rotate(settings: Settings, url: str) -> Rotation:
    async with open_database(url) as database:
        return await rotate_secrets(database, Cipher(read_secrets(settings)))
