"""What mutations of members, roles, invitations and access tokens answer."""

from typing import Annotated

import strawberry

from schema import errors
from schema.members import AccessToken, AppAccess, CustomRole, Invitation, Member
from schema.requirements import WITH_PARENT


@strawberry.type(description="The invitation was made. This is the one time that it is shown.")
class InviteMemberSuccess:
    invitation: Invitation = strawberry.field(
        description="The new invitation.", directives=[WITH_PARENT]
    )
    plaintext: str = strawberry.field(
        description="The token that accepts it. Only its digest is kept: send it on now."
    )
    url: str = strawberry.field(description="The link to send, which carries the token.")


@strawberry.type(description="The invitation has ended.")
class RevokeInvitationSuccess:
    invitation: Invitation = strawberry.field(
        description="The invitation as it is now.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The member has the role, on every server at once.")
class ChangeMemberRoleSuccess:
    member: Member = strawberry.field(description="The member.", directives=[WITH_PARENT])


@strawberry.type(description="The member has this in the app, on every server at once.")
class SetAppAccessSuccess:
    app_access: AppAccess = strawberry.field(
        description="What they have.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The member has in the app what they have in all others.")
class ClearAppAccessSuccess:
    member: Member = strawberry.field(description="The member.", directives=[WITH_PARENT])


@strawberry.type(
    description="The member is nobody, on every server at once. Their access tokens have ended, "
    "and the open invitations that they made. API keys that they made stay: those are the app's."
)
class DeactivateMemberSuccess:
    member: Member = strawberry.field(
        description="The deactivated member.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The member is back, with the roles that they had.")
class ReactivateMemberSuccess:
    member: Member = strawberry.field(description="The member.", directives=[WITH_PARENT])


@strawberry.type(description="The role was made.")
class CreateCustomRoleSuccess:
    custom_role: CustomRole = strawberry.field(
        description="The new role.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The role has changed for everybody who has it, at once.")
class UpdateCustomRoleSuccess:
    custom_role: CustomRole = strawberry.field(
        description="The role as it is now.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The role is gone; its name is free.")
class DeleteCustomRoleSuccess:
    custom_role: CustomRole = strawberry.field(
        description="The role that was deleted.", directives=[WITH_PARENT]
    )


@strawberry.type(description="The token was made. This is the one time that it is shown.")
class CreateAccessTokenSuccess:
    access_token: AccessToken = strawberry.field(
        description="The new token.", directives=[WITH_PARENT]
    )
    plaintext: str = strawberry.field(
        description="The token itself. Only its digest is kept: note it now."
    )


@strawberry.type(description="The token has ended, on every server at once.")
class RevokeAccessTokenSuccess:
    access_token: AccessToken = strawberry.field(
        description="The revoked token.", directives=[WITH_PARENT]
    )


InviteMemberResult = Annotated[
    InviteMemberSuccess
    | errors.AlreadyMemberError
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("InviteMemberResult", description="The invitation, or why there is none."),
]

RevokeInvitationResult = Annotated[
    RevokeInvitationSuccess
    | errors.InvitationAcceptedError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union("RevokeInvitationResult", description="The invitation, or why it stands."),
]

ChangeMemberRoleResult = Annotated[
    ChangeMemberRoleSuccess
    | errors.LastOwnerError
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError,
    strawberry.union(
        "ChangeMemberRoleResult", description="The member, or why they keep their role."
    ),
]

SetAppAccessResult = Annotated[
    SetAppAccessSuccess
    | errors.OwnerAccessError
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError,
    strawberry.union("SetAppAccessResult", description="What they have, or why nothing changed."),
]

ClearAppAccessResult = Annotated[
    ClearAppAccessSuccess
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union("ClearAppAccessResult", description="The member, or why nothing changed."),
]

DeactivateMemberResult = Annotated[
    DeactivateMemberSuccess
    | errors.LastOwnerError
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union("DeactivateMemberResult", description="The member, or why they stay."),
]

ReactivateMemberResult = Annotated[
    ReactivateMemberSuccess
    | errors.OwnerRequiredError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union("ReactivateMemberResult", description="The member, or why they stay out."),
]

CreateCustomRoleResult = Annotated[
    CreateCustomRoleSuccess
    | errors.NameTakenError
    | errors.PermissionDeniedError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("CreateCustomRoleResult", description="The role, or why there is none."),
]

UpdateCustomRoleResult = Annotated[
    UpdateCustomRoleSuccess
    | errors.NameTakenError
    | errors.NotFoundError
    | errors.PermissionDeniedError
    | errors.InvalidInputError,
    strawberry.union("UpdateCustomRoleResult", description="The role, or why it did not change."),
]

DeleteCustomRoleResult = Annotated[
    DeleteCustomRoleSuccess
    | errors.RoleInUseError
    | errors.NotFoundError
    | errors.PermissionDeniedError,
    strawberry.union("DeleteCustomRoleResult", description="The role, or why it stays."),
]

CreateAccessTokenResult = Annotated[
    CreateAccessTokenSuccess
    | errors.MemberRequiredError
    | errors.InvalidInputError
    | errors.IdempotencyConflictError,
    strawberry.union("CreateAccessTokenResult", description="The token, or why there is none."),
]

RevokeAccessTokenResult = Annotated[
    RevokeAccessTokenSuccess | errors.OwnerRequiredError | errors.NotFoundError,
    strawberry.union("RevokeAccessTokenResult", description="The token, or why it was not ended."),
]
