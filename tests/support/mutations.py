"""Sending mutations over HTTP and reading what they answer."""

from typing import Any

from tests.support.servers import Data, RunningServer

REFUSAL = """
    __typename
    ... on UserError { code message path }
"""


def type_prefix(mutation: str) -> str:
    """``createApp`` → ``CreateApp``, of which its input and result are named."""
    return mutation[0].upper() + mutation[1:]


async def mutate(
    server: RunningServer, mutation: str, input: dict[str, Any], *, more: str = ""
) -> Data:
    """The mutation's answer: its type, what every refusal says, and ``more`` selections."""
    query = (
        f"mutation ($input: {type_prefix(mutation)}Input!)"
        f" {{ {mutation}(input: $input) {{ {REFUSAL} {more} }} }}"
    )
    return (await server.data(query, input=input))[mutation]
