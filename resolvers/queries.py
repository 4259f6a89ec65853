"""Query: everything that can be read, found for the one who asks."""

from typing import Annotated

import strawberry

import models
from resolvers.audit import AuditQuery
from schema.actors import principal_id
from schema.api_keys import ApiKey
from schema.apps import App, AppConnection, Repository, Viewer
from schema.arguments import After, First
from schema.audit import AuditEntry
from schema.comparisons import Comparison
from schema.context import Info
from schema.deployments import Deployment
from schema.environments import Environment
from schema.ids import decode_any, decode_id
from schema.members import (
    AccessToken,
    CustomRole,
    CustomRoleConnection,
    Invitation,
    InvitationConnection,
    Member,
    MemberConnection,
)
from schema.nodes import Node
from schema.requirements import KNOWN, SUBJECT, needs, sees
from schema.service_tokens import ServiceToken, ServiceTokenConnection
from schema.sessions import SignInSession
from schema.variables import EnvironmentVariable
from services import custom_roles, finding, invitations, listings, members
from services.comparing.comparison import compare
from services.errors import InvalidInput
from services.paging import PageRequest
from services.principals import Permission
from services.service_tokens import list_service_tokens

MAXIMUM_NODES = 100


@strawberry.type(description="Everything that can be read.")
class Query(AuditQuery):
    @strawberry.field(description="Whoever sends this request.", directives=[KNOWN])
    def viewer(self, info: Info) -> Viewer:
        principal = info.context.principal
        return Viewer(
            id=principal_id(principal),
            name=principal.name,
            permissions=sorted(principal.permissions),
        )

    @strawberry.field(
        description="The organization's apps, by name.", directives=[sees(Permission.APP_READ)]
    )
    async def apps(self, info: Info, first: First = None, after: After = None) -> AppConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await listings.list_apps(
                session, principal=info.context.principal, request=request
            )
        return AppConnection.of(page, [App.of(row) for row in page.rows])

    @strawberry.field(
        description="The organization's members by name, those too who left.",
        directives=[needs(Permission.MEMBER_READ)],
    )
    async def members(
        self, info: Info, first: First = None, after: After = None
    ) -> MemberConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await members.list_members(
                session, principal=info.context.principal, request=request
            )
        return MemberConnection.of(page, [Member.of(row) for row in page.rows])

    @strawberry.field(
        description="All invitations, newest first, those too that have ended.",
        directives=[needs(Permission.MEMBER_READ)],
    )
    async def invitations(
        self, info: Info, first: First = None, after: After = None
    ) -> InvitationConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await invitations.list_invitations(
                session, principal=info.context.principal, request=request
            )
        return InvitationConnection.of(page, [Invitation.of(row) for row in page.rows])

    @strawberry.field(
        description="The organization's custom roles, by name.",
        directives=[needs(Permission.MEMBER_READ)],
    )
    async def custom_roles(
        self, info: Info, first: First = None, after: After = None
    ) -> CustomRoleConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await custom_roles.list_custom_roles(
                session, principal=info.context.principal, request=request
            )
        return CustomRoleConnection.of(page, [CustomRole.of(row) for row in page.rows])

    @strawberry.field(
        description="The organization's service tokens, newest first, the revoked ones too.",
        directives=[needs(Permission.MEMBER_READ)],
    )
    async def service_tokens(
        self, info: Info, first: First = None, after: After = None
    ) -> ServiceTokenConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_service_tokens(
                session, principal=info.context.principal, request=request
            )
        return ServiceTokenConnection.of(page, [ServiceToken.of(row) for row in page.rows])

    @strawberry.field(description="One app, by name.", directives=[sees(Permission.APP_READ)])
    async def app(
        self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]
    ) -> App | None:
        async with info.context.reading.session() as session:
            row = await finding.app_by_name(session, principal=info.context.principal, name=name)
        if row is None:
            return None
        info.context.apps.add(row.id)
        return App.of(row)

    @strawberry.field(
        description="One living environment, by its app's name and its own.",
        directives=[sees(Permission.APP_READ), sees(Permission.ENVIRONMENT_READ)],
    )
    async def environment(
        self,
        info: Info,
        app: Annotated[str, strawberry.argument(description="The app's name.")],
        name: Annotated[str, strawberry.argument(description="The environment's name.")],
    ) -> Environment | None:
        principal = info.context.principal
        async with info.context.reading.session() as session:
            owner = await finding.app_by_name(session, principal=principal, name=app)
            if owner is None:
                return None
            info.context.apps.add(owner.id)
            row = await finding.environment_by_name(
                session, principal=principal, app=owner, name=name
            )
        return None if row is None else Environment.of(row)

    @strawberry.field(
        description="What a promotion of one environment into another would change; null when "
        "either is absent or they belong to different apps. Refused with `INVALID_INPUT` for "
        "`dev` as the target and for an environment with itself, unless a version of it is named.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def comparison(
        self,
        info: Info,
        source_id: Annotated[strawberry.ID, strawberry.argument(description="The source's id.")],
        target_id: Annotated[strawberry.ID, strawberry.argument(description="The target's id.")],
        version: Annotated[
            int | None,
            strawberry.argument(
                description="What the source served as this version, in place of what it serves "
                "now; null then when it never did."
            ),
        ] = None,
    ) -> Comparison | None:
        async with info.context.reading.session() as session:
            compared = await compare(
                session,
                principal=info.context.principal,
                source_id=decode_id("Environment", source_id),
                target_id=decode_id("Environment", target_id),
                version=version,
            )
        return None if compared is None else Comparison.of(compared)

    @strawberry.field(
        description="One deployment, by its global id.",
        directives=[sees(Permission.ENVIRONMENT_READ, Permission.DEPLOYMENT_READ)],
    )
    async def deployment(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The deployment's id.")],
    ) -> Deployment | None:
        node = await find_node(info, id)
        return node if isinstance(node, Deployment) else None

    @strawberry.field(
        description="Anything that has a global id; null when there is none.", directives=[SUBJECT]
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The global id.")],
    ) -> Node | None:
        return await find_node(info, id)

    @strawberry.field(
        description="Several nodes at once, in the order asked; null for each miss.",
        directives=[SUBJECT],
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="At most 100 global ids.")
        ],
    ) -> list[Node | None]:
        if len(ids) > MAXIMUM_NODES:
            raise InvalidInput("ids", f"At most {MAXIMUM_NODES} ids at once.")
        return [await find_node(info, identity) for identity in ids]


async def find_node(info: Info, identity: str) -> Node | None:
    """The node behind a global id; junk, absent and foreign ids are all None."""
    found = decode_any(identity)
    if found is None:
        return None
    async with info.context.reading.session() as session:
        row = await finding.visible(
            session, principal=info.context.principal, kind=found[0], identity=found[1]
        )
    match row:
        case models.App():
            return App.of(row)
        case models.Environment():
            return Environment.of(row)
        case models.Deployment():
            return Deployment.of(row)
        case models.Repository():
            return Repository.of(row)
        case models.ApiKey():
            return ApiKey.of(row)
        case models.EnvironmentVariable():
            return EnvironmentVariable.of(row)
        case models.AuditEntry():
            return AuditEntry.of(row)
        case models.Member():
            return Member.of(row)
        case models.CustomRole():
            return CustomRole.of(row)
        case models.Invitation():
            return Invitation.of(row)
        case models.AccessToken():
            return AccessToken.of(row)
        case models.ServiceToken():
            return ServiceToken.of(row)
        case models.SignInSession():
            return SignInSession.of(row)
        case None:
            return None
