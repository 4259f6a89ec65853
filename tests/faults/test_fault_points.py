"""An error at any step of any act: nothing accepted is lost, nothing is done twice."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from schema.ids import encode_id
from services import faults
from services.faults import Fault, InjectedFault, Point
from services.installation import Installation
from services.rights import owner_principal
from services.tokens import find_owner
from tests.conftest import PLACEHOLDER, run_sql
from tests.support.apps import environment_named, linked_app, settle_all
from tests.support.fault_acts import make_stage
from tests.support.histories import read_history
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


@pytest.fixture(scope="module")
async def place(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Place]:
    directory: Path = tmp_path_factory.mktemp("points")
    name = f"points_{uuid4().hex[:12]}"
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


@pytest.mark.parametrize("point", Point)
async def test_an_error_at_any_point_loses_nothing_and_repeats_nothing(
    place: Place, point: Point
) -> None:
    stage = await make_stage(place.server, place.repository, place.app, point, place.work)
    before = await read_history(place.url, UUID(place.app.database_id))
    faults.arm(Fault(point, "raise"))
    try:
        await _meeting_the_fault(stage.strike, asked=stage.asked is not None)
        assert not faults.is_armed(), f"nothing comes by {point}"
    finally:
        faults.arm(None)

    await stage.assert_done_once(place.url, before, place.server)


async def _meeting_the_fault(strike: Callable[[], Awaitable[None]], *, asked: bool) -> None:
    if asked:
        await strike()
        return
    with pytest.raises(InjectedFault):
        await strike()
