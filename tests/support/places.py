"""A server in this process, and whoever does its work at once instead of a worker."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from schema.ids import encode_id
from services.installation import Installation
from services.rights import owner_principal
from services.tokens import find_owner
from tests.conftest import PLACEHOLDER, run_sql
from tests.support.apps import environment_named, linked_app, settle_all
from tests.support.limits import UNHURRIED
from tests.support.promoting import AppInUse
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import RunningServer, running_server


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
    name = f"place_{uuid4().hex[:12]}"
    url = postgres.replace(PLACEHOLDER, name)
    settings = Settings(
        data_dir=directory / "data",
        repository_roots=(directory,),
        repository_poll_seconds=3600,
        **UNHURRIED,
    )
    repository = make_repository(directory / "app.git")
    repository.commit(FIRST_COMMIT)
    run_sql(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    async with (
        running_server(settings, url, with_worker=False) as server,
        open_installation(settings, url) as installation,
    ):
        async with installation.database.moment() as session:
            owner = owner_principal(await find_owner(session))
        row = await linked_app(installation, owner, repository)
        dev = await environment_named(installation, row, "dev")
        ids = {"dev": encode_id("Environment", dev.id)}
        app = AppInUse(encode_id("App", row.id), str(row.id), row.name, ids)
        yield Place(url, server, installation, repository, app)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")
