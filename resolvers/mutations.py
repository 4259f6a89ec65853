"""Mutation: everything that can be done. Each resolver calls one service and wraps the row."""

from typing import Annotated

import strawberry

from resolvers.answering import answering, described
from resolvers.api_key_mutations import ApiKeyMutations
from resolvers.member_mutations import MemberMutations
from resolvers.sign_in_mutations import SignInMutations
from resolvers.variables import VariableMutations
from schema import inputs, results
from schema.apps import App, Repository
from schema.context import Info
from schema.deployments import Deployment
from schema.environments import Environment
from schema.requirements import needs, sees
from services import (
    apps,
    cancellations,
    environments,
    promotions,
    redeploys,
    repositories,
    retries,
    rollbacks,
    webhooks,
)
from services.addresses import app_page
from services.principals import Permission


@strawberry.type(description="Everything that can be done. Refusals are answers, not errors.")
class Mutation(ApiKeyMutations, MemberMutations, SignInMutations, VariableMutations):
    @strawberry.mutation(
        description="Create an app, and its environment `dev` with it.",
        directives=[needs(Permission.APP_INSERT)],
    )
    @answering
    async def create_app(
        self, info: Info, input: Annotated[inputs.CreateAppInput, described("The app.")]
    ) -> results.CreateAppResult:
        async with info.context.installation.database.transaction() as session:
            row = await apps.create_app(
                session, principal=info.context.principal, request=input.request()
            )
        return results.CreateAppSuccess(app=App.of(row))

    @strawberry.mutation(
        description="Make an app follow a branch: fetch it, and deploy its HEAD to `dev`.",
        directives=[sees(Permission.APP_READ), needs(Permission.APP_UPDATE)],
    )
    @answering
    async def link_repository(
        self,
        info: Info,
        input: Annotated[inputs.LinkRepositoryInput, described("The repository and branch.")],
    ) -> results.LinkRepositoryResult:
        row = await repositories.link_repository(
            info.context.installation, principal=info.context.principal, request=input.request()
        )
        return results.LinkRepositorySuccess(repository=Repository.of(row))

    @strawberry.mutation(
        description="Give an app's repository a new webhook secret; the old one is refused at "
        "once.",
        directives=[sees(Permission.APP_READ), needs(Permission.APP_UPDATE)],
    )
    @answering
    async def rotate_webhook_secret(
        self,
        info: Info,
        input: Annotated[inputs.RotateWebhookSecretInput, described("The app.")],
    ) -> results.RotateWebhookSecretResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            row = await webhooks.rotate_secret(
                session,
                cipher=installation.cipher,
                principal=info.context.principal,
                app_id=input.app(),
            )
        return results.RotateWebhookSecretSuccess(repository=Repository.of(row))

    @strawberry.mutation(
        description="Create an environment. It serves nothing until something is promoted into it.",
        directives=[
            sees(Permission.APP_READ),
            sees(Permission.ENVIRONMENT_READ),
            needs(Permission.ENVIRONMENT_INSERT),
        ],
    )
    @answering
    async def create_environment(
        self,
        info: Info,
        input: Annotated[inputs.CreateEnvironmentInput, described("The environment.")],
    ) -> results.CreateEnvironmentResult:
        async with info.context.installation.database.transaction() as session:
            row = await environments.create_environment(
                session, principal=info.context.principal, request=input.request()
            )
            app = await session.get_one(apps.App, row.app_id)
        return results.CreateEnvironmentSuccess(
            environment=Environment.of(row),
            api_key_creation_url=(
                f"{info.context.dashboard_url}{app_page(app.name)}/settings/api-keys?env={row.name}"
            ),
        )

    @strawberry.mutation(
        description="Promote one environment into another and return at once; the build follows. "
        "The target serves what it served until the deployment settles.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_PROMOTE)],
    )
    @answering
    async def promote_environment(
        self,
        info: Info,
        input: Annotated[inputs.PromoteEnvironmentInput, described("Source and target.")],
    ) -> results.PromoteEnvironmentResult:
        row = await promotions.promote_environment(
            info.context.installation, principal=info.context.principal, request=input.request()
        )
        return results.PromoteEnvironmentSuccess(deployment=Deployment.of(row))

    @strawberry.mutation(
        description="Build what an environment has afresh: the HEAD of `dev`, or the same pin.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_PROMOTE)],
    )
    @answering
    async def redeploy_environment(
        self,
        info: Info,
        input: Annotated[inputs.RedeployEnvironmentInput, described("The environment.")],
    ) -> results.RedeployEnvironmentResult:
        row = await redeploys.redeploy_environment(
            info.context.installation, principal=info.context.principal, request=input.request()
        )
        return results.RedeployEnvironmentSuccess(deployment=Deployment.of(row))

    @strawberry.mutation(
        description="Run a failed deployment again: the same commit, content, note and version.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_PROMOTE)],
    )
    @answering
    async def retry_deployment(
        self,
        info: Info,
        input: Annotated[inputs.RetryDeploymentInput, described("The failed deployment.")],
    ) -> results.RetryDeploymentResult:
        async with info.context.installation.database.transaction() as session:
            row = await retries.retry_deployment(
                session, principal=info.context.principal, request=input.request()
            )
        return results.RetryDeploymentSuccess(deployment=Deployment.of(row))

    @strawberry.mutation(
        description="Serve another successful version of an environment, with its kept build. "
        "`currentVersion` does not move.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_PROMOTE)],
    )
    @answering
    async def rollback_environment(
        self,
        info: Info,
        input: Annotated[inputs.RollbackEnvironmentInput, described("Environment and version.")],
    ) -> results.RollbackEnvironmentResult:
        async with info.context.installation.database.transaction() as session:
            row = await rollbacks.roll_back(
                session, principal=info.context.principal, request=input.request()
            )
        return results.RollbackEnvironmentSuccess(deployment=Deployment.of(row))

    @strawberry.mutation(
        description="Settle a deployment in flight as failed and stop its build; the environment "
        "serves what it served.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_PROMOTE)],
    )
    @answering
    async def cancel_deployment(
        self,
        info: Info,
        input: Annotated[inputs.CancelDeploymentInput, described("The deployment.")],
    ) -> results.CancelDeploymentResult:
        async with info.context.installation.database.transaction() as session:
            row = await cancellations.cancel_deployment(
                session, principal=info.context.principal, request=input.request()
            )
        return results.CancelDeploymentSuccess(deployment=Deployment.of(row))

    @strawberry.mutation(
        description="Delete an idle environment. Its history stays, its name is free at once.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.ENVIRONMENT_DELETE)],
    )
    @answering
    async def delete_environment(
        self,
        info: Info,
        input: Annotated[inputs.DeleteEnvironmentInput, described("Environment and typed name.")],
    ) -> results.DeleteEnvironmentResult:
        async with info.context.installation.database.transaction() as session:
            row = await environments.delete_environment(
                session, principal=info.context.principal, request=input.request()
            )
        return results.DeleteEnvironmentSuccess(environment=Environment.of(row))
