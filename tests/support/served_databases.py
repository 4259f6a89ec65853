"""A server on a database of its own, without a worker or a poll: what is asked stays in flight."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from services.rights import owner_principal
from services.tokens import find_owner
from tests.conftest import cloned_database
from tests.support.limits import UNHURRIED
from tests.support.servers import RunningServer, running_server

NEVER = 3600.0


@dataclass(frozen=True)
class ServedDatabase:
    url: str
    server: RunningServer
    installation: Installation

    async def owner(self) -> Principal:
        async with self.installation.database.moment() as session:
            return owner_principal(await find_owner(session))


@asynccontextmanager
async def served_database(
    postgres: str, template: str, *, data: Path, repositories: Path, **more: Any
) -> AsyncGenerator[ServedDatabase]:
    """A copy of ``template`` that is served until the block ends, and then dropped.

    ``more`` are settings.
    """
    settings = Settings(
        data_dir=data,
        repository_roots=(repositories,),
        repository_poll_seconds=NEVER,
        **UNHURRIED,
        **more,
    )
    with cloned_database(postgres, template) as url:
        async with (
            running_server(settings, url, with_worker=False) as server,
            open_installation(settings, url) as installation,
        ):
            yield ServedDatabase(url, server, installation)
