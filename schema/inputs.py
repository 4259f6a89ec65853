"""What mutations are asked: one input object each."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import Role
from schema.ids import decode_id
from services.api_keys import NewApiKey
from services.apps import NewApp
from services.cancellations import Cancellation
from services.environments import Deletion, NewEnvironment
from services.granting import Preset
from services.promotions import Promotion
from services.redeploys import Redeploy
from services.repositories import Link
from services.retries import Retry
from services.rollbacks import Rollback
from services.service_tokens import NewServiceToken

_IDEMPOTENCY_KEY = (
    "Makes the request safe to repeat: the same key and input give the same answer, "
    "the same key with another input is refused."
)

NOBODYS = UUID(int=0)
"""The id of nothing: what an id stands for that was never given out."""


@strawberry.input(description="An app to create.")
class CreateAppInput:
    name: str = strawberry.field(
        description="2 to 40 lowercase letters, digits and hyphens; a letter first."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewApp:
        return NewApp(name=self.name, idempotency_key=self.idempotency_key)


@strawberry.input(description="A repository and branch for an app to follow.")
class LinkRepositoryInput:
    app_id: strawberry.ID = strawberry.field(description="The app.")
    url: str = strawberry.field(
        description="An https or ssh address, or the absolute path of a bare repository in a "
        "folder that the operator allows."
    )
    branch: str = strawberry.field(default="main", description="The branch that `dev` follows.")
    token: str | None = strawberry.field(
        default=None, description="A token that may read it, for https. Kept encrypted."
    )
    deploy_key: str | None = strawberry.field(
        default=None,
        description="A private key that may read it, without a passphrase, for ssh. Kept "
        "encrypted.",
    )
    host_key: str | None = strawberry.field(
        default=None,
        description="The key that the host has to show, for ssh: a public key such as "
        "`ssh-ed25519 AAAA…`, or its fingerprint `SHA256:…`. Without one the key that it shows "
        "now is kept, or the one that is kept already.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> Link:
        return Link(
            app_id=decode_id("App", self.app_id),
            url=self.url,
            branch=self.branch,
            token=self.token,
            deploy_key=self.deploy_key,
            host_key=self.host_key,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="An environment to create.")
class CreateEnvironmentInput:
    app_id: strawberry.ID = strawberry.field(description="The app to create it in.")
    name: str = strawberry.field(
        description="2 to 40 lowercase letters, digits and hyphens; a letter first."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewEnvironment:
        return NewEnvironment(
            app_id=decode_id("App", self.app_id),
            name=self.name,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="What to promote, and into what.")
class PromoteEnvironmentInput:
    source_id: strawberry.ID = strawberry.field(
        description="The environment to take from: its pinned commit, or HEAD without a pin."
    )
    target_id: strawberry.ID = strawberry.field(
        description="The environment to promote into; never `dev`."
    )
    note: str | None = strawberry.field(
        default=None, description="Why, for the history; at most 2000 characters."
    )
    expected_source_commit: str | None = strawberry.field(
        default=None, description="Refuse unless the source gives exactly this commit."
    )
    expected_target_version: int | None = strawberry.field(
        default=None,
        description="Refuse unless the target serves this version; 0 stands for no pin.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> Promotion:
        return Promotion(
            source_id=decode_id("Environment", self.source_id),
            target_id=decode_id("Environment", self.target_id),
            note=self.note,
            expected_source_commit=self.expected_source_commit,
            expected_target_version=self.expected_target_version,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="The environment to deploy again.")
class RedeployEnvironmentInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment.")
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> Redeploy:
        return Redeploy(
            environment_id=decode_id("Environment", self.environment_id),
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="The failed deployment to run again.")
class RetryDeploymentInput:
    deployment_id: strawberry.ID = strawberry.field(description="The failed deployment.")
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> Retry:
        return Retry(
            deployment_id=decode_id("Deployment", self.deployment_id),
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="The environment to roll back, and to which version.")
class RollbackEnvironmentInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment.")
    version: int = strawberry.field(
        description="A version that it served successfully, older or newer than the pinned one."
    )
    note: str | None = strawberry.field(
        default=None, description="Why, for the history; at most 2000 characters."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> Rollback:
        return Rollback(
            environment_id=decode_id("Environment", self.environment_id),
            version=self.version,
            note=self.note,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="The deployment to cancel.")
class CancelDeploymentInput:
    deployment_id: strawberry.ID = strawberry.field(description="A deployment in flight.")

    def request(self) -> Cancellation:
        return Cancellation(deployment_id=decode_id("Deployment", self.deployment_id))


@strawberry.input(description="The environment to delete.")
class DeleteEnvironmentInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment; never `dev`.")
    confirmation_name: str = strawberry.field(description="Its name, typed to confirm.")

    def request(self) -> Deletion:
        return Deletion(
            environment_id=decode_id("Environment", self.environment_id),
            confirmation_name=self.confirmation_name,
        )


@strawberry.input(description="The app whose repository gets a new webhook secret.")
class RotateWebhookSecretInput:
    app_id: strawberry.ID = strawberry.field(description="The app.")

    def app(self) -> UUID | None:
        return decode_id("App", self.app_id)


@strawberry.input(description="An API key to make. The permissions are those of both, together.")
class CreateApiKeyInput:
    environment_id: strawberry.ID = strawberry.field(
        description="The environment it is for; its data alone can be read with it."
    )
    name: str = strawberry.field(description="What to tell it by, at most 100 characters.")
    permissions: list[str] = strawberry.field(
        default_factory=list[str],
        description="Single permissions, such as `template.read`; each of them one's own.",
    )
    preset: Preset | None = strawberry.field(
        default=None, description="A named set of permissions; each of them one's own."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends by itself; never without it."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewApiKey:
        return NewApiKey(
            environment_id=decode_id("Environment", self.environment_id),
            name=self.name,
            permissions=tuple(self.permissions),
            preset=self.preset,
            expires_at=self.expires_at,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which API key to end.")
class RevokeApiKeyInput:
    api_key_id: strawberry.ID = strawberry.field(description="The key.")

    def api_key(self) -> UUID | None:
        return decode_id("ApiKey", self.api_key_id)


@strawberry.input(description="Which session to end.")
class EndSessionInput:
    session_id: strawberry.ID = strawberry.field(description="One of one's own sessions.")

    def session(self) -> UUID | None:
        return decode_id("SignInSession", self.session_id)


@strawberry.input(description="Which session not to end.")
class EndOtherSessionsInput:
    kept_session_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="One of one's own sessions to keep, in place of the one that sends this.",
    )

    def kept(self, current: UUID | None) -> UUID | None:
        """The one to keep; an id that names none stands for no session of anybody's."""
        if self.kept_session_id is None:
            return current
        return decode_id("SignInSession", self.kept_session_id) or NOBODYS


@strawberry.input(description="A service token to make: with a role or with permissions.")
class CreateServiceTokenInput:
    name: str = strawberry.field(description="What to tell it by, at most 100 characters.")
    role: Role | None = strawberry.field(
        default=None, description="A built-in role below owner, without letting others in."
    )
    permissions: list[str] = strawberry.field(
        default_factory=list[str],
        description="Single permissions in place of a role, such as `environment.promote`.",
    )
    app_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The apps that it is good in, at most 100; all unless told."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends by itself; never without it."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewServiceToken:
        apps = self.app_ids
        return NewServiceToken(
            name=self.name,
            role=self.role,
            permissions=tuple(self.permissions),
            app_ids=None if apps is None else tuple(decode_id("App", each) for each in apps),
            expires_at=self.expires_at,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which service token to end.")
class RevokeServiceTokenInput:
    service_token_id: strawberry.ID = strawberry.field(description="The token.")

    def service_token(self) -> UUID | None:
        return decode_id("ServiceToken", self.service_token_id)
