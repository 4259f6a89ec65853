"""Servers for the tests of the API: one per test, or a standing world."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from models import Deployment, Environment
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import promoted
from tests.support.callers import Caller
from tests.support.repositories import Repository
from tests.support.samples import WITH_HANDLER
from tests.support.served_databases import NEVER, served_database
from tests.support.servers import RunningServer, running_server
from tests.support.worlds import World, make_world


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


@pytest.fixture
def caller(installation: Installation, owner: Principal) -> Caller:
    """The owner, asking the services."""
    return Caller(installation, owner)


@pytest.fixture
async def flying(
    installation: Installation,
    owner: Principal,
    repository: Repository,
    dev: Environment,
    staging: Environment,
) -> Deployment:
    """A promotion of code into staging that nobody has taken up."""
    repository.commit(WITH_HANDLER)
    return await promoted(installation, owner, source=dev, target=staging)


@asynccontextmanager
async def running_world(postgres: str, template: str, directory: Path) -> AsyncGenerator[World]:
    repositories = directory / "repositories"
    async with served_database(
        postgres, template, data=directory / "data", repositories=repositories
    ) as served:
        yield await make_world(served.server, served.installation, repositories)


@pytest.fixture(scope="session")
async def world(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[World]:
    """A server with environments in every state, for tests that only look or are refused."""
    async with running_world(postgres, template, tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="module")
async def own_world(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[World]:
    """Such a world for one module's tests, which may do in it what they like."""
    async with running_world(postgres, template, tmp_path_factory.mktemp("world")) as world:
        yield world
