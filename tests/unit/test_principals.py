"""Permissions: denied unless held."""

from uuid import uuid4

import pytest

from models import ActorKind
from services.errors import PermissionDenied
from services.principals import ALL_PERMISSIONS, Permission, Principal, require


def holding(*permissions: Permission) -> Principal:
    return Principal(uuid4(), "ada", uuid4(), frozenset(permissions))


@pytest.mark.parametrize("permission", sorted(ALL_PERMISSIONS))
def test_one_permission_never_stands_for_another(permission: Permission) -> None:
    principal = holding(*(ALL_PERMISSIONS - {permission}))
    with pytest.raises(PermissionDenied, match=permission.value) as refusal:
        require(principal, permission, app_id=uuid4())
    assert refusal.value.permission == permission.value


def test_what_is_held_is_allowed() -> None:
    require(holding(Permission.ENVIRONMENT_PROMOTE), Permission.ENVIRONMENT_PROMOTE)


def test_a_principal_acts_under_its_own_name() -> None:
    principal = holding()
    actor = principal.actor
    assert (actor.kind, actor.id, actor.name) == (ActorKind.MEMBER, principal.id, "ada")
