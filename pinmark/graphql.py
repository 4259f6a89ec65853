"""The schema assembled. ``pinmark schema`` prints it to ``schema.graphql``."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import strawberry
from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import UUIDDefinition
from strawberry.types import ExecutionContext

from pinmark.execution import Executor
from pinmark.limits import CostLimiter, IntrospectionSwitch, KindOfOperation
from resolvers.mutations import Mutation
from resolvers.queries import Query
from resolvers.subscriptions import Subscription
from schema.api_keys import ApiKey
from schema.apps import App, Repository
from schema.deployments import Deployment
from schema.environments import Environment
from schema.members import AccessToken, CustomRole, Invitation, Member
from schema.service_tokens import ServiceToken
from schema.sessions import SignInSession
from schema.variables import EnvironmentVariable

MAXIMUM_TOKENS = 2000
MAXIMUM_DEPTH = 20
MAXIMUM_ALIASES = 50
CACHED_DOCUMENTS = 1000
LONGEST_DOCUMENT = 20_000
"""No longer one is kept for what was found out about it."""


class Schema(strawberry.Schema):
    """Our schema; errors are logged where they are answered, once, with the request's id."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        return None


LIMITS = (
    *QueryDepthLimiter(max_depth=MAXIMUM_DEPTH).validation_rules,
    *MaxAliasesLimiter(max_alias_count=MAXIMUM_ALIASES).validation_rules,
)
"""Made once: what was validated is found again by its rules, and each limiter makes its own."""


def extensions() -> Sequence[object]:
    return [
        lambda: MaxTokensLimiter(max_token_count=MAXIMUM_TOKENS),
        lambda: AddValidationRules([*LIMITS]),
        CostLimiter,  # before whatever looks at the fields one by one
        IntrospectionSwitch,
        KindOfOperation,
        lambda: ParserCache(maxsize=CACHED_DOCUMENTS),
        lambda: ValidationCache(maxsize=CACHED_DOCUMENTS),
    ]


UUID_SCALAR = replace(UUIDDefinition, description="A UUID, in hexadecimal with hyphens.")

schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[
        ApiKey,
        App,
        Environment,
        Deployment,
        Repository,
        EnvironmentVariable,
        Member,
        CustomRole,
        Invitation,
        AccessToken,
        ServiceToken,
        SignInSession,
    ],
    config=StrawberryConfig(scalar_map={UUID: UUID_SCALAR}),
    execution_context_class=Executor,
    extensions=extensions(),  # pyright: ignore[reportArgumentType]
)
served = schema._schema  # pyright: ignore[reportPrivateUsage]  # graphql-core's own


def document_of(query: str) -> DocumentNode | None:
    """The document that a text is, within the limits of its length; None for what is none."""
    try:
        return parse(query, no_location=True, max_tokens=MAXIMUM_TOKENS)
    except (GraphQLError, RecursionError):
        return None
