"""Mutations of members, their roles, invitations and access tokens."""

from typing import Annotated

import strawberry

from resolvers.answering import answering, described
from schema import member_inputs as inputs
from schema import member_results as results
from schema.context import Info
from schema.members import AccessToken, AppAccess, CustomRole, Invitation, Member
from schema.requirements import OWN, needs, sees
from services import access_tokens, app_access, custom_roles, invitations, members
from services.principals import Permission


@strawberry.type
class MemberMutations:
    @strawberry.mutation(
        description="Invite somebody to the organization. The answer shows the link once; "
        "inviting an address again ends its open invitation.",
        directives=[needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def invite_member(
        self, info: Info, input: Annotated[inputs.InviteMemberInput, described("Whom, as what.")]
    ) -> results.InviteMemberResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            made = await invitations.invite_member(
                session,
                mint=installation.mint,
                pepper=installation.pepper,
                principal=info.context.principal,
                request=input.request(),
            )
        return results.InviteMemberSuccess(
            invitation=Invitation.of(made.row),
            plaintext=made.plaintext,
            url=f"{installation.base_url}/invitations/{made.plaintext}",
        )

    @strawberry.mutation(
        description="End an invitation that nobody has accepted.",
        directives=[sees(Permission.MEMBER_READ), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def revoke_invitation(
        self,
        info: Info,
        input: Annotated[inputs.RevokeInvitationInput, described("The invitation.")],
    ) -> results.RevokeInvitationResult:
        async with info.context.installation.database.transaction() as session:
            row = await invitations.revoke_invitation(
                session, principal=info.context.principal, invitation_id=input.invitation()
            )
        return results.RevokeInvitationSuccess(invitation=Invitation.of(row))

    @strawberry.mutation(
        description="Give a member another role. Nobody gives what they do not hold themselves.",
        directives=[sees(Permission.MEMBER_READ, own=True), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def change_member_role(
        self,
        info: Info,
        input: Annotated[inputs.ChangeMemberRoleInput, described("The member and the role.")],
    ) -> results.ChangeMemberRoleResult:
        async with info.context.installation.database.transaction() as session:
            row = await members.change_role(
                session, principal=info.context.principal, request=input.request()
            )
        return results.ChangeMemberRoleSuccess(member=Member.of(row))

    @strawberry.mutation(
        description="Give a member another role in one app, or switch the app off for them.",
        directives=[
            sees(Permission.MEMBER_READ, own=True),
            needs(Permission.MEMBER_WRITE),
            sees(Permission.APP_READ),
        ],
    )
    @answering
    async def set_app_access(
        self,
        info: Info,
        input: Annotated[inputs.SetAppAccessInput, described("The member, the app and what.")],
    ) -> results.SetAppAccessResult:
        async with info.context.installation.database.transaction() as session:
            row = await app_access.set_app_access(
                session, principal=info.context.principal, request=input.request()
            )
        return results.SetAppAccessSuccess(app_access=AppAccess.of(row))

    @strawberry.mutation(
        description="Let a member's role of all apps hold in an app again.",
        directives=[
            sees(Permission.MEMBER_READ, own=True),
            needs(Permission.MEMBER_WRITE),
            sees(Permission.APP_READ),
        ],
    )
    @answering
    async def clear_app_access(
        self,
        info: Info,
        input: Annotated[inputs.ClearAppAccessInput, described("The member and the app.")],
    ) -> results.ClearAppAccessResult:
        async with info.context.installation.database.transaction() as session:
            row = await app_access.clear_app_access(
                session,
                principal=info.context.principal,
                member_id=input.member(),
                app_id=input.app(),
            )
        return results.ClearAppAccessSuccess(member=Member.of(row))

    @strawberry.mutation(
        description="Make a member nobody, at once and everywhere. What they did stays theirs, "
        "and the API keys that they made stay the apps'.",
        directives=[sees(Permission.MEMBER_READ, own=True), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def deactivate_member(
        self, info: Info, input: Annotated[inputs.DeactivateMemberInput, described("The member.")]
    ) -> results.DeactivateMemberResult:
        async with info.context.installation.database.transaction() as session:
            row = await members.deactivate_member(
                session, principal=info.context.principal, member_id=input.member()
            )
        return results.DeactivateMemberSuccess(member=Member.of(row))

    @strawberry.mutation(
        description="Let a deactivated member back in, with the roles they had.",
        directives=[sees(Permission.MEMBER_READ, own=True), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def reactivate_member(
        self, info: Info, input: Annotated[inputs.ReactivateMemberInput, described("The member.")]
    ) -> results.ReactivateMemberResult:
        async with info.context.installation.database.transaction() as session:
            row = await members.reactivate_member(
                session, principal=info.context.principal, member_id=input.member()
            )
        return results.ReactivateMemberSuccess(member=Member.of(row))

    @strawberry.mutation(
        description="Name a list of permissions, to be given as a role.",
        directives=[needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def create_custom_role(
        self, info: Info, input: Annotated[inputs.CreateCustomRoleInput, described("The role.")]
    ) -> results.CreateCustomRoleResult:
        async with info.context.installation.database.transaction() as session:
            row = await custom_roles.create_custom_role(
                session, principal=info.context.principal, request=input.request()
            )
        return results.CreateCustomRoleSuccess(custom_role=CustomRole.of(row))

    @strawberry.mutation(
        description="Change a custom role, for everybody who has it and at once.",
        directives=[sees(Permission.MEMBER_READ), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def update_custom_role(
        self, info: Info, input: Annotated[inputs.UpdateCustomRoleInput, described("What changes.")]
    ) -> results.UpdateCustomRoleResult:
        async with info.context.installation.database.transaction() as session:
            row = await custom_roles.update_custom_role(
                session, principal=info.context.principal, request=input.request()
            )
        return results.UpdateCustomRoleSuccess(custom_role=CustomRole.of(row))

    @strawberry.mutation(
        description="Delete a custom role that nobody has.",
        directives=[sees(Permission.MEMBER_READ), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def delete_custom_role(
        self, info: Info, input: Annotated[inputs.DeleteCustomRoleInput, described("The role.")]
    ) -> results.DeleteCustomRoleResult:
        async with info.context.installation.database.transaction() as session:
            row = await custom_roles.delete_custom_role(
                session, principal=info.context.principal, custom_role_id=input.custom_role()
            )
        return results.DeleteCustomRoleSuccess(custom_role=CustomRole.of(row))

    @strawberry.mutation(
        description="Make an access token of one's own, as good as oneself. The answer shows it "
        "once.",
        directives=[OWN],
    )
    @answering
    async def create_access_token(
        self, info: Info, input: Annotated[inputs.CreateAccessTokenInput, described("The token.")]
    ) -> results.CreateAccessTokenResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            made = await access_tokens.create_access_token(
                session,
                mint=installation.mint,
                pepper=installation.pepper,
                principal=info.context.principal,
                request=input.request(),
            )
        return results.CreateAccessTokenSuccess(
            access_token=AccessToken.of(made.row), plaintext=made.plaintext
        )

    @strawberry.mutation(
        description="End an access token for good: one's own, or as one who manages members "
        "another's. An owner's is for owners to end.",
        directives=[sees(Permission.MEMBER_WRITE, own=True)],
    )
    @answering
    async def revoke_access_token(
        self, info: Info, input: Annotated[inputs.RevokeAccessTokenInput, described("The token.")]
    ) -> results.RevokeAccessTokenResult:
        async with info.context.installation.database.transaction() as session:
            row = await access_tokens.revoke_access_token(
                session, principal=info.context.principal, access_token_id=input.access_token()
            )
        return results.RevokeAccessTokenSuccess(access_token=AccessToken.of(row))
