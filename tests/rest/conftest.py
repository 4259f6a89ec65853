"""A server whose environments serve different content, for the tests of one module."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.callers import Caller
from tests.support.reading import ReadingPlace, make_reading_place
from tests.support.served_databases import served_database


@pytest.fixture(scope="session")
async def place(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[ReadingPlace]:
    directory: Path = tmp_path_factory.mktemp("reading")
    async with served_database(
        postgres, template, data=directory / "data", repositories=directory
    ) as served:
        caller = Caller(served.installation, await served.owner())
        yield await make_reading_place(served.server, caller, directory)
