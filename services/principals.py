"""Who is asking, and what they may do. Deny is the default."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from models import Actor, ActorKind, Environment
from services.errors import PermissionDenied


class Permission(StrEnum):
    """What a principal may hold: per app, but for those that are about the organization.

    Those of traces, spans, sessions, scores and metrics are names alone: they can be granted, for
    the systems beside this one that ask for them, and nothing here needs them.
    """

    APP_READ = "app.read"
    APP_INSERT = "app.insert"
    APP_UPDATE = "app.update"
    ENVIRONMENT_READ = "environment.read"
    ENVIRONMENT_INSERT = "environment.insert"
    ENVIRONMENT_PROMOTE = "environment.promote"
    ENVIRONMENT_DELETE = "environment.delete"
    DEPLOYMENT_READ = "deployment.read"
    TEMPLATE_READ = "template.read"
    DATASET_READ = "dataset.read"
    PROMPT_RUN = "prompt.run"
    API_KEY_READ = "api_key.read"
    API_KEY_INSERT = "api_key.insert"
    API_KEY_DELETE = "api_key.delete"
    TRACE_INGEST = "trace.ingest"
    TRACE_READ = "trace.read"
    SPAN_READ = "span.read"
    SESSION_READ = "session.read"
    SCORE_READ = "score.read"
    SCORE_WRITE = "score.write"
    METRICS_READ = "metrics.read"
    VARIABLE_READ = "variable.read"
    VARIABLE_WRITE = "variable.write"
    VARIABLE_REVEAL = "variable.reveal"
    AUDIT_READ = "audit.read"
    MEMBER_READ = "member.read"
    MEMBER_WRITE = "member.write"


ALL_PERMISSIONS = frozenset(Permission)
OF_THE_ORGANIZATION = frozenset(
    {Permission.APP_INSERT, Permission.MEMBER_READ, Permission.MEMBER_WRITE}
)
"""What is asked of the organization as a whole; in a single app it means nothing."""
NOWHERE: Mapping[UUID, frozenset[Permission]] = MappingProxyType({})


@dataclass(frozen=True)
class KeyScope:
    """What an API key is bound to: it reaches no other app, and no other environment's data."""

    app_id: UUID
    environment_id: UUID


@dataclass(frozen=True)
class Principal:
    """An authenticated caller.

    ``permissions`` hold for every app of the organization but those that ``in_apps`` names, where
    other ones hold instead; none at all where the app is switched off. Those of a key hold in its
    own app alone. An ``owner`` holds everything, and alone makes and unmakes owners.
    """

    id: UUID
    name: str
    organization_id: UUID
    permissions: frozenset[Permission]
    in_apps: Mapping[UUID, frozenset[Permission]] = field(default_factory=lambda: NOWHERE)
    key: KeyScope | None = None
    is_service: bool = False
    session_id: UUID | None = None
    """The session of the dashboard that it is signed in by, if it is."""
    good_until: datetime | None = None
    """When what it showed ends by itself; None for never."""
    owner: bool = False
    request_id: str | None = None

    @property
    def rights(self) -> tuple[Hashable, ...]:
        """All that decides what it may: whoever has the same may see and do the same."""
        return (
            self.organization_id,
            self.permissions,
            frozenset(self.in_apps.items()),
            self.key,
            self.is_service,
            self.owner,
        )

    @property
    def identity(self) -> tuple[Hashable, ...]:
        """Everything else of it but the request that it was recognised for."""
        return (self.id, self.name, self.session_id, self.good_until)

    def can(self, permission: Permission, app_id: UUID | None = None) -> bool:
        """Whether it may, in the app; in the organization as a whole without one."""
        if self.key is not None:
            return app_id == self.key.app_id and permission in self.permissions
        held = self.permissions if app_id is None else self.in_apps.get(app_id, self.permissions)
        return permission in held

    def can_in(self, permission: Permission, environment: Environment) -> bool:
        """Whether it may, with the environment's own data: a key only with that of its own."""
        if self.key is not None and not self.is_key_of(environment):
            return False
        return self.can(permission, environment.app_id)

    def is_key_of(self, environment: Environment) -> bool:
        return self.key is not None and self.key.environment_id == environment.id

    @property
    def actor(self) -> Actor:
        return Actor(self.actor_kind, self.id, self.name)

    @property
    def actor_kind(self) -> ActorKind:
        if self.key is not None:
            return ActorKind.API_KEY
        return ActorKind.SERVICE if self.is_service else ActorKind.MEMBER

    @property
    def is_member(self) -> bool:
        return self.actor_kind is ActorKind.MEMBER


def require(principal: Principal, permission: Permission, *, app_id: UUID | None = None) -> None:
    """Refuse with ``PermissionDenied`` unless ``principal`` holds ``permission`` on the app."""
    if not principal.can(permission, app_id):
        raise PermissionDenied(permission.value)


def require_in(principal: Principal, permission: Permission, environment: Environment) -> None:
    """Refuse with ``PermissionDenied`` unless it may, with the environment's own data."""
    if not principal.can_in(permission, environment):
        raise PermissionDenied(permission.value)
