"""Which subscriptions are equal, and which are not to be taken for it."""

from dataclasses import fields, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import utc_now
from pinmark.graphql import schema
from pinmark.groups import Followed, followed_by
from pinmark.groups.followed import SAME_FOR_ALL
from pinmark.operations import Operation
from services.principals import KeyScope, Permission, Principal

BASE = "http://pinmark.example"
EVENTS = "subscription ($app: ID!, $after: String) { appEvents(appId: $app, after: $after) { %s } }"
ADA = Principal(
    uuid4(),
    "ada",
    uuid4(),
    frozenset({Permission.APP_READ, Permission.ENVIRONMENT_READ}),
    in_apps={UUID(int=1): frozenset({Permission.APP_READ})},
)


def followed(query: str, name: str | None = None, base: str = BASE, **variables: Any) -> Followed:
    found = followed_by(Operation(query, variables, name), base)
    assert found is not None
    return found


def events(selection: str = "cursor kind", **variables: Any) -> Followed:
    return followed(EVENTS % selection, **{"app": "a", **variables})


def are_equal(one: Followed, other: Followed, *, and_by: Principal = ADA) -> bool:
    return one.by(ADA) == other.by(and_by)


def test_wherever_they_begin_subscriptions_of_the_same_are_equal() -> None:
    assert are_equal(events(), events(after="x"))
    assert are_equal(events(after="y"), events(after="x"))
    assert events(after="y").begun_by(ADA) != events(after="x").begun_by(ADA)
    assert events(after="x").begun_by(ADA) == events(after="x").begun_by(ADA)


def test_who_was_told_something_goes_on_from_there() -> None:
    assert events(after="y").going_on("x").received == "x"
    assert events(after="y").going_on(None) == events(after="y")


@pytest.mark.parametrize(
    "other",
    [
        events("cursor"),
        events(app="b"),
        events(more=1),
        followed(EVENTS % "cursor kind", app="a", base="http://another.example"),
        followed("subscription { appEvents(appId: 1) { cursor kind } }"),
    ],
)
def test_what_differs_in_anything_else_is_not_equal(other: Followed) -> None:
    assert not are_equal(events(), other)


def test_the_chosen_operation_of_a_document_is_part_of_it() -> None:
    both = (
        "subscription A { appEvents(appId: 1) { kind } }"
        "subscription B { appEvents(appId: 2) { kind } }"
    )

    assert not are_equal(followed(both, "A"), followed(both, "B"))


@pytest.mark.parametrize("one", [1, 1.0, True, "1", None, [1], {"a": 1}])
@pytest.mark.parametrize("other", [2, "", False, {}])
def test_values_are_equal_only_if_they_are_written_the_same(one: Any, other: Any) -> None:
    assert not are_equal(events(more=one), events(more=other))


@pytest.mark.parametrize(
    "query",
    [
        "subscription ($a: String) { appEvents(appId: $a, after: $a) { kind } }",
        "subscription ($a: String) { appEvents(appId: 1, after: $a) { kind @include(if: $a) } }",
        "subscription ($a: String) { ...F } "
        "fragment F on Subscription { appEvents(appId: 1, after: $a) { kind } }",
    ],
)
def test_a_variable_that_says_more_than_where_to_begin_is_part_of_it(query: str) -> None:
    assert not are_equal(followed(query, a="x"), followed(query, a="y"))


def test_a_cursor_written_into_the_document_is_part_of_it() -> None:
    query = 'subscription { appEvents(appId: 1, after: "%s") { kind } }'

    assert not are_equal(followed(query % "x"), followed(query % "y"))


def test_who_has_the_same_rights_is_told_the_same() -> None:
    bob = replace(ADA, id=uuid4(), name="bob", session_id=uuid4(), good_until=utc_now())

    assert are_equal(events(), events(), and_by=bob)
    assert are_equal(events(), events(), and_by=replace(bob, request_id="1"))


@pytest.mark.parametrize(
    "rights",
    [
        {"organization_id": uuid4()},
        {"permissions": ADA.permissions | {Permission.DEPLOYMENT_READ}},
        {"permissions": frozenset[Permission]()},
        {"in_apps": {}},
        {"in_apps": {UUID(int=1): frozenset[Permission]()}},
        {"key": KeyScope(UUID(int=1), UUID(int=2))},
        {"is_service": True},
        {"owner": True},
    ],
    ids=lambda has: " ".join(has),
)
def test_who_has_other_rights_is_never_told_the_same(rights: dict[str, Any]) -> None:
    assert not are_equal(events(), events(), and_by=replace(ADA, **rights))


@pytest.mark.parametrize(
    "who",
    [
        {"id": uuid4()},
        {"name": "bob"},
        {"session_id": uuid4()},
        {"good_until": utc_now()},
    ],
    ids=lambda has: " ".join(has),
)
@pytest.mark.parametrize(
    "query",
    [
        EVENTS % "environment { viewerCanPromote }",
        EVENTS % "environment { files { nodes { path } } }",
        EVENTS % "environment { app { viewerPermissions } }",
        EVENTS % "...E" + "fragment E on AppEvent { environment { app { environments { id } } } }",
        EVENTS % "nothing",
        EVENTS % "__schema { types { name } }",
    ],
)
def test_only_the_very_same_are_told_what_may_say_something_of_them(
    query: str, who: dict[str, Any]
) -> None:
    asked = followed(query, app="a")

    assert not are_equal(asked, asked, and_by=replace(ADA, **who))


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { name } }",
        'mutation { createApp(input: {name: "a"}) { __typename } }',
        "",
        "subscription {",
        "subscription A { appEvents(appId: 1) { kind } } query B { viewer { name } }",
        "fragment A on App { id }",
        "subscription { appEvents(appId: 1) { kind } }" + " " * 20_000,
        "{" * 5_000,
    ],
)
def test_what_is_no_subscription_or_cannot_be_told_is_not_followed_together(query: str) -> None:
    assert followed_by(Operation(query), BASE) is None


def test_variables_too_deep_to_be_written_are_not_compared() -> None:
    deep: list[Any] = []
    for _ in range(2_000):
        deep = [deep]

    assert followed_by(Operation(EVENTS % "kind", {"app": deep}), BASE) is None


def test_everything_of_a_principal_is_its_rights_or_its_identity() -> None:
    known = {
        "organization_id",
        "permissions",
        "in_apps",
        "key",
        "is_service",
        "owner",
        "id",
        "name",
        "session_id",
        "good_until",
        "request_id",
    }

    assert {field.name for field in fields(Principal)} == known
    assert len(ADA.rights) + len(ADA.identity) == len(known) - 1


def test_the_fields_that_say_nothing_of_who_asks_are_in_the_schema() -> None:
    types = schema._schema.type_map  # pyright: ignore[reportPrivateUsage]

    for name, listed in SAME_FOR_ALL.items():
        assert listed <= set(types[name].fields), name  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
