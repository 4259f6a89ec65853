"""What each built-in role may do."""

from models import Role
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
