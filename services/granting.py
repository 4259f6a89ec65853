"""What may be granted to an API key: presets, single permissions, never more than is held."""

from collections.abc import Iterable
from enum import StrEnum

from models import Environment
from services.errors import InvalidInput, PermissionDenied
from services.principals import ALL_PERMISSIONS, Permission, Principal

GRANTABLE = ALL_PERMISSIONS - {
    Permission.APP_INSERT,
    Permission.MEMBER_READ,
    Permission.MEMBER_WRITE,
}
"""What can mean anything to a key, which is bound to one app."""


class Preset(StrEnum):
    """A named set of permissions for an API key."""

    SDK = "SDK"
    READ_ONLY = "READ_ONLY"
    FULL_ACCESS = "FULL_ACCESS"

    @property
    def permissions(self) -> frozenset[Permission]:
        return _PRESETS[self]


_PRESETS = {
    Preset.SDK: frozenset(
        {Permission.TRACE_INGEST, Permission.TEMPLATE_READ, Permission.SCORE_WRITE}
    ),
    Preset.READ_ONLY: frozenset(
        {
            Permission.TRACE_READ,
            Permission.SPAN_READ,
            Permission.SESSION_READ,
            Permission.SCORE_READ,
            Permission.DATASET_READ,
            Permission.METRICS_READ,
        }
    ),
    Preset.FULL_ACCESS: GRANTABLE,
}


def check_grant(
    principal: Principal, environment: Environment, *, preset: str | None, names: Iterable[str]
) -> list[str]:
    """The permissions asked for, sorted; raises ``InvalidInput`` and ``PermissionDenied``."""
    asked = _preset(preset) | {_permission(name) for name in names}
    if not asked:
        raise InvalidInput("permissions", "A key needs a preset, or at least one permission.")
    for permission in sorted(asked):
        if not principal.can_in(permission, environment):
            raise PermissionDenied(permission.value, path=("input", "permissions"))
    return sorted(asked)


def _preset(name: str | None) -> frozenset[Permission]:
    return frozenset() if name is None else Preset(name).permissions


def _permission(name: str) -> Permission:
    try:
        permission = Permission(name)
    except ValueError:
        raise InvalidInput("permissions", "One of these is not the name of a permission.") from None
    if permission not in GRANTABLE:
        raise InvalidInput("permissions", f"A key cannot hold {name}: it is bound to one app.")
    return permission
