"""What mutations of members, roles, invitations and access tokens are asked."""

from datetime import datetime
from uuid import UUID

import strawberry

import models
from schema.ids import decode_id
from services.access_tokens import NewAccessToken
from services.app_access import NewAccess
from services.custom_roles import CustomRoleUpdate, NewCustomRole
from services.invitations import NewInvitation
from services.members import RoleChange
from services.role_choices import RoleChoice

_IDEMPOTENCY_KEY = (
    "Makes the request safe to repeat: the same key and input give the same answer, "
    "the same key with another input is refused."
)
_ROLE = "A built-in role, instead of a custom one."
_CUSTOM_ROLE = "A custom role, instead of a built-in one."


def _choice(role: models.Role | None, custom_role_id: strawberry.ID | None) -> RoleChoice:
    if custom_role_id is None:
        return RoleChoice(role)
    return RoleChoice(role, custom=True, custom_role_id=decode_id("CustomRole", custom_role_id))


@strawberry.input(description="Whom to invite, to which role. Give one of the two roles.")
class InviteMemberInput:
    email: str = strawberry.field(description="The address; in which case does not matter.")
    role: models.Role | None = strawberry.field(default=None, description=_ROLE)
    custom_role_id: strawberry.ID | None = strawberry.field(default=None, description=_CUSTOM_ROLE)
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends by itself: in a week without it, 30 days at most."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewInvitation:
        return NewInvitation(
            email=self.email,
            choice=_choice(self.role, self.custom_role_id),
            expires_at=self.expires_at,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which invitation to end.")
class RevokeInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="The invitation.")

    def invitation(self) -> UUID | None:
        return decode_id("Invitation", self.invitation_id)


@strawberry.input(description="Which member gets which role. Give one of the two roles.")
class ChangeMemberRoleInput:
    member_id: strawberry.ID = strawberry.field(description="The member.")
    role: models.Role | None = strawberry.field(default=None, description=_ROLE)
    custom_role_id: strawberry.ID | None = strawberry.field(default=None, description=_CUSTOM_ROLE)

    def request(self) -> RoleChange:
        return RoleChange(
            member_id=decode_id("Member", self.member_id),
            choice=_choice(self.role, self.custom_role_id),
        )


@strawberry.input(
    description="What a member is to have in one app: one of the two roles, or switched off."
)
class SetAppAccessInput:
    member_id: strawberry.ID = strawberry.field(description="The member; not an owner.")
    app_id: strawberry.ID = strawberry.field(description="The app.")
    role: models.Role | None = strawberry.field(
        default=None, description="A built-in role, instead of a custom one; not `OWNER`."
    )
    custom_role_id: strawberry.ID | None = strawberry.field(default=None, description=_CUSTOM_ROLE)
    switched_off: bool = strawberry.field(
        default=False, description="Instead of a role: the app is not there for them."
    )

    def request(self) -> NewAccess:
        return NewAccess(
            member_id=decode_id("Member", self.member_id),
            app_id=decode_id("App", self.app_id),
            choice=_choice(self.role, self.custom_role_id),
            switched_off=self.switched_off,
        )


@strawberry.input(description="Where a member's role of all apps is to hold again.")
class ClearAppAccessInput:
    member_id: strawberry.ID = strawberry.field(description="The member.")
    app_id: strawberry.ID = strawberry.field(description="The app.")

    def member(self) -> UUID | None:
        return decode_id("Member", self.member_id)

    def app(self) -> UUID | None:
        return decode_id("App", self.app_id)


@strawberry.input(description="Which member to deactivate.")
class DeactivateMemberInput:
    member_id: strawberry.ID = strawberry.field(description="The member.")

    def member(self) -> UUID | None:
        return decode_id("Member", self.member_id)


@strawberry.input(description="Which member to let back in.")
class ReactivateMemberInput:
    member_id: strawberry.ID = strawberry.field(description="The member.")

    def member(self) -> UUID | None:
        return decode_id("Member", self.member_id)


@strawberry.input(description="A role to name.")
class CreateCustomRoleInput:
    name: str = strawberry.field(
        description="At most 40 letters, digits, spaces, hyphens and underscores; a letter first."
    )
    permissions: list[str] = strawberry.field(
        description="What it allows, such as `environment.promote`; each of them one's own."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewCustomRole:
        return NewCustomRole(
            name=self.name,
            permissions=tuple(self.permissions),
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="What of a custom role changes; what is left out stays.")
class UpdateCustomRoleInput:
    custom_role_id: strawberry.ID = strawberry.field(description="The role.")
    name: str | None = strawberry.field(default=None, description="Its new name.")
    permissions: list[str] | None = strawberry.field(
        default=None, description="All that it allows from now on; what is new, one's own."
    )

    def request(self) -> CustomRoleUpdate:
        return CustomRoleUpdate(
            custom_role_id=decode_id("CustomRole", self.custom_role_id),
            name=self.name,
            permissions=None if self.permissions is None else tuple(self.permissions),
        )


@strawberry.input(description="Which custom role to delete; nobody may have it.")
class DeleteCustomRoleInput:
    custom_role_id: strawberry.ID = strawberry.field(description="The role.")

    def custom_role(self) -> UUID | None:
        return decode_id("CustomRole", self.custom_role_id)


@strawberry.input(description="An access token of one's own to make.")
class CreateAccessTokenInput:
    name: str = strawberry.field(description="What to tell it by, at most 100 characters.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends by itself; never without it."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_IDEMPOTENCY_KEY)

    def request(self) -> NewAccessToken:
        return NewAccessToken(
            name=self.name, expires_at=self.expires_at, idempotency_key=self.idempotency_key
        )


@strawberry.input(description="Which access token to end.")
class RevokeAccessTokenInput:
    access_token_id: strawberry.ID = strawberry.field(description="The token.")

    def access_token(self) -> UUID | None:
        return decode_id("AccessToken", self.access_token_id)
