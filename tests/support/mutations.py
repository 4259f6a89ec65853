"""Sending mutations over HTTP and reading what they answer."""

from typing import Any

from graphql import GraphQLUnionType, build_schema

from pinmark.graphql import schema
from tests.support.servers import Data, RunningServer

REFUSAL = """
    __typename
    ... on UserError { code message path }
"""
DENIAL = "... on PermissionDeniedError { permission }"
SERVED = build_schema(schema.as_str())


def type_prefix(mutation: str) -> str:
    """``createApp`` → ``CreateApp``, of which its input and result are named."""
    return mutation[0].upper() + mutation[1:]


def refusal_of(mutation: str) -> str:
    """What to select of every refusal of the mutation."""
    union = SERVED.get_type(f"{type_prefix(mutation)}Result")
    assert isinstance(union, GraphQLUnionType)
    deniable = "PermissionDeniedError" in {member.name for member in union.types}
    return f"{REFUSAL} {DENIAL if deniable else ''}"


async def mutate(
    server: RunningServer,
    mutation: str,
    input: dict[str, Any],
    *,
    more: str = "",
    token: str | None = None,
) -> Data:
    """The mutation's answer: its type, what every refusal says, and ``more`` selections."""
    query = (
        f"mutation ($input: {type_prefix(mutation)}Input!)"
        f" {{ {mutation}(input: $input) {{ {refusal_of(mutation)} {more} }} }}"
    )
    return (await server.data(query, token=token, input=input))[mutation]
