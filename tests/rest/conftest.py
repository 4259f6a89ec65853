"""A server whose environments serve different content, for the tests of one module."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import pytest

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from services.rights import owner_principal
from services.tokens import find_owner
from tests.conftest import PLACEHOLDER, run_sql
from tests.support.callers import Caller
from tests.support.limits import UNHURRIED
from tests.support.reading import ReadingPlace, make_reading_place
from tests.support.servers import running_server


@pytest.fixture(scope="session")
async def place(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[ReadingPlace]:
    directory: Path = tmp_path_factory.mktemp("reading")
    name = f"reading_{uuid4().hex[:12]}"
    url = postgres.replace(PLACEHOLDER, name)
    settings = Settings(
        data_dir=directory / "data",
        repository_roots=(directory,),
        repository_poll_seconds=3600,
        **UNHURRIED,
    )
    run_sql(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    async with (
        running_server(settings, url, with_worker=False) as server,
        open_installation(settings, url) as installation,
    ):
        async with installation.database.moment() as session:
            owner = owner_principal(await find_owner(session))
        yield await make_reading_place(server, Caller(installation, owner), directory)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")
