"""Each act needs its own permission; without reading environments, nothing of them is there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from models import App, Deployment, Environment
from services.errors import NotFound, PermissionDenied
from services.principals import ALL_PERMISSIONS, Permission
from tests.support.apps import events_of
from tests.support.callers import Caller
from tests.support.repositories import Repository


@dataclass
class Place:
    """An app with dev, a pinned ``staging`` at v2, an unpinned ``prod`` and a failed deployment."""

    app: App
    dev: Environment
    staging: Environment
    prod: Environment
    failed: Deployment
    in_flight: Deployment


Act = Callable[[Caller, Place], Awaitable[object]]

ENVIRONMENT_ACTS: dict[str, tuple[Permission, Act]] = {
    "create": (
        Permission.ENVIRONMENT_INSERT,
        lambda caller, place: caller.create_environment(place.app, "new"),
    ),
    "promote": (
        Permission.ENVIRONMENT_PROMOTE,
        lambda caller, place: caller.promote(place.dev, place.staging),
    ),
    "retry": (
        Permission.ENVIRONMENT_PROMOTE,
        lambda caller, place: caller.retry(place.failed),
    ),
    "roll back": (
        Permission.ENVIRONMENT_PROMOTE,
        lambda caller, place: caller.roll_back(place.staging, 1),
    ),
    "redeploy": (
        Permission.ENVIRONMENT_PROMOTE,
        lambda caller, place: caller.redeploy(place.staging),
    ),
    "cancel": (
        Permission.ENVIRONMENT_PROMOTE,
        lambda caller, place: caller.cancel(place.in_flight),
    ),
    "delete": (
        Permission.ENVIRONMENT_DELETE,
        lambda caller, place: caller.delete(place.staging),
    ),
}


@pytest.fixture
async def place(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
) -> Place:
    await caller.release(dev, staging)
    await caller.release(dev, staging)
    failed = await caller.cancel(await caller.promote(dev, staging))
    in_flight = await caller.promote(dev, prod)
    return Place(app, dev, staging, prod, failed, in_flight)


async def test_every_act_on_environments_needs_its_own_permission(
    caller: Caller, place: Place
) -> None:
    before = await events_of(caller.installation, place.app)
    for permission, act in ENVIRONMENT_ACTS.values():
        guest = caller.holding(*(ALL_PERMISSIONS - {permission}))
        with pytest.raises(PermissionDenied) as refusal:
            await act(guest, place)
        assert refusal.value.permission == permission.value
    assert await events_of(caller.installation, place.app) == before


async def test_who_cannot_read_environments_is_told_of_none(caller: Caller, place: Place) -> None:
    guest = caller.holding(*(ALL_PERMISSIONS - {Permission.ENVIRONMENT_READ}))
    for _, act in ENVIRONMENT_ACTS.values():
        with pytest.raises(NotFound):
            await act(guest, place)


async def test_reading_and_the_act_itself_are_enough(caller: Caller, place: Place) -> None:
    for permission, act in ENVIRONMENT_ACTS.values():
        guest = caller.holding(Permission.APP_READ, Permission.ENVIRONMENT_READ, permission)
        made = await act(guest, place)
        if isinstance(made, Deployment) and made.settled_at is None:
            await caller.cancel(made)


async def test_apps_and_their_repositories_have_permissions_of_their_own(
    caller: Caller, app: App, repository: Repository
) -> None:
    def lacking(permission: Permission) -> Caller:
        return caller.holding(*(ALL_PERMISSIONS - {permission}))

    with pytest.raises(PermissionDenied, match=r"app\.insert"):
        await lacking(Permission.APP_INSERT).create_app("new")
    with pytest.raises(PermissionDenied, match=r"app\.update"):
        await lacking(Permission.APP_UPDATE).link(app, repository.path)
    with pytest.raises(NotFound):
        await lacking(Permission.APP_READ).link(app, repository.path)
