"""A linked app made once, and copied for every test that begins with one."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import pygit2

from pinmark.assembly import ensure_access, open_installation
from pinmark.settings import Settings
from services.rights import owner_principal
from services.tokens import find_owner
from tests.support.apps import linked_app
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT


@dataclass(frozen=True)
class LinkedWorld:
    """A database with an app whose first push has deployed, and the folder it was made in."""

    database: str
    folder: Path

    def copy_folder(self, destination: Path) -> None:
        shutil.copytree(self.folder, destination, dirs_exist_ok=True)


def settings_in(folder: Path) -> Settings:
    return Settings(
        data_dir=folder / "data",
        repository_roots=(folder / "repositories",),
        repository_poll_seconds=0.2,
    )


def repository_in(folder: Path) -> Repository:
    """The folder's bare repository, made with one deployable commit unless it is there."""
    path = folder / "repositories" / "app.git"
    if path.exists():
        return Repository(path, pygit2.Repository(str(path)))
    path.parent.mkdir()
    repository = make_repository(path)
    repository.commit(FIRST_COMMIT, message="The first prompt")
    return repository


def make_linked_world(url: str, *, database: str, folder: Path) -> LinkedWorld:
    """Fill the migrated database at ``url``."""
    asyncio.run(_fill(url, folder))
    return LinkedWorld(database, folder)


async def _fill(url: str, folder: Path) -> None:
    settings, repository = settings_in(folder), repository_in(folder)
    async with open_installation(settings, url) as installation:
        await ensure_access(settings, installation)
        async with installation.database.moment() as session:
            owner = owner_principal(await find_owner(session))
        await linked_app(installation, owner, repository)
