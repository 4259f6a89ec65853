"""Real Postgres for every test that asks for a database, one cheap clone each.

The embedded server is started once; ``PINMARK_TEST_DATABASE_URL`` names another that we may make
databases on. The schema is migrated once into a template, and each test gets a clone of its own,
so that it can commit, lock, listen and run workers exactly as production does.
"""

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from models import App, Environment
from pinmark.assembly import ensure_access, open_installation
from pinmark.collecting import loading
from pinmark.embedded_postgres import run_embedded_postgres
from pinmark.migrations import check, migrate
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from services.rights import owner_principal
from services.tokens import find_owner
from tests.support.apps import environment_named, linked_app, make_environment
from tests.support.limits import UNHURRIED
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import RunningServer, running_server
from tests.support.supervising import supervised
from tests.support.temporary import leave_temporary_directory, take_temporary_directory

PLACEHOLDER = "DATABASE"


def pytest_configure(config: pytest.Config) -> None:
    directory = take_temporary_directory()
    config.add_cleanup(lambda: leave_temporary_directory(directory))
    # The fields that it had not come to are let go of when an operation is cancelled.
    unbegun = "Executor|GraphQLCoreConverter|Compiled|awaited|guarded|gather_"
    abandoned = f"ignore:coroutine '({unbegun})[^']*' was never awaited"
    config.addinivalue_line("filterwarnings", f"{abandoned}:RuntimeWarning")
    # Let go of while a named tuple is made, one cannot even be warned of: nothing can be imported
    # there, and warning is an import.
    unwarned = f"ignore:Exception ignored in. <coroutine object ({unbegun})"
    config.addinivalue_line("filterwarnings", f"{unwarned}:pytest.PytestUnraisableExceptionWarning")
    # A connection whose opening was cancelled is asyncpg's or asyncio's to close, which they leave
    # to the collector: that comes by in whatever test is running then.
    for left in ("connection <asyncpg", "<socket", "transport", "<StreamWriter"):
        config.addinivalue_line("filterwarnings", f"ignore:unclosed {left}:ResourceWarning")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and their code stay until the end, like the code that they test."""
    with loading():
        return (yield)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The URL of a server to make databases on, with ``DATABASE`` where their name goes."""
    given = os.environ.get("PINMARK_TEST_DATABASE_URL")
    if given is not None:
        yield given
        return
    directory = tmp_path_factory.mktemp("postgres")
    settings = {"max_connections": "300"}
    with run_embedded_postgres(directory, durable=False, settings=settings) as server:
        yield server.url(PLACEHOLDER)


def run_sql(postgres: str, statement: str) -> None:
    with psycopg.connect(postgres.replace(PLACEHOLDER, "postgres"), autocommit=True) as connection:
        connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


def clone_database(postgres: str, origin: str) -> str:
    """The name of a new copy. Files are copied: for what is small that takes half the time."""
    name = f"test_{uuid4().hex[:12]}"
    run_sql(postgres, f"CREATE DATABASE {name} TEMPLATE {origin} STRATEGY FILE_COPY")
    return name


@contextmanager
def cloned_database(postgres: str, origin: str) -> Generator[str]:
    """The URL of a copy that is dropped after the block."""
    name = clone_database(postgres, origin)
    yield postgres.replace(PLACEHOLDER, name)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A migrated database to clone; the models and the migrations must agree on it."""
    name = f"template_{uuid4().hex[:12]}"
    run_sql(postgres, f"CREATE DATABASE {name}")
    migrate(postgres.replace(PLACEHOLDER, name))
    check(postgres.replace(PLACEHOLDER, name))
    return name


@pytest.fixture
def database_url(postgres: str, template: str) -> Generator[str]:
    with cloned_database(postgres, template) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        repository_roots=(tmp_path / "repositories",),
        repository_poll_seconds=0.2,
        **UNHURRIED,
    )


@pytest.fixture
async def installation(settings: Settings, database_url: str) -> AsyncGenerator[Installation]:
    """Everything the domain runs on and a supervisor of runtimes, no server and no worker."""
    async with open_installation(settings, database_url) as installation:
        await ensure_access(settings, installation)
        with supervised(settings, database_url):
            yield installation


@pytest.fixture
async def owner(installation: Installation) -> Principal:
    async with installation.database.moment() as session:
        return owner_principal(await find_owner(session))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A bare repository that may be linked, with one deployable commit and no handler."""
    (tmp_path / "repositories").mkdir()
    repository = make_repository(tmp_path / "repositories" / "app.git")
    repository.commit(FIRST_COMMIT, message="The first prompt")
    return repository


@pytest.fixture
async def app(installation: Installation, owner: Principal, repository: Repository) -> App:
    """An app linked to ``repository`` whose first push has deployed to dev."""
    return await linked_app(installation, owner, repository)


@pytest.fixture
async def dev(installation: Installation, owner: Principal, app: App) -> Environment:
    return await environment_named(installation, app, "dev")


@pytest.fixture
async def staging(installation: Installation, owner: Principal, app: App) -> Environment:
    return await make_environment(installation, owner, app, "staging")


@pytest.fixture
async def prod(installation: Installation, owner: Principal, app: App) -> Environment:
    return await make_environment(installation, owner, app, "prod")


@pytest.fixture
async def server(settings: Settings, database_url: str) -> AsyncGenerator[RunningServer]:
    """A real server with a worker, on a socket of its own; nothing in it yet."""
    async with running_server(settings, database_url) as server:
        yield server
