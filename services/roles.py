"""What each role may do, the built-in ones and an organization's own."""

from models import CustomRole, Role
from services.principals import ALL_PERMISSIONS, Permission

_ANYONE = frozenset(
    {
        Permission.APP_READ,
        Permission.ENVIRONMENT_READ,
        Permission.DEPLOYMENT_READ,
        Permission.TEMPLATE_READ,
        Permission.DATASET_READ,
        Permission.TRACE_READ,
        Permission.SPAN_READ,
        Permission.SESSION_READ,
        Permission.SCORE_READ,
        Permission.METRICS_READ,
        Permission.MEMBER_READ,
    }
)
_WRITER = _ANYONE | {
    Permission.PROMPT_RUN,
    Permission.API_KEY_READ,
    Permission.API_KEY_INSERT,
    Permission.API_KEY_DELETE,
    Permission.TRACE_INGEST,
    Permission.SCORE_WRITE,
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """The permissions of a built-in role; only an owner may make another owner, besides."""
    match role:
        case Role.OWNER | Role.ADMIN:
            return ALL_PERMISSIONS
        case Role.WRITE:
            return _WRITER
        case Role.READ:
            return _ANYONE


def permissions_in(role: CustomRole) -> frozenset[Permission]:
    """The permissions of a custom role, of those that there are today."""
    return frozenset(permission for permission in Permission if permission in role.permissions)


def permissions_given(role: Role | None, custom: CustomRole | None) -> frozenset[Permission]:
    """The permissions of whichever of the two is there; none without either."""
    if role is not None:
        return permissions_of(role)
    return frozenset() if custom is None else permissions_in(custom)
