"""Mutations of sessions and service tokens."""

from typing import Annotated

import strawberry

from resolvers.answering import answering, described
from schema import inputs, results
from schema.context import Info
from schema.requirements import OWN, needs, sees
from schema.service_tokens import ServiceToken
from schema.sessions import SignInSession
from services import service_tokens, sessions
from services.principals import Permission


@strawberry.type
class SignInMutations:
    @strawberry.mutation(
        description="End one of one's own sessions: its browser is signed out at once, everywhere.",
        directives=[OWN],
    )
    @answering
    async def end_session(
        self, info: Info, input: Annotated[inputs.EndSessionInput, described("The session.")]
    ) -> results.EndSessionResult:
        async with info.context.installation.database.transaction() as session:
            row = await sessions.end_session(
                session, principal=info.context.principal, session_id=input.session()
            )
        return results.EndSessionSuccess(session=SignInSession.of(row))

    @strawberry.mutation(
        description="End all of one's own sessions but one, which is this one unless told.",
        directives=[OWN],
    )
    @answering
    async def end_other_sessions(
        self,
        info: Info,
        input: Annotated[inputs.EndOtherSessionsInput, described("The one to keep.")],
    ) -> results.EndOtherSessionsResult:
        principal = info.context.principal
        async with info.context.installation.database.transaction() as session:
            ended = await sessions.end_other_sessions(
                session, principal=principal, kept=input.kept(principal.session_id)
            )
        return results.EndOtherSessionsSuccess(ended_count=ended)

    @strawberry.mutation(
        description="Make a token for a service, with no more than one holds oneself in any app "
        "that it reaches. The answer shows it once.",
        directives=[needs(Permission.MEMBER_WRITE), sees(Permission.APP_READ)],
    )
    @answering
    async def create_service_token(
        self, info: Info, input: Annotated[inputs.CreateServiceTokenInput, described("The token.")]
    ) -> results.CreateServiceTokenResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            made = await service_tokens.create_service_token(
                session,
                mint=installation.mint,
                pepper=installation.pepper,
                principal=info.context.principal,
                request=input.request(),
            )
        return results.CreateServiceTokenSuccess(
            service_token=ServiceToken.of(made.row), plaintext=made.plaintext
        )

    @strawberry.mutation(
        description="End a service token for good. It is refused everywhere at once.",
        directives=[sees(Permission.MEMBER_READ), needs(Permission.MEMBER_WRITE)],
    )
    @answering
    async def revoke_service_token(
        self, info: Info, input: Annotated[inputs.RevokeServiceTokenInput, described("The token.")]
    ) -> results.RevokeServiceTokenResult:
        async with info.context.installation.database.transaction() as session:
            row = await service_tokens.revoke_service_token(
                session,
                principal=info.context.principal,
                service_token_id=input.service_token(),
            )
        return results.RevokeServiceTokenSuccess(service_token=ServiceToken.of(row))
