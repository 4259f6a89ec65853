"""Mutations of API keys."""

from typing import Annotated

import strawberry

from resolvers.answering import answering, described
from schema import inputs, results
from schema.api_keys import ApiKey
from schema.context import Info
from schema.requirements import needs, sees
from services import api_keys
from services.principals import Permission


@strawberry.type
class ApiKeyMutations:
    @strawberry.mutation(
        description="Make an API key of an environment, with permissions that one holds oneself. "
        "The answer shows it once.",
        directives=[sees(Permission.ENVIRONMENT_READ), needs(Permission.API_KEY_INSERT)],
    )
    @answering
    async def create_api_key(
        self, info: Info, input: Annotated[inputs.CreateApiKeyInput, described("The key.")]
    ) -> results.CreateApiKeyResult:
        installation = info.context.installation
        async with installation.database.transaction() as session:
            made = await api_keys.create_api_key(
                session,
                mint=installation.mint,
                pepper=installation.pepper,
                principal=info.context.principal,
                request=input.request(),
            )
        return results.CreateApiKeySuccess(api_key=ApiKey.of(made.row), plaintext=made.plaintext)

    @strawberry.mutation(
        description="End an API key for good. It is refused everywhere at once, and what it "
        "follows is closed.",
        directives=[sees(Permission.API_KEY_READ), needs(Permission.API_KEY_DELETE)],
    )
    @answering
    async def revoke_api_key(
        self, info: Info, input: Annotated[inputs.RevokeApiKeyInput, described("The key.")]
    ) -> results.RevokeApiKeyResult:
        async with info.context.installation.database.transaction() as session:
            row = await api_keys.revoke_api_key(
                session, principal=info.context.principal, api_key_id=input.api_key()
            )
        return results.RevokeApiKeySuccess(api_key=ApiKey.of(row))
