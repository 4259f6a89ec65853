"""Subscription: what happened after a cursor, then what happens next, each once and in order."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.context import Info
from schema.events import AppEvent, BuildLogChunk, DeploymentEvent
from schema.ids import decode_id
from schema.requirements import sees
from schema.runtimes import RuntimeLogChunk
from services import access, following
from services.principals import Permission

After = Annotated[
    str | None,
    strawberry.argument(
        description="Only what happened past this cursor; the way to go on after a lost socket."
    ),
]


@strawberry.type(
    description="What happens, live. Nothing is lost, merged or repeated: give the last cursor as "
    "`after` and the stream goes on from there."
)
class Subscription:
    @strawberry.subscription(
        description="Each transition of a deployment, from the first; ends when it has settled.",
        directives=[sees(Permission.ENVIRONMENT_READ, Permission.DEPLOYMENT_READ)],
    )
    async def deployment_progress(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The deployment.")],
        after: After = None,
    ) -> AsyncGenerator[DeploymentEvent]:
        context = info.context
        identity = decode_id("Deployment", id)
        deployment = await context.admit(
            lambda session, principal: access.find_watched_deployment(
                session, principal=principal, deployment_id=identity, field="id"
            )
        )
        async for event in following.follow_deployment(
            context.installation.database,
            context.hub,
            deployment=deployment,
            after=context.begins_after(after),
            audience=context.audience,
        ):
            yield context.at(DeploymentEvent.of(event))

    @strawberry.subscription(
        description="Everything that happens to an app, from now on; all that a page needs.",
        directives=[sees(Permission.APP_READ), sees(Permission.ENVIRONMENT_READ)],
    )
    async def app_events(
        self,
        info: Info,
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The app.")],
        after: After = None,
    ) -> AsyncGenerator[AppEvent]:
        context = info.context
        identity = decode_id("App", app_id)
        app = await context.admit(
            lambda session, principal: access.find_followed_app(
                session, principal=principal, app_id=identity
            )
        )
        async for event in following.follow_app(
            context.installation.database,
            context.hub,
            app_id=app.id,
            after=context.begins_after(after),
            audience=context.audience,
        ):
            yield context.at(AppEvent.of(event))

    @strawberry.subscription(
        description="A build's log from its first line, as it is written; ends with the build.",
        directives=[sees(Permission.ENVIRONMENT_READ, Permission.DEPLOYMENT_READ)],
    )
    async def build_log(
        self,
        info: Info,
        deployment_id: Annotated[strawberry.ID, strawberry.argument(description="The deployment.")],
        after: After = None,
    ) -> AsyncGenerator[BuildLogChunk]:
        context = info.context
        identity = decode_id("Deployment", deployment_id)
        deployment = await context.admit(
            lambda session, principal: access.find_watched_deployment(
                session, principal=principal, deployment_id=identity, field="deploymentId"
            )
        )
        async for lines in following.follow_build_log(
            context.installation.database,
            context.hub,
            deployment_id=deployment.id,
            after=context.begins_after(after),
            audience=context.audience,
        ):
            yield context.at(BuildLogChunk.of(deployment.id, lines))

    @strawberry.subscription(
        description="What an environment's runtimes print, from the oldest line kept; ends with "
        "the environment.",
        directives=[sees(Permission.ENVIRONMENT_READ)],
    )
    async def runtime_log(
        self,
        info: Info,
        environment_id: Annotated[
            strawberry.ID, strawberry.argument(description="The environment.")
        ],
        after: After = None,
    ) -> AsyncGenerator[RuntimeLogChunk]:
        context = info.context
        identity = decode_id("Environment", environment_id)
        environment = await context.admit(
            lambda session, principal: access.find_own_environment(
                session, principal=principal, environment_id=identity
            )
        )
        async for found in following.follow_runtime_log(
            context.installation.database,
            context.hub,
            environment_id=environment.id,
            after=context.begins_after(after),
            audience=context.audience,
        ):
            yield context.at(RuntimeLogChunk.of(found))
