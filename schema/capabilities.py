"""What the viewer could do, and why not: the services' own refusals, asked ahead of time."""

from typing import Self

import strawberry

from schema.context import Info
from schema.requirements import WITH_PARENT
from services import capabilities
from services.capabilities import OnEnvironment
from services.principals import Principal


@strawberry.type(description="Whether something would be accepted at this moment.")
class Capability:
    allowed: bool = strawberry.field(description="Whether it would.")
    reason: str | None = strawberry.field(
        description="The refusal in words, safe to show; null when allowed."
    )

    @classmethod
    def of(cls, capability: capabilities.Capability) -> Self:
        return cls(allowed=capability.allowed, reason=capability.reason)


@strawberry.type(
    description="What the viewer could do with an environment at this moment. A deployment in "
    "flight is in the way of most, and is their reason then."
)
class EnvironmentCapabilities:
    on: strawberry.Private[OnEnvironment]

    @strawberry.field(description="Promote into it.", directives=[WITH_PARENT])
    async def promote(self, info: Info) -> Capability:
        app_id = self.on.environment.app_id
        app = await info.context.reading.apps.load(app_id)
        assert app is not None  # apps are never deleted
        repository = await info.context.reading.repositories.load(app_id)
        return Capability.of(self.on.promote(app, repository))

    @strawberry.field(description="Roll it back, or forward again.", directives=[WITH_PARENT])
    def rollback(self) -> Capability:
        return Capability.of(self.on.roll_back())

    @strawberry.field(description="Deploy what it has again.", directives=[WITH_PARENT])
    async def redeploy(self, info: Info) -> Capability:
        app_id = self.on.environment.app_id
        app = await info.context.reading.apps.load(app_id)
        assert app is not None  # apps are never deleted
        repository = await info.context.reading.repositories.load(app_id)
        return Capability.of(self.on.redeploy(app, repository))

    @strawberry.field(description="Delete it.", directives=[WITH_PARENT])
    def delete(self) -> Capability:
        return Capability.of(self.on.delete())

    @strawberry.field(
        description="Make an API key of it, with permissions that one holds.",
        directives=[WITH_PARENT],
    )
    async def create_api_key(self, info: Info) -> Capability:
        async with info.context.reading.session() as session:
            return Capability.of(await self.on.create_api_key(session))


@strawberry.type(description="What the viewer could do in an app at this moment.")
class AppCapabilities:
    link_repository: Capability = strawberry.field(
        description="Link its repository, and see and rotate its webhook's secret.",
        directives=[WITH_PARENT],
    )
    create_environment: Capability = strawberry.field(
        description="Create an environment in it.", directives=[WITH_PARENT]
    )


@strawberry.type(description="What the viewer could do in the organization at this moment.")
class OrganizationCapabilities:
    create_app: Capability = strawberry.field(
        description="Create an app.", directives=[WITH_PARENT]
    )
    invite_members: Capability = strawberry.field(
        description="Invite somebody, to a role that allows no more than one may oneself.",
        directives=[WITH_PARENT],
    )
    change_members: Capability = strawberry.field(
        description="Change members' roles, deactivate and reactivate them; an owner only as one.",
        directives=[WITH_PARENT],
    )
    change_roles: Capability = strawberry.field(
        description="Create, change and delete custom roles.", directives=[WITH_PARENT]
    )

    @classmethod
    def of(cls, create_app: capabilities.Capability, principal: Principal) -> Self:
        manages = Capability.of(capabilities.manage_members(principal))
        return cls(
            create_app=Capability.of(create_app),
            invite_members=manages,
            change_members=manages,
            change_roles=manages,
        )
