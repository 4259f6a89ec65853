"""Every typed refusal of every mutation, met by a client over HTTP."""

import re

import pytest
from graphql import GraphQLUnionType, build_schema

from pinmark.graphql import schema
from tests.api.refusals import CASES, CONFLICTING, Case
from tests.support.mutations import type_prefix
from tests.support.permissions import forbid
from tests.support.worlds import World

ELSEWHERE = {
    ("createApp", "AppLimitError"),
    ("createApiKey", "ApiKeyLimitError"),
    ("createEnvironment", "EnvironmentLimitError"),
    ("promoteEnvironment", "ContentInvalidError"),
    ("createAccessToken", "MemberRequiredError"),
    *(
        (mutation, "OwnerRequiredError")
        for mutation in (
            "inviteMember",
            "changeMemberRole",
            "setAppAccess",
            "clearAppAccess",
            "deactivateMember",
            "reactivateMember",
            "revokeAccessToken",
        )
    ),
}
"""Refusals with a test of their own elsewhere."""


MORE = {
    "field": "... on InvalidInputError { field }",
    "permission": "... on PermissionDeniedError { permission }",
}


def code_of(error: str) -> str:
    """``NameTakenError`` → ``NAME_TAKEN``."""
    return "_".join(re.findall("[A-Z][a-z]+", error.removesuffix("Error"))).upper()


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_refusal_says_what_and_where(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.lacking:
        forbid(world.server, monkeypatch, *case.lacking)
    more = " ".join(MORE[fact] for fact in case.facts)
    answer = await world.attempt(case.mutation, case.input, more=more)
    assert answer.pop("message").endswith(".")
    assert answer == {
        "__typename": case.error,
        "code": code_of(case.error),
        "path": list(case.path),
        **case.facts,
    }


def test_every_refusal_that_is_declared_is_met() -> None:
    met = {(case.mutation, case.error) for case in CASES} | ELSEWHERE
    met |= {(mutation, "IdempotencyConflictError") for mutation in CONFLICTING}
    published = build_schema(schema.as_str())
    assert published.mutation_type is not None
    declared: set[tuple[str, str]] = set()
    for mutation in published.mutation_type.fields:
        union = published.get_type(f"{type_prefix(mutation)}Result")
        assert isinstance(union, GraphQLUnionType)
        declared |= {(mutation, member.name) for member in union.types if member.interfaces}
    assert met == declared
