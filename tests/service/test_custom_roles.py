"""Custom roles: made of what their maker holds, changed for all at once, gone when unused."""

from typing import Any

import pytest

from models import CustomRole, Role
from services.custom_roles import (
    CustomRoleUpdate,
    delete_custom_role,
    list_custom_roles,
    update_custom_role,
)
from services.errors import InvalidInput, NameTaken, NotFound, PermissionDenied, RoleInUse
from services.installation import Installation
from services.paging import PageRequest
from services.principals import Permission, Principal
from services.roles import permissions_of
from tests.support.callers import Caller
from tests.support.people import (
    act,
    clear_access,
    deactivate,
    give_access,
    give_role,
    invite,
    join,
    make_role,
)


async def update(
    installation: Installation, principal: Principal, role: CustomRole, **changes: Any
) -> CustomRole:
    request = CustomRoleUpdate(role.id, **changes)
    return await act(
        installation,
        lambda session: update_custom_role(session, principal=principal, request=request),
    )


async def remove(installation: Installation, principal: Principal, role: CustomRole) -> CustomRole:
    return await act(
        installation,
        lambda session: delete_custom_role(session, principal=principal, custom_role_id=role.id),
    )


async def test_a_change_holds_for_everybody_who_has_the_role_everywhere_and_in_an_app(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    role = await make_role(
        installation, owner, "Deployer", Permission.APP_READ, Permission.ENVIRONMENT_PROMOTE
    )
    ada = await join(installation, owner, "ada", role)
    bob = await join(installation, owner, "bob")
    await give_access(installation, owner, bob.id, app, role)
    for person in (ada, bob):
        assert (await person.asks()).can(Permission.ENVIRONMENT_PROMOTE, app.id)
    await update(installation, owner, role, permissions=("app.read",))
    for person in (ada, bob):
        assert not (await person.asks()).can(Permission.ENVIRONMENT_PROMOTE, app.id)
        assert (await person.asks()).can(Permission.APP_READ, app.id)


async def test_a_role_is_made_and_widened_with_what_one_holds(
    installation: Installation, owner: Principal
) -> None:
    manager = await make_role(
        installation, owner, "Manager", *permissions_of(Role.READ), Permission.MEMBER_WRITE
    )
    deployer = await make_role(installation, owner, "Deployer", Permission.ENVIRONMENT_PROMOTE)
    principal = await (await join(installation, owner, "ada", manager)).asks()
    with pytest.raises(PermissionDenied, match=r"environment\.delete"):
        await make_role(installation, principal, "Wide", Permission.ENVIRONMENT_DELETE)
    for role in (deployer, manager):
        with pytest.raises(PermissionDenied, match=r"app\.update"):
            await update(
                installation, principal, role, permissions=(*role.permissions, "app.update")
            )
    kept = (*deployer.permissions, "app.read")
    assert (await update(installation, principal, deployer, permissions=kept)).permissions == [
        "app.read",
        "environment.promote",
    ]


async def test_a_role_in_use_stays(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    role = await make_role(installation, owner, "Deployer", Permission.APP_READ)

    async def is_refused() -> None:
        with pytest.raises(RoleInUse):
            await remove(installation, owner, role)

    await invite(installation, owner, "ada@example.com", role)
    await is_refused()
    await invite(installation, owner, "ada@example.com", Role.READ)
    ada = await join(installation, owner, "bob", role)
    await deactivate(installation, owner, ada.id)
    await is_refused()
    await give_role(installation, owner, ada.id, Role.READ)
    await give_access(installation, owner, ada.id, app, role)
    await is_refused()
    await clear_access(installation, owner, ada.id, app)
    await remove(installation, owner, role)
    with pytest.raises(NotFound):
        await give_role(installation, owner, ada.id, role)
    with pytest.raises(NotFound):
        await remove(installation, owner, role)
    assert (await make_role(installation, owner, "Deployer", Permission.APP_READ)).id != role.id


async def test_names_tell_roles_apart(installation: Installation, owner: Principal) -> None:
    await make_role(installation, owner, "Deployer", Permission.APP_READ)
    other = await make_role(installation, owner, "Other", Permission.APP_READ)
    with pytest.raises(NameTaken, match="a role named Deployer"):
        await make_role(installation, owner, "Deployer", Permission.APP_READ)
    with pytest.raises(NameTaken):
        await update(installation, owner, other, name="Deployer")
    await update(installation, owner, other, name="Other")
    for name in ("", " a", "a\n", "x" * 41, "Déployer", "owner", "ADMIN", "Read "):
        with pytest.raises(InvalidInput):
            await make_role(installation, owner, name, Permission.APP_READ)
        if name:
            with pytest.raises(InvalidInput):
                await update(installation, owner, other, name=name)


async def test_roles_are_listed_by_name_without_the_deleted(
    installation: Installation, owner: Principal
) -> None:
    for name in ("Two", "One", "Gone"):
        role = await make_role(installation, owner, name, Permission.APP_READ)
    await remove(installation, owner, role)  # pyright: ignore[reportPossiblyUnboundVariable]
    async with installation.database.moment() as session:
        page = await list_custom_roles(session, principal=owner, request=PageRequest())
    assert [row.name for row in page.rows] == ["One", "Two"]
