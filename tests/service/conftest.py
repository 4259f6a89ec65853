"""Fixtures of the service tests.

Most begin with a linked app, so that one is made once and copied: its database as a template,
its files as they are.
"""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlmodel import select

from models import App
from models import Repository as RepositoryRow
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.conftest import PLACEHOLDER, clone_database, cloned_database
from tests.support.callers import Caller
from tests.support.linked import LinkedWorld, make_linked_world, repository_in, settings_in
from tests.support.repositories import Repository


@pytest.fixture
def caller(installation: Installation, owner: Principal) -> Caller:
    """The owner, asking."""
    return Caller(installation, owner)


@pytest.fixture(scope="session")
def builder_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every builder of the run keeps what it fetches for itself."""
    return tmp_path_factory.mktemp("builder") / "tools"


@pytest.fixture(scope="session")
def linked_world(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> LinkedWorld:
    name = clone_database(postgres, template)
    url = postgres.replace(PLACEHOLDER, name)
    return make_linked_world(url, database=name, folder=tmp_path_factory.mktemp("linked"))


def begins_linked(request: pytest.FixtureRequest) -> bool:
    return "app" in request.fixturenames


@pytest.fixture
def database_url(request: pytest.FixtureRequest, postgres: str, template: str) -> Generator[str]:
    origin = template
    if begins_linked(request):
        world: LinkedWorld = request.getfixturevalue("linked_world")
        origin = world.database
    with cloned_database(postgres, origin) as url:
        yield url


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if begins_linked(request):
        world: LinkedWorld = request.getfixturevalue("linked_world")
        world.copy_folder(tmp_path)
    return settings_in(tmp_path)


@pytest.fixture
def repository(settings: Settings, tmp_path: Path) -> Repository:
    """A bare repository that may be linked, with one deployable commit and no handler."""
    return repository_in(tmp_path)


@pytest.fixture
async def app(installation: Installation, repository: Repository) -> App:
    """An app linked to ``repository`` whose first push has deployed to dev."""
    async with installation.database.transaction() as session:
        row = (await session.exec(select(RepositoryRow))).one()
        row.url = str(repository.path.resolve())
        session.add(row)
        return await session.get_one(App, row.app_id)
