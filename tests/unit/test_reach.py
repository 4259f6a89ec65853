"""How far an answer's reach is known from its document."""

import pytest
from graphql import GraphQLObjectType

from pinmark.graphql import served
from pinmark.reach import INTO_AN_APP, OF_MORE, WITHIN_AN_APP, Reach, reach_of


@pytest.mark.parametrize("coordinate", sorted(OF_MORE | INTO_AN_APP))
def test_what_is_told_apart_is_in_the_schema(coordinate: str) -> None:
    type_name, _, field = coordinate.partition(".")
    found = served.type_map[type_name]

    assert isinstance(found, GraphQLObjectType)
    assert field in found.fields


@pytest.mark.parametrize("name", sorted(WITHIN_AN_APP))
def test_a_type_within_an_app_is_in_the_schema(name: str) -> None:
    assert isinstance(served.type_map[name], GraphQLObjectType)


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { sessions { totalCount } } }",
        "{ invitations { nodes { ...Found } } } fragment Found on Invitation { state }",
        '{ node(id: "1") { ... on Environment { versionAt(time: "2026-01-01T00:00:00Z") '
        "{ version } } } }",
        "{",
        "query A { viewer { name } } mutation B { __typename }",
    ],
)
def test_what_can_change_by_itself_is_of_more_than_the_database(query: str) -> None:
    assert reach_of(query) is Reach.MORE


@pytest.mark.parametrize(
    "query",
    [
        '{ app(name: "a") { environments { nodes { name state } } } }',
        '{ environment(app: "a", name: "b") { pin { version } deployments { edges { cursor } } } }',
        '{ a: app(name: "a") { ...Shown } b: app(name: "b") { ...Shown } } '
        "fragment Shown on App { repository { head { sha } } }",
    ],
)
def test_what_begins_and_stays_in_apps_is_of_them_alone(query: str) -> None:
    assert reach_of(query) is Reach.APPS


@pytest.mark.parametrize(
    "query",
    [
        "{ apps { nodes { name } } }",
        '{ app(name: "a") { name } apps { nodes { name } } }',
        '{ app(name: "a") { apiKeys { nodes { name } } } }',
        '{ deployment(id: "1") { status } }',
        '{ node(id: "1") { id } }',
        "{ viewer { name } }",
        '{ app(name: "a") { __typename } __schema { types { name } } }',
    ],
)
def test_what_leads_elsewhere_is_of_the_whole_database(query: str) -> None:
    assert reach_of(query) is Reach.DATABASE
