"""The audit: who did what, and what was refused."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

import models
from schema.actors import Actor
from schema.apps import App, load_app
from schema.context import Info
from schema.environments import Environment, load_environment
from schema.ids import decode_any, encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT, sees
from services.access import can_see_app, can_see_environments
from services.audit_log import AuditFilter
from services.principals import Permission

NOTHING = UUID(int=0)
"""An id that nothing has, for an id that names nothing."""


@strawberry.type(
    description="An act, or the refusal of one. Entries are never changed; each holds the hash of "
    "the one before."
)
class AuditEntry(Node):
    row: strawberry.Private[models.AuditEntry]
    seq: int = strawberry.field(
        description="Its number in the organization's audit, from 1, without a gap."
    )
    occurred_at: datetime = strawberry.field(description="When it was asked for.")
    actor: Actor = strawberry.field(description="Who asked for it.", directives=[WITH_PARENT])
    action: str = strawberry.field(
        description="What was asked for, as `noun.verb`: `environment.promote`. For something "
        "that could not be read, the permission that it takes."
    )
    outcome: models.AuditOutcome = strawberry.field(description="What became of it.")
    subject_kind: str | None = strawberry.field(
        description="What sort of thing it was done to, by the name of its type."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        description="The thing it was done to; `node` finds those that still can be seen."
    )
    before: JSON | None = strawberry.field(
        description="What the act changed, as it was before; null when there was nothing."
    )
    after: JSON | None = strawberry.field(
        description="What the act changed, as it was asked to become; null when nothing is left."
    )
    facts: JSON = strawberry.field(
        description="What else is known, such as the reason of a refusal. Never a secret."
    )
    request_id: str | None = strawberry.field(
        description="The request, as `X-Request-Id` named it in the answer; null for what Pinmark "
        "did by itself."
    )
    hash: str = strawberry.field(
        description="SHA-256 over all of the entry and the hash of the one before, in hexadecimal."
    )
    previous_hash: str = strawberry.field(
        description="The hash of the entry before; 64 zeros for the first."
    )

    @classmethod
    def of(cls, row: models.AuditEntry) -> Self:
        named = row.subject_kind is not None and row.subject_id is not None
        return cls(
            row=row,
            id=encode_id("AuditEntry", row.id),
            seq=row.seq,
            occurred_at=row.created_at,
            actor=Actor.of(row.actor),
            action=row.action,
            outcome=row.outcome,
            subject_kind=row.subject_kind,
            subject_id=encode_id(str(row.subject_kind), UUID(str(row.subject_id)))
            if named
            else None,
            before=_json(row.before),
            after=_json(row.after),
            facts=JSON(row.facts),
            request_id=row.request_id,
            hash=row.hash.hex(),
            previous_hash=row.previous_hash.hex(),
        )

    @strawberry.field(
        description="The app it belongs to, as it is now; null for one the viewer cannot see.",
        directives=[sees(Permission.APP_READ)],
    )
    async def app(self, info: Info) -> App | None:
        if self.row.app_id is None:
            return None
        app = await load_app(info, self.row.app_id)
        return app if can_see_app(info.context.principal, app.row) else None

    @strawberry.field(
        description="The environment it was done to, as it is now, though it may be deleted; null "
        "for one the viewer cannot see.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def environment(self, info: Info) -> Environment | None:
        if self.row.environment_id is None:
            return None
        environment = await load_environment(info, self.row.environment_id)
        visible = can_see_environments(info.context.principal, environment.row.app_id)
        return environment if visible else None


def _json(value: object | None) -> JSON | None:
    return None if value is None else JSON(value)


@strawberry.input(description="Which entries of the audit. All that is given must hold.")
class AuditLogFilter:
    app_id: strawberry.ID | None = strawberry.field(default=None, description="Of this app.")
    environment_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this environment."
    )
    actor_id: strawberry.ID | None = strawberry.field(
        default=None, description="By this actor, as `Actor.id` names them."
    )
    actions: list[str] | None = strawberry.field(
        default=None, description="One of these actions; at most 100."
    )
    outcome: models.AuditOutcome | None = strawberry.field(
        default=None, description="With this outcome."
    )
    since: datetime | None = strawberry.field(
        default=None, description="At this time or later, with its offset."
    )
    until: datetime | None = strawberry.field(
        default=None, description="Before this time, with its offset."
    )

    def filter(self) -> AuditFilter:
        return AuditFilter(
            app_id=_named("App", self.app_id),
            environment_id=_named("Environment", self.environment_id),
            actor_id=_named(None, self.actor_id),
            actions=self.actions,
            outcome=self.outcome,
            since=self.since,
            until=self.until,
        )


def _named(kind: str | None, value: str | None) -> UUID | None:
    """What an id of this kind, or any, names; another is no condition less: it finds nothing."""
    if value is None:
        return None
    found = decode_any(value)
    return NOTHING if found is None or kind not in {None, found[0]} else found[1]


AuditEntryConnection = Connection[AuditEntry]
