"""What mutations answer: one success, or a typed refusal."""

from typing import Annotated

import strawberry

from schema import errors
from schema.api_keys import ApiKey
from schema.apps import App, Repository
from schema.deployments import Deployment
from schema.environments import Environment
from schema.requirements import WITH_PARENT
from schema.service_tokens import ServiceToken
from schema.sessions import SignInSession


@strawberry.type(description="The app was created, and its environment `dev` with it.")
class CreateAppSuccess:
    app: App = strawberry.field(description="The new app.", directives=[WITH_PARENT])


@strawberry.type(description="The repository is linked, and its HEAD is being deployed to `dev`.")
class LinkRepositorySuccess:
    repository: Repository = strawberry.field(
        description="The linked repository.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The repository has a new webhook secret; the old one is refused.")
class RotateWebhookSecretSuccess:
    repository: Repository = strawberry.field(
        description="The repository.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The environment was created; it serves nothing yet.")
class CreateEnvironmentSuccess:
    environment: Environment = strawberry.field(
        description="The new environment.", directives=[WITH_PARENT]
    )
    api_key_creation_url: str = strawberry.field(
        description="Where a key for it can be made; none was made with it."
    )


@strawberry.type(description="The promotion was accepted; its build follows.")
class PromoteEnvironmentSuccess:
    deployment: Deployment = strawberry.field(
        description="The deployment to watch.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The redeployment was accepted.")
class RedeployEnvironmentSuccess:
    deployment: Deployment = strawberry.field(
        description="The deployment to watch.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The retry was accepted.")
class RetryDeploymentSuccess:
    deployment: Deployment = strawberry.field(
        description="The new deployment to watch.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The rollback was accepted.")
class RollbackEnvironmentSuccess:
    deployment: Deployment = strawberry.field(
        description="The deployment to watch.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The deployment was cancelled.")
class CancelDeploymentSuccess:
    deployment: Deployment = strawberry.field(
        description="The deployment as it settled.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The environment was deleted; its history stays.")
class DeleteEnvironmentSuccess:
    environment: Environment = strawberry.field(
        description="The deleted environment.", directives=[WITH_PARENT]
    )


CreateAppResult = Annotated[
    CreateAppSuccess
    | errors.InvalidNameError
    | errors.NameTakenError
    | errors.AppLimitError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("CreateAppResult", description="The new app, or why there is none."),
]

LinkRepositoryResult = Annotated[
    LinkRepositorySuccess
    | errors.RepositoryUnreachableError
    | errors.RepositoryTakenError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "LinkRepositoryResult", description="The repository, or why it is not linked."
    ),
]

CreateEnvironmentResult = Annotated[
    CreateEnvironmentSuccess
    | errors.InvalidNameError
    | errors.NameTakenError
    | errors.EnvironmentLimitError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "CreateEnvironmentResult", description="The new environment, or why there is none."
    ),
]

PromoteEnvironmentResult = Annotated[
    PromoteEnvironmentSuccess
    | errors.TargetIsDefaultError
    | errors.SourceIsTargetError
    | errors.GitConnectionMissingError
    | errors.RepositoryUnreachableError
    | errors.ContentInvalidError
    | errors.EnvironmentBusyError
    | errors.StaleSourceError
    | errors.StaleTargetError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "PromoteEnvironmentResult", description="The promotion to watch, or why it was refused."
    ),
]

RedeployEnvironmentResult = Annotated[
    RedeployEnvironmentSuccess
    | errors.EnvironmentBusyError
    | errors.EnvironmentNotPinnedError
    | errors.GitConnectionMissingError
    | errors.RepositoryUnreachableError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "RedeployEnvironmentResult", description="The deployment to watch, or why there is none."
    ),
]

RetryDeploymentResult = Annotated[
    RetryDeploymentSuccess
    | errors.NotRetryableError
    | errors.EnvironmentBusyError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "RetryDeploymentResult", description="The new deployment, or why there is none."
    ),
]

RollbackEnvironmentResult = Annotated[
    RollbackEnvironmentSuccess
    | errors.AlreadyServingError
    | errors.VersionNotFoundError
    | errors.TargetIsDefaultError
    | errors.EnvironmentBusyError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union(
        "RollbackEnvironmentResult", description="The deployment to watch, or why there is none."
    ),
]

CancelDeploymentResult = Annotated[
    CancelDeploymentSuccess
    | errors.AlreadySettledError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union(
        "CancelDeploymentResult", description="The cancelled deployment, or why it was not."
    ),
]

DeleteEnvironmentResult = Annotated[
    DeleteEnvironmentSuccess
    | errors.ConfirmationMismatchError
    | errors.DefaultEnvironmentLockedError
    | errors.EnvironmentBusyError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union(
        "DeleteEnvironmentResult", description="The deleted environment, or why it was not."
    ),
]

RotateWebhookSecretResult = Annotated[
    RotateWebhookSecretSuccess
    | errors.GitConnectionMissingError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union(
        "RotateWebhookSecretResult", description="The repository, or why nothing changed."
    ),
]


@strawberry.type(description="The key was made. This is the one time that it is shown.")
class CreateApiKeySuccess:
    api_key: ApiKey = strawberry.field(description="The new key.", directives=[WITH_PARENT])
    plaintext: str = strawberry.field(
        description="The key itself. Only its digest is kept: note it now."
    )


@strawberry.type(description="The key has ended, on every server at once.")
class RevokeApiKeySuccess:
    api_key: ApiKey = strawberry.field(description="The revoked key.", directives=[WITH_PARENT])


CreateApiKeyResult = Annotated[
    CreateApiKeySuccess
    | errors.ApiKeyLimitError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("CreateApiKeyResult", description="The new key, or why there is none."),
]

RevokeApiKeyResult = Annotated[
    RevokeApiKeySuccess | errors.NotFoundError | errors.PermissionDeniedError,
    strawberry.union("RevokeApiKeyResult", description="The revoked key, or why it was not."),
]


@strawberry.type(description="The session has ended, on every server at once.")
class EndSessionSuccess:
    session: SignInSession = strawberry.field(
        description="The ended session.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The other sessions have ended, on every server at once.")
class EndOtherSessionsSuccess:
    ended_count: int = strawberry.field(description="How many that were.")


@strawberry.type(description="The service token was made. This is the one time that it is shown.")
class CreateServiceTokenSuccess:
    service_token: ServiceToken = strawberry.field(
        description="The new token.", directives=[WITH_PARENT]
    )
    plaintext: str = strawberry.field(
        description="The token itself. Only its digest is kept: note it now."
    )


@strawberry.type(description="The service token has ended, on every server at once.")
class RevokeServiceTokenSuccess:
    service_token: ServiceToken = strawberry.field(
        description="The revoked token.", directives=[WITH_PARENT]
    )


EndSessionResult = Annotated[
    EndSessionSuccess | errors.NotFoundError,
    strawberry.union("EndSessionResult", description="The ended session, or why it was not."),
]

EndOtherSessionsResult = Annotated[
    EndOtherSessionsSuccess | errors.NotFoundError,
    strawberry.union("EndOtherSessionsResult", description="How many ended, or why none did."),
]

CreateServiceTokenResult = Annotated[
    CreateServiceTokenSuccess
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("CreateServiceTokenResult", description="The token, or why there is none."),
]

RevokeServiceTokenResult = Annotated[
    RevokeServiceTokenSuccess | errors.NotFoundError | errors.PermissionDeniedError,
    strawberry.union("RevokeServiceTokenResult", description="The token, or why it is as it was."),
]
