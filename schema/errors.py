"""Refusals: the domain's exceptions as GraphQL types, in one mapping."""

from enum import Enum
from uuid import UUID

import strawberry

from schema.context import Info
from schema.deployments import ContentProblem, Deployment, load_deployment
from schema.enums import describe
from schema.requirements import WITH_PARENT
from services import errors


class ErrorCode(Enum):
    """The machine-readable name of a refusal."""

    NOT_FOUND = "NOT_FOUND"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_NAME = "INVALID_NAME"
    NAME_TAKEN = "NAME_TAKEN"
    REPOSITORY_TAKEN = "REPOSITORY_TAKEN"
    REPOSITORY_UNREACHABLE = "REPOSITORY_UNREACHABLE"
    ENVIRONMENT_LIMIT = "ENVIRONMENT_LIMIT"
    API_KEY_LIMIT = "API_KEY_LIMIT"
    APP_LIMIT = "APP_LIMIT"
    ENVIRONMENT_BUSY = "ENVIRONMENT_BUSY"
    ENVIRONMENT_NOT_PINNED = "ENVIRONMENT_NOT_PINNED"
    DEFAULT_ENVIRONMENT_LOCKED = "DEFAULT_ENVIRONMENT_LOCKED"
    CONFIRMATION_MISMATCH = "CONFIRMATION_MISMATCH"
    TARGET_IS_DEFAULT = "TARGET_IS_DEFAULT"
    SOURCE_IS_TARGET = "SOURCE_IS_TARGET"
    GIT_CONNECTION_MISSING = "GIT_CONNECTION_MISSING"
    CONTENT_INVALID = "CONTENT_INVALID"
    STALE_SOURCE = "STALE_SOURCE"
    STALE_TARGET = "STALE_TARGET"
    VERSION_NOT_FOUND = "VERSION_NOT_FOUND"
    ALREADY_SERVING = "ALREADY_SERVING"
    ALREADY_SETTLED = "ALREADY_SETTLED"
    NOT_RETRYABLE = "NOT_RETRYABLE"
    LAST_OWNER = "LAST_OWNER"
    OWNER_REQUIRED = "OWNER_REQUIRED"
    OWNER_ACCESS = "OWNER_ACCESS"
    MEMBER_REQUIRED = "MEMBER_REQUIRED"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    ROLE_IN_USE = "ROLE_IN_USE"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"


describe(
    ErrorCode,
    "The machine-readable name of a refusal.",
    {
        ErrorCode.NOT_FOUND: "It does not exist, or the viewer may not see it.",
        ErrorCode.PERMISSION_DENIED: "The viewer may see it, but not do this.",
        ErrorCode.INVALID_INPUT: "A field of the input cannot be used as given.",
        ErrorCode.INVALID_NAME: "Not a name: 2 to 40 of a-z, 0-9 and hyphen, a letter first.",
        ErrorCode.NAME_TAKEN: "The name is in use.",
        ErrorCode.REPOSITORY_TAKEN: "Another app follows this branch of the repository.",
        ErrorCode.REPOSITORY_UNREACHABLE: "The repository did not answer, or not as it should.",
        ErrorCode.ENVIRONMENT_LIMIT: "The plan allows no further environment.",
        ErrorCode.API_KEY_LIMIT: "The plan allows no further API key in the app.",
        ErrorCode.APP_LIMIT: "The plan allows no further app.",
        ErrorCode.ENVIRONMENT_BUSY: "A deployment into the environment is in flight.",
        ErrorCode.ENVIRONMENT_NOT_PINNED: "Nothing was promoted into the environment yet.",
        ErrorCode.DEFAULT_ENVIRONMENT_LOCKED: "The default environment cannot be deleted.",
        ErrorCode.CONFIRMATION_MISMATCH: "The typed name is not the environment's.",
        ErrorCode.TARGET_IS_DEFAULT: "The default environment is never a target.",
        ErrorCode.SOURCE_IS_TARGET: "An environment cannot be promoted into itself.",
        ErrorCode.GIT_CONNECTION_MISSING: "The app has no linked repository.",
        ErrorCode.CONTENT_INVALID: "The content at the commit does not validate.",
        ErrorCode.STALE_SOURCE: "The source is no longer at the expected commit.",
        ErrorCode.STALE_TARGET: "The target no longer serves the expected version.",
        ErrorCode.VERSION_NOT_FOUND: "The environment has no such successful version.",
        ErrorCode.ALREADY_SERVING: "The environment serves this version already.",
        ErrorCode.ALREADY_SETTLED: "The deployment settled before it could be cancelled.",
        ErrorCode.NOT_RETRYABLE: "The deployment cannot be run again.",
        ErrorCode.LAST_OWNER: "The organization would have no active owner.",
        ErrorCode.OWNER_REQUIRED: "Only an owner may: it makes, changes or unmakes one.",
        ErrorCode.OWNER_ACCESS: "An owner has no role in a single app.",
        ErrorCode.MEMBER_REQUIRED: "Only a member may; an API key is none.",
        ErrorCode.ALREADY_MEMBER: "A member has the address.",
        ErrorCode.INVITATION_ACCEPTED: "The invitation made a member already.",
        ErrorCode.ROLE_IN_USE: "Somebody has the role, or is invited to it.",
        ErrorCode.IDEMPOTENCY_CONFLICT: "The key was used before with another input.",
    },
)


@strawberry.interface(description="An expected refusal: what was wrong, and where in the input.")
class UserError:
    code: ErrorCode = strawberry.field(description="The machine-readable name of the refusal.")
    message: str = strawberry.field(description="The refusal in words, safe to show.")
    path: list[str] = strawberry.field(description="The input field at fault, from `input` down.")


@strawberry.type(description="It does not exist, or the viewer may not see it.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="The viewer may see the thing, but not do this to it.")
class PermissionDeniedError(UserError):
    permission: str = strawberry.field(description="The permission that is missing.")


@strawberry.type(description="A field of the input cannot be used as given.")
class InvalidInputError(UserError):
    field: str = strawberry.field(description="The input field at fault.")


@strawberry.type(description="Not a name: 2 to 40 of a-z, 0-9 and hyphen, starting with a letter.")
class InvalidNameError(UserError):
    pass


@strawberry.type(description="The name is in use.")
class NameTakenError(UserError):
    pass


@strawberry.type(description="Another app follows this branch of the repository.")
class RepositoryTakenError(UserError):
    pass


@strawberry.type(description="The repository did not answer, or not as it should.")
class RepositoryUnreachableError(UserError):
    pass


@strawberry.interface(description="The plan allows no more of something.")
class PlanLimitError(UserError):
    plan: str = strawberry.field(description="The plan's name.")
    limit: int = strawberry.field(description="How many it allows.")
    current: int = strawberry.field(description="How many there are.")


@strawberry.type(description="The plan allows no further environment in this app, `dev` counted.")
class EnvironmentLimitError(PlanLimitError):
    pass


@strawberry.type(description="The plan allows no further API key in this app.")
class ApiKeyLimitError(PlanLimitError):
    pass


@strawberry.type(description="The plan allows no further app.")
class AppLimitError(PlanLimitError):
    pass


@strawberry.type(description="A deployment into the environment is in flight.")
class EnvironmentBusyError(UserError):
    deployment_id: strawberry.Private[UUID]

    @strawberry.field(description="The deployment in flight.", directives=[WITH_PARENT])
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.deployment_id)


@strawberry.type(description="Nothing was promoted into the environment yet.")
class EnvironmentNotPinnedError(UserError):
    pass


@strawberry.type(description="The default environment lives as long as its app.")
class DefaultEnvironmentLockedError(UserError):
    pass


@strawberry.type(description="The typed name is not the environment's.")
class ConfirmationMismatchError(UserError):
    pass


@strawberry.type(description="The default environment tracks HEAD and is never a target.")
class TargetIsDefaultError(UserError):
    pass


@strawberry.type(description="An environment cannot be promoted into itself.")
class SourceIsTargetError(UserError):
    pass


@strawberry.type(description="The app has no linked repository, so there is no commit to build.")
class GitConnectionMissingError(UserError):
    pass


@strawberry.type(description="The content at the commit does not validate; nothing was promoted.")
class ContentInvalidError(UserError):
    deployment_id: strawberry.Private[UUID]
    problems: list[ContentProblem] = strawberry.field(
        description="All that is wrong.", directives=[WITH_PARENT]
    )

    @strawberry.field(description="The record of the attempt.", directives=[WITH_PARENT])
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.deployment_id)


@strawberry.type(description="The source is no longer at `expectedSourceCommit`.")
class StaleSourceError(UserError):
    pass


@strawberry.type(description="The target no longer serves `expectedTargetVersion`.")
class StaleTargetError(UserError):
    pass


@strawberry.type(description="The environment has no such successful version.")
class VersionNotFoundError(UserError):
    pass


@strawberry.type(description="The environment serves this version already.")
class AlreadyServingError(UserError):
    pass


@strawberry.type(description="The deployment settled before it could be cancelled.")
class AlreadySettledError(UserError):
    deployment_id: strawberry.Private[UUID]

    @strawberry.field(description="The deployment as it settled.", directives=[WITH_PARENT])
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.deployment_id)


@strawberry.type(description="The deployment cannot be run again.")
class NotRetryableError(UserError):
    pass


@strawberry.type(description="The idempotency key was used before with another input.")
class IdempotencyConflictError(UserError):
    pass


@strawberry.type(description="This is the only active owner; an organization always has one.")
class LastOwnerError(UserError):
    pass


@strawberry.type(description="Only an owner makes, changes or unmakes an owner.")
class OwnerRequiredError(UserError):
    pass


@strawberry.type(description="An owner may do everything in every app, and has no role in one.")
class OwnerAccessError(UserError):
    pass


@strawberry.type(description="Only a member has access tokens; an API key is none.")
class MemberRequiredError(UserError):
    pass


@strawberry.type(description="A member has the address, if only one who was deactivated.")
class AlreadyMemberError(UserError):
    pass


@strawberry.type(description="The invitation made a member already.")
class InvitationAcceptedError(UserError):
    pass


@strawberry.type(description="Members have the role, somewhere, or open invitations offer it.")
class RoleInUseError(UserError):
    pass


_PLAIN: dict[type[errors.DomainError], tuple[type[UserError], ErrorCode]] = {
    errors.NotFound: (NotFoundError, ErrorCode.NOT_FOUND),
    errors.InvalidName: (InvalidNameError, ErrorCode.INVALID_NAME),
    errors.NameTaken: (NameTakenError, ErrorCode.NAME_TAKEN),
    errors.RepositoryTaken: (RepositoryTakenError, ErrorCode.REPOSITORY_TAKEN),
    errors.RepositoryUnreachable: (
        RepositoryUnreachableError,
        ErrorCode.REPOSITORY_UNREACHABLE,
    ),
    errors.EnvironmentNotPinned: (
        EnvironmentNotPinnedError,
        ErrorCode.ENVIRONMENT_NOT_PINNED,
    ),
    errors.DefaultEnvironmentLocked: (
        DefaultEnvironmentLockedError,
        ErrorCode.DEFAULT_ENVIRONMENT_LOCKED,
    ),
    errors.ConfirmationMismatch: (
        ConfirmationMismatchError,
        ErrorCode.CONFIRMATION_MISMATCH,
    ),
    errors.TargetIsDefault: (TargetIsDefaultError, ErrorCode.TARGET_IS_DEFAULT),
    errors.SourceIsTarget: (SourceIsTargetError, ErrorCode.SOURCE_IS_TARGET),
    errors.GitConnectionMissing: (
        GitConnectionMissingError,
        ErrorCode.GIT_CONNECTION_MISSING,
    ),
    errors.StaleSource: (StaleSourceError, ErrorCode.STALE_SOURCE),
    errors.StaleTarget: (StaleTargetError, ErrorCode.STALE_TARGET),
    errors.VersionNotFound: (VersionNotFoundError, ErrorCode.VERSION_NOT_FOUND),
    errors.AlreadyServing: (AlreadyServingError, ErrorCode.ALREADY_SERVING),
    errors.NotRetryable: (NotRetryableError, ErrorCode.NOT_RETRYABLE),
    errors.LastOwner: (LastOwnerError, ErrorCode.LAST_OWNER),
    errors.OwnerRequired: (OwnerRequiredError, ErrorCode.OWNER_REQUIRED),
    errors.OwnerAccess: (OwnerAccessError, ErrorCode.OWNER_ACCESS),
    errors.MemberRequired: (MemberRequiredError, ErrorCode.MEMBER_REQUIRED),
    errors.AlreadyMember: (AlreadyMemberError, ErrorCode.ALREADY_MEMBER),
    errors.InvitationAccepted: (InvitationAcceptedError, ErrorCode.INVITATION_ACCEPTED),
    errors.RoleInUse: (RoleInUseError, ErrorCode.ROLE_IN_USE),
    errors.IdempotencyConflict: (
        IdempotencyConflictError,
        ErrorCode.IDEMPOTENCY_CONFLICT,
    ),
}

_LIMITS: dict[type[errors.PlanLimit], tuple[type[PlanLimitError], ErrorCode]] = {
    errors.EnvironmentLimit: (EnvironmentLimitError, ErrorCode.ENVIRONMENT_LIMIT),
    errors.ApiKeyLimit: (ApiKeyLimitError, ErrorCode.API_KEY_LIMIT),
    errors.AppLimit: (AppLimitError, ErrorCode.APP_LIMIT),
}


def from_domain(error: errors.DomainError) -> UserError:
    """The GraphQL type of a refusal; one without a type is a bug and is raised again."""
    message, path = error.message, list(error.path)
    match error:
        case errors.PermissionDenied():
            return PermissionDeniedError(
                code=ErrorCode.PERMISSION_DENIED,
                message=message,
                path=path,
                permission=error.permission,
            )
        case errors.PlanLimit():
            limited, code = _LIMITS[type(error)]
            return limited(
                code=code,
                message=message,
                path=path,
                plan=error.plan,
                limit=error.limit,
                current=error.current,
            )
        case errors.EnvironmentBusy():
            return EnvironmentBusyError(
                code=ErrorCode.ENVIRONMENT_BUSY,
                message=message,
                path=path,
                deployment_id=error.deployment_id,
            )
        case errors.AlreadySettled():
            return AlreadySettledError(
                code=ErrorCode.ALREADY_SETTLED,
                message=message,
                path=path,
                deployment_id=error.deployment_id,
            )
        case errors.ContentInvalid():
            return ContentInvalidError(
                code=ErrorCode.CONTENT_INVALID,
                message=message,
                path=path,
                deployment_id=error.deployment_id,
                problems=[ContentProblem.of(problem) for problem in error.problems],
            )
        case errors.InvalidInput() if type(error) is errors.InvalidInput:
            return InvalidInputError(
                code=ErrorCode.INVALID_INPUT, message=message, path=path, field=error.field
            )
        case _:
            published, code = _PLAIN[type(error)]
            return published(code=code, message=message, path=path)
