"""Which Postgres: the one that is named, or the embedded one, started and brought up to date."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from pinmark.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    assert_durable,
    read_running_url,
    run_embedded_postgres,
)
from pinmark.migrations import migrate
from pinmark.settings import Settings


class NoPostgres(Exception):
    """There is no Postgres to work on; the message says what to do."""


@dataclass(frozen=True)
class ServingPostgres:
    """A migrated Postgres that keeps what it acknowledges; ``embedded`` when it is our child."""

    url: str
    embedded: EmbeddedPostgres | None = None

    @property
    def has_ended(self) -> bool:
        """Whether our child is gone; what another runs is not ours to judge."""
        return self.embedded is not None and self.embedded.poll() is not None


@contextmanager
def serving_postgres(settings: Settings) -> Generator[ServingPostgres]:
    """A Postgres to serve on; for the main thread.

    The embedded server runs as a child process for as long as the block lasts. Should it end
    before, the block's end raises ``EmbeddedPostgresError``.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        _prepare(url)
        yield ServingPostgres(url)
        return
    with run_embedded_postgres(settings.postgres_directory) as embedded:
        _prepare(embedded.url())
        yield ServingPostgres(embedded.url(), embedded)
        if embedded.poll() is not None:
            raise EmbeddedPostgresError(
                f"Postgres ended by itself (status {embedded.poll()}), and nothing can be served "
                f"without it. Its log is {settings.postgres_directory / 'postgres.log'}. "
                "Start Pinmark again: what was accepted is kept."
            )


@contextmanager
def reachable_postgres(settings: Settings) -> Generator[str]:
    """The URL of the Postgres as it is, not brought up to date: a running one, or the embedded
    one started for as long as the block lasts.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    url = read_running_url(settings.postgres_directory)
    if url is not None:
        yield url
        return
    if not settings.postgres_directory.exists():
        raise NoPostgres(
            f"There is no installation in {settings.data_dir}. Set PINMARK_DATA_DIR or "
            "PINMARK_DATABASE_URL to the one that is meant."
        )
    with run_embedded_postgres(settings.postgres_directory) as embedded:
        yield embedded.url()


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


def has_moved(settings: Settings, url: str) -> bool:
    """Whether the embedded Postgres, once reached at ``url``, now runs under another."""
    if settings.database_url is not None:
        return False
    return read_running_url(settings.postgres_directory) not in {None, url}


def _prepare(url: str) -> None:
    assert_durable(url)
    migrate(url)
