"""Apps, their repositories, and who is looking."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from schema.api_keys import ApiKey, ApiKeyConnection
from schema.arguments import After, First
from schema.capabilities import AppCapabilities, Capability, OrganizationCapabilities
from schema.commits import Commit, load_commit
from schema.context import Info
from schema.environments import (
    Environment,
    EnvironmentConnection,
    load_visible_environment,
    page_of_environments,
)
from schema.ids import encode_id
from schema.members import Member, load_member
from schema.nodes import Connection, Node
from schema.requirements import OWN, WITH_PARENT, needs, sees
from schema.sessions import SignInSession, SignInSessionConnection
from services import capabilities, cursors, finding, listings
from services.api_keys import list_api_keys
from services.paging import PageRequest
from services.principals import OF_THE_ORGANIZATION, Permission
from services.sessions import list_sessions


@strawberry.type(description="Where the repository's Git host rings when somebody pushes.")
class Webhook:
    github_url: str = strawberry.field(description="The payload URL for GitHub; push events.")
    gitlab_url: str = strawberry.field(description="The URL for GitLab; push events.")
    secret: str = strawberry.field(description="GitHub's secret, or GitLab's secret token.")


@strawberry.type(description="The Git repository and branch that an app follows.")
class Repository(Node):
    row: strawberry.Private[models.Repository]
    url: str = strawberry.field(description="Its address, without any credential.")
    branch: str = strawberry.field(description="The branch that `dev` follows.")
    host_key: str | None = strawberry.field(
        description="The key that its host has to show, for ssh: the kind and the SHA-256 "
        "fingerprint, to be compared with what the host publishes."
    )
    deploy_key_fingerprint: str | None = strawberry.field(
        description="The SHA-256 fingerprint of the deploy key that reads it, for ssh."
    )
    observed_at: datetime | None = strawberry.field(description="When it was last read.")
    unreachable_reason: str | None = strawberry.field(
        description="Why the last look at it failed; null after one that worked."
    )

    @classmethod
    def of(cls, row: models.Repository) -> Self:
        return cls(
            row=row,
            id=encode_id("Repository", row.id),
            url=row.url,
            branch=row.branch,
            host_key=row.host_key,
            deploy_key_fingerprint=row.deploy_key_fingerprint,
            observed_at=row.observed_at,
            unreachable_reason=row.unreachable_reason,
        )

    @strawberry.field(
        description="What to set up at the Git host; null unless the viewer may update the app.",
        directives=[sees(Permission.APP_UPDATE)],
    )
    def webhook(self, info: Info) -> Webhook | None:
        context, secret = info.context, self.row.webhook_secret
        if secret is None or not context.principal.can(Permission.APP_UPDATE, self.row.app_id):
            return None
        base = f"{context.dashboard_url}/webhooks"
        return Webhook(
            github_url=f"{base}/github/{self.row.app_id}",
            gitlab_url=f"{base}/gitlab/{self.row.app_id}",
            secret=context.installation.cipher.decrypt(secret),
        )

    @strawberry.field(description="The newest head seen on the branch.", directives=[WITH_PARENT])
    async def head(self, info: Info) -> Commit | None:
        if self.row.head_sha is None:
            return None
        return await load_commit(info, self.row.app_id, self.row.head_sha)


@strawberry.type(description="A program that lives in Git and runs in environments.")
class App(Node):
    row: strawberry.Private[models.App]
    database_id: UUID = strawberry.field(description="The id in the REST API.")
    name: str = strawberry.field(description="Unique in the organization.")
    created_at: datetime = strawberry.field(description="When it was created.")

    @classmethod
    def of(cls, row: models.App) -> Self:
        return cls(
            row=row,
            id=encode_id("App", row.id),
            database_id=row.id,
            name=row.name,
            created_at=row.created_at,
        )

    @strawberry.field(
        description="The repository it follows, once one is linked.", directives=[WITH_PARENT]
    )
    async def repository(self, info: Info) -> Repository | None:
        row = await info.context.reading.repositories.load(self.row.id)
        return None if row is None else Repository.of(row)

    @strawberry.field(description="The plan of its organization.", directives=[WITH_PARENT])
    async def plan(self, info: Info) -> models.Plan:
        organization = await info.context.reading.organizations.load(self.row.organization_id)
        assert organization is not None  # a foreign key says so
        return organization.plan

    @strawberry.field(
        description="Its environments: the default one first, then by name.",
        directives=[needs(Permission.ENVIRONMENT_READ)],
    )
    async def environments(
        self, info: Info, first: First = None, after: After = None
    ) -> EnvironmentConnection:
        finding.require_environments(info.context.principal, self.row.id)
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await listings.list_environments(session, app=self.row, request=request)
        return await page_of_environments(info, page)

    @strawberry.field(
        description="One of its living environments, by name.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def environment(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="The environment's name.")],
    ) -> Environment | None:
        async with info.context.reading.session() as session:
            row = await finding.environment_by_name(
                session, principal=info.context.principal, app=self.row, name=name
            )
        return None if row is None else Environment.of(row)

    @strawberry.field(
        description="The environments that were deleted, by name.",
        directives=[needs(Permission.ENVIRONMENT_READ)],
    )
    async def deleted_environments(
        self, info: Info, first: First = None, after: After = None
    ) -> EnvironmentConnection:
        finding.require_environments(info.context.principal, self.row.id)
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await listings.list_deleted_environments(session, app=self.row, request=request)
        return EnvironmentConnection.of(page, [Environment.of(row) for row in page.rows])

    @strawberry.field(
        description="The API keys of all its environments, newest first, the revoked ones too.",
        directives=[needs(Permission.API_KEY_READ)],
    )
    async def api_keys(
        self, info: Info, first: First = None, after: After = None
    ) -> ApiKeyConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_api_keys(
                session, principal=info.context.principal, app_id=self.row.id, request=request
            )
        return ApiKeyConnection.of(page, [ApiKey.of(row) for row in page.rows])

    @strawberry.field(
        description="Where the app's events stand at the moment of this very answer. Give it to "
        "`appEvents` as `after`, and page and stream join without a gap.",
        directives=[WITH_PARENT],
    )
    async def event_cursor(self, info: Info) -> str:
        row = await info.context.reading.apps.load(self.row.id)
        assert row is not None  # apps are never deleted
        return cursors.encode_event(row.id, row.event_sequence)

    @strawberry.field(description="What the viewer may do in this app.", directives=[OWN])
    def viewer_permissions(self, info: Info) -> list[str]:
        principal = info.context.principal
        return sorted(
            permission
            for permission in set(Permission) - OF_THE_ORGANIZATION
            if principal.can(permission, self.row.id)
        )

    @strawberry.field(
        description="What the viewer could do in it now, and why not.", directives=[OWN]
    )
    async def viewer_capabilities(self, info: Info) -> AppCapabilities:
        principal = info.context.principal
        async with info.context.reading.session() as session:
            create = await capabilities.create_environment(session, principal, self.row)
        return AppCapabilities(
            link_repository=Capability.of(capabilities.link_repository(principal, self.row)),
            create_environment=Capability.of(create),
        )


async def load_app(info: Info, identity: UUID) -> App:
    row = await info.context.reading.apps.load(identity)
    assert row is not None  # apps are never deleted
    return App.of(row)


AppConnection = Connection[App]


@strawberry.type(description="The organization of this installation.")
class Organization:
    row: strawberry.Private[models.Organization]
    name: str = strawberry.field(description="Its name.")
    plan: models.Plan = strawberry.field(description="How much it may make.")

    @strawberry.field(
        description="What the viewer could do in it now, and why not.", directives=[OWN]
    )
    async def viewer_capabilities(self, info: Info) -> OrganizationCapabilities:
        principal = info.context.principal
        async with info.context.reading.session() as session:
            create_app = await capabilities.create_app(session, principal, self.row)
        return OrganizationCapabilities.of(create_app, principal)


@strawberry.type(description="Whoever sent this request.")
class Viewer:
    id: strawberry.ID = strawberry.field(description="Opaque, and unique in the whole API.")
    name: str = strawberry.field(description="The name that their acts are recorded under.")
    permissions: list[str] = strawberry.field(description="What they may do in every app.")

    @strawberry.field(
        description="The environment that an API key is for; null for a member.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def environment(self, info: Info) -> Environment | None:
        key = info.context.principal.key
        return None if key is None else await load_visible_environment(info, key.environment_id)

    @strawberry.field(
        description="One's own sessions of the dashboard that are good now, newest first; none "
        "for an API key or a service token.",
        directives=[OWN],
    )
    async def sessions(
        self, info: Info, first: First = None, after: After = None
    ) -> SignInSessionConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_sessions(session, principal=info.context.principal, request=request)
        return SignInSessionConnection.of(page, [SignInSession.of(row) for row in page.rows])

    @strawberry.field(description="The organization they belong to.", directives=[WITH_PARENT])
    async def organization(self, info: Info) -> Organization:
        row = await info.context.reading.organizations.load(info.context.principal.organization_id)
        assert row is not None  # a principal belongs to one
        return Organization(row=row, name=row.name, plan=row.plan)

    @strawberry.field(
        description="The member that they are; null for an API key.", directives=[OWN]
    )
    async def member(self, info: Info) -> Member | None:
        principal = info.context.principal
        return None if principal.key is not None else await load_member(info, principal.id)

    @strawberry.field(
        description="Their built-in role; null with a custom one, and for a key.", directives=[OWN]
    )
    async def role(self, info: Info) -> models.Role | None:
        principal = info.context.principal
        found = None if principal.key is not None else await load_member(info, principal.id)
        return None if found is None else found.role
