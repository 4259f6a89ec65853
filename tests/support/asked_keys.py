"""Asking a server of the tests for API keys, as a person does."""

from typing import Any

from tests.support.mutations import mutate
from tests.support.servers import Data
from tests.support.worlds import World

MADE = """
    ... on CreateApiKeySuccess {
      plaintext
      apiKey {
        id prefix name permissions environment { name } createdBy { kind name }
        lastUsedAt expiresAt revokedAt
      }
    }
"""


async def ask_for_key(world: World, environment: str, **more: Any) -> Data:
    """A key called ``ci`` of an environment of the world, as the answer shows it."""
    input = {"environmentId": world.environments[environment], "name": "ci", **more}
    answer = await mutate(world.server, "createApiKey", input, more=MADE)
    assert answer["__typename"] == "CreateApiKeySuccess"
    return answer
