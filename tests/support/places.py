"""A server in this process, and whoever does its work at once instead of a worker."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from schema.ids import encode_id
from services.installation import Installation
from tests.support.apps import environment_named, linked_app, settle_all
from tests.support.promoting import AppInUse
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT
from tests.support.served_databases import served_database
from tests.support.servers import RunningServer


@dataclass(frozen=True)
class Place:
    """A server in this process that shares its database with whoever does its work."""

    url: str
    server: RunningServer
    installation: Installation
    repository: Repository
    app: AppInUse

    async def work(self) -> None:
        await settle_all(self.installation)


@asynccontextmanager
async def open_place(postgres: str, template: str, directory: Path) -> AsyncGenerator[Place]:
    """An app on a database of its own, its dev deployed."""
    repository = make_repository(directory / "app.git")
    repository.commit(FIRST_COMMIT)
    async with served_database(
        postgres, template, data=directory / "data", repositories=directory
    ) as served:
        row = await linked_app(served.installation, await served.owner(), repository)
        dev = await environment_named(served.installation, row, "dev")
        ids = {"dev": encode_id("Environment", dev.id)}
        app = AppInUse(encode_id("App", row.id), str(row.id), row.name, ids)
        yield Place(served.url, served.server, served.installation, repository, app)
