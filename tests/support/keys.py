"""Making API keys and service tokens through the services."""

from typing import Any

from models import Environment
from services.api_keys import MadeKey, NewApiKey, create_api_key
from services.installation import Installation
from services.principals import Principal
from services.service_tokens import MadeToken, NewServiceToken, create_service_token


async def make_key(
    installation: Installation,
    principal: Principal,
    environment: Environment,
    *,
    name: str = "ci",
    **more: Any,
) -> MadeKey:
    """A key of the environment; without permissions or a preset it has full access."""
    if "permissions" not in more and "preset" not in more:
        more["preset"] = "FULL_ACCESS"
    request = NewApiKey(environment_id=environment.id, name=name, **more)
    async with installation.database.transaction() as session:
        return await create_api_key(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=principal,
            request=request,
        )


async def make_service_token(
    installation: Installation, principal: Principal, *, name: str = "ci", **more: Any
) -> MadeToken:
    """A service token; an administrator's in every app unless told otherwise."""
    if "permissions" not in more and "role" not in more:
        more["role"] = "ADMIN"
    async with installation.database.transaction() as session:
        return await create_service_token(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=principal,
            request=NewServiceToken(name=name, **more),
        )
