"""Which Postgres: the one that is named, or the embedded one, started and brought up to date."""

from collections.abc import Generator
from contextlib import contextmanager

from pinmark.embedded_postgres import (
    assert_durable,
    read_running_url,
    run_embedded_postgres,
)
from pinmark.migrations import migrate
from pinmark.settings import Settings


class NoPostgres(Exception):
    """There is no Postgres to work on; the message says what to do."""


@contextmanager
def serving_postgres(settings: Settings) -> Generator[str]:
    """The URL of a migrated Postgres that keeps what it acknowledges; for the main thread.

    The embedded server runs as a child process for as long as the block lasts.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        _prepare(url)
        yield url
        return
    with run_embedded_postgres(settings.postgres_directory) as postgres:
        url = postgres.url()
        _prepare(url)
        yield url


def running_postgres(settings: Settings) -> str:
    """The URL of the Postgres that a server of this installation already runs on."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    url = read_running_url(settings.postgres_directory)
    if url is None:
        raise NoPostgres(
            f"No embedded Postgres runs in {settings.postgres_directory}. Start `pinmark serve` "
            "with the same PINMARK_DATA_DIR first, or set PINMARK_DATABASE_URL."
        )
    return url


def _prepare(url: str) -> None:
    assert_durable(url)
    migrate(url)
