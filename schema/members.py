"""The people of the organization: members, their roles, invitations and access tokens."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

import models
from schema.actors import Actor
from schema.arguments import After, First
from schema.context import Info
from schema.ids import encode_id
from schema.nodes import Connection, Node
from schema.requirements import WITH_PARENT, needs, sees
from services.access_tokens import list_access_tokens
from services.app_access import list_app_access
from services.paging import PageRequest
from services.principals import Permission
from services.roles import permissions_given

if TYPE_CHECKING:
    from schema.apps import App


@strawberry.type(description="A named list of permissions, for where no built-in role fits.")
class CustomRole(Node):
    name: str = strawberry.field(description="Unique among the organization's custom roles.")
    permissions: list[str] = strawberry.field(description="All that it allows.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, row: models.CustomRole) -> Self:
        return cls(
            id=encode_id("CustomRole", row.id),
            name=row.name,
            permissions=row.permissions,
            created_at=row.created_at,
        )


async def load_custom_role(info: Info, identity: UUID | None) -> CustomRole | None:
    row = None if identity is None else await info.context.reading.custom_roles.load(identity)
    return None if row is None else CustomRole.of(row)


async def permissions_now(
    info: Info, role: models.Role | None, custom_role_id: UUID | None
) -> list[str]:
    custom = (
        None
        if custom_role_id is None
        else await info.context.reading.custom_roles.load(custom_role_id)
    )
    return sorted(permissions_given(role, custom))


@strawberry.type(description="What a member may do in one app, instead of what they may elsewhere.")
class AppAccess:
    row: strawberry.Private[models.AppAccess]
    role: models.Role | None = strawberry.field(description="Their built-in role in it, if any.")
    switched_off: bool = strawberry.field(
        description="Whether the app is switched off for them: it answers as if it were not there."
    )

    @classmethod
    def of(cls, row: models.AppAccess) -> Self:
        return cls(
            row=row, role=row.role, switched_off=row.role is None and row.custom_role_id is None
        )

    @strawberry.field(description="The app.", directives=[WITH_PARENT])
    async def app(self, info: Info) -> Annotated["App", strawberry.lazy("schema.apps")]:
        from schema.apps import load_app

        return await load_app(info, self.row.app_id)

    @strawberry.field(description="The member.", directives=[WITH_PARENT])
    async def member(self, info: Info) -> "Member":
        member = await load_member(info, self.row.member_id)
        assert member is not None  # a foreign key says so
        return member

    @strawberry.field(description="Their custom role in it, if any.", directives=[WITH_PARENT])
    async def custom_role(self, info: Info) -> CustomRole | None:
        return await load_custom_role(info, self.row.custom_role_id)


AppAccessConnection = Connection[AppAccess]


@strawberry.type(description="What a member shows from programs; as good as the member.")
class AccessToken(Node):
    row: strawberry.Private[models.AccessToken]
    prefix: str = strawberry.field(description="Its first 17 characters, to tell it by.")
    name: str = strawberry.field(description="What it was named.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(
        description="When it was last shown, to the minute; null until then."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it ends by itself; null for never."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When somebody ended it, or its member was deactivated."
    )

    @classmethod
    def of(cls, row: models.AccessToken) -> Self:
        return cls(
            row=row,
            id=encode_id("AccessToken", row.id),
            prefix=row.prefix,
            name=row.name,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


AccessTokenConnection = Connection[AccessToken]


@strawberry.type(description="A person of the organization.")
class Member(Node):
    row: strawberry.Private[models.Member]
    name: str = strawberry.field(description="The name that their acts are recorded under.")
    email: str | None = strawberry.field(
        description="The address they were invited by, in lower case; null for the first owner."
    )
    role: models.Role | None = strawberry.field(
        description="Their built-in role; null with a custom one."
    )
    created_at: datetime = strawberry.field(description="When they joined.")
    deactivated_at: datetime | None = strawberry.field(
        description="Since when they are nobody here; null for an active member."
    )

    @classmethod
    def of(cls, row: models.Member) -> Self:
        return cls(
            row=row,
            id=encode_id("Member", row.id),
            name=row.name,
            email=row.email,
            role=row.role,
            created_at=row.created_at,
            deactivated_at=row.deactivated_at,
        )

    @strawberry.field(
        description="Their custom role; null with a built-in one.", directives=[WITH_PARENT]
    )
    async def custom_role(self, info: Info) -> CustomRole | None:
        return await load_custom_role(info, self.row.custom_role_id)

    @strawberry.field(
        description="What they may do in every app that `appAccess` does not name; nothing while "
        "they are deactivated.",
        directives=[WITH_PARENT],
    )
    async def permissions(self, info: Info) -> list[str]:
        if self.row.deactivated_at is not None:
            return []
        return await permissions_now(info, self.row.role, self.row.custom_role_id)

    @strawberry.field(
        description="Where they have another role, or an app is switched off for them; of the "
        "apps that the viewer may see.",
        directives=[sees(Permission.APP_READ)],
    )
    async def app_access(
        self, info: Info, first: First = None, after: After = None
    ) -> AppAccessConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_app_access(
                session, principal=info.context.principal, member=self.row, request=request
            )
        return AppAccessConnection.of(page, [AppAccess.of(row) for row in page.rows])

    @strawberry.field(
        description="Their access tokens, newest first, the revoked ones too: for themselves, and "
        "for who manages members.",
        directives=[needs(Permission.MEMBER_WRITE, own=True)],
    )
    async def access_tokens(
        self, info: Info, first: First = None, after: After = None
    ) -> AccessTokenConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_access_tokens(
                session, principal=info.context.principal, member=self.row, request=request
            )
        return AccessTokenConnection.of(page, [AccessToken.of(row) for row in page.rows])


async def load_member(info: Info, identity: UUID) -> Member | None:
    row = await info.context.reading.members.load(identity)
    return None if row is None else Member.of(row)


@strawberry.type(description="A standing offer to become a member.")
class Invitation(Node):
    row: strawberry.Private[models.Invitation]
    email: str = strawberry.field(description="Whom it was made for, in lower case.")
    role: models.Role | None = strawberry.field(
        description="The built-in role that it offers; null with a custom one."
    )
    state: models.InvitationState = strawberry.field(description="How it is.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: Actor = strawberry.field(description="Who made it.", directives=[WITH_PARENT])
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    accepted_at: datetime | None = strawberry.field(description="When it was accepted, if it was.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked, if it was.")

    @classmethod
    def of(cls, row: models.Invitation) -> Self:
        return cls(
            row=row,
            id=encode_id("Invitation", row.id),
            email=row.email,
            role=row.role,
            state=row.state_at(models.utc_now()),
            created_at=row.created_at,
            created_by=Actor.of(row.actor),
            expires_at=row.expires_at,
            accepted_at=row.accepted_at,
            revoked_at=row.revoked_at,
        )

    @strawberry.field(
        description="The custom role that it offers; null with a built-in one.",
        directives=[WITH_PARENT],
    )
    async def custom_role(self, info: Info) -> CustomRole | None:
        return await load_custom_role(info, self.row.custom_role_id)

    @strawberry.field(description="Who accepted it; null until then.", directives=[WITH_PARENT])
    async def member(self, info: Info) -> Member | None:
        member_id = self.row.member_id
        return None if member_id is None else await load_member(info, member_id)


MemberConnection = Connection[Member]
CustomRoleConnection = Connection[CustomRole]
InvitationConnection = Connection[Invitation]
