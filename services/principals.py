"""Who is asking, and what they may do. Deny is the default."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from models import Actor, ActorKind
from services.errors import PermissionDenied


class Permission(StrEnum):
    """What a principal may hold, per app."""

    APP_READ = "app.read"
    APP_INSERT = "app.insert"
    APP_UPDATE = "app.update"
    ENVIRONMENT_READ = "environment.read"
    ENVIRONMENT_INSERT = "environment.insert"
    ENVIRONMENT_PROMOTE = "environment.promote"
    ENVIRONMENT_DELETE = "environment.delete"
    PROMPT_RUN = "prompt.run"
    AUDIT_READ = "audit.read"


ALL_PERMISSIONS = frozenset(Permission)


@dataclass(frozen=True)
class Principal:
    """An authenticated caller; ``permissions`` hold for every app of the organization."""

    id: UUID
    name: str
    organization_id: UUID
    permissions: frozenset[Permission]
    request_id: str | None = None

    def can(self, permission: Permission, app_id: UUID | None = None) -> bool:
        return permission in self.permissions

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.MEMBER, self.id, self.name)


def require(principal: Principal, permission: Permission, *, app_id: UUID | None = None) -> None:
    """Refuse with ``PermissionDenied`` unless ``principal`` holds ``permission`` on the app."""
    if not principal.can(permission, app_id):
        raise PermissionDenied(permission.value)
