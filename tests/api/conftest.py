"""Servers for the tests of the API: one per test, or one standing world per module."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import pytest

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from services.installation import Installation
from tests.conftest import PLACEHOLDER, run_sql
from tests.support.servers import RunningServer, running_server
from tests.support.worlds import World, make_world

NEVER = 3600.0


def without_polling(settings: Settings) -> Settings:
    return settings.model_copy(update={"repository_poll_seconds": NEVER})


@pytest.fixture
async def idle_server(
    settings: Settings, database_url: str, installation: Installation
) -> AsyncGenerator[RunningServer]:
    """A server without worker or poll: what is asked of it stays in flight until a test acts."""
    quiet = without_polling(settings)
    async with running_server(quiet, database_url, with_worker=False) as server:
        yield server


@pytest.fixture(scope="module")
def world_url(postgres: str, template: str) -> Generator[str]:
    name = f"world_{uuid4().hex[:12]}"
    run_sql(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres.replace(PLACEHOLDER, name)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
async def world(world_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """A server with environments in every state, for tests that only look or are refused."""
    directory: Path = tmp_path_factory.mktemp("world")
    settings = Settings(
        data_dir=directory / "data",
        repository_roots=(directory / "repositories",),
        repository_poll_seconds=NEVER,
    )
    async with (
        running_server(settings, world_url, with_worker=False) as server,
        open_installation(settings, world_url) as installation,
    ):
        yield await make_world(server, installation, directory / "repositories")
