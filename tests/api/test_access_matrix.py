"""Everybody asks for everything, and is answered what the rules say."""

import os
from collections import defaultdict
from collections.abc import AsyncGenerator
from pathlib import Path
from random import Random

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType
from starlette.routing import Route

from pinmark.declared import Access, Needed, Public, declared
from pinmark.rest import OPERATIONS, rest_routes
from tests.support.access.acts import all_mutations
from tests.support.access.asking import Asker, Tally, comparable
from tests.support.access.callers import caller_named, everybody, tokens_of_nobody
from tests.support.access.declarations import declarations_of, declared_by, operation_of
from tests.support.access.following import SUBSCRIPTIONS, ask_subscriptions
from tests.support.access.judging import ONES_OWN, ORGANIZATION, without_scopes
from tests.support.access.paths import EDGES, EVENTS, PUBLISHED, objects, steps_of
from tests.support.access.requests import Asked, scope_of
from tests.support.access.route_rules import ROUTES
from tests.support.access.routes import RouteAsker, places_of
from tests.support.access.rules import FIELDS, NODES
from tests.support.access.size import asks_of, cells_of
from tests.support.access.things import reading
from tests.support.access.world import PLACES, AccessWorld, make_access_world
from tests.support.served_databases import served_database

WHOLE = "PINMARK_WHOLE_MATRIX" in os.environ
SEED = int(os.environ.get("PINMARK_MATRIX_SEED", "1"))
SAMPLED = 5
ALWAYS = ("owner", "reader", "service-in-triage", "key-SDK", "key-FULL_ACCESS")


@pytest.fixture(scope="module")
async def standing(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[AccessWorld]:
    directory: Path = tmp_path_factory.mktemp("access")
    repositories = directory / "repositories"
    async with served_database(
        postgres, template, data=directory / "data", repositories=repositories
    ) as served:
        yield await make_access_world(served.server, served.installation, repositories)


def chosen() -> list[str]:
    """All callers when the whole matrix is asked for; else who may most, and a few of the rest."""
    names = everybody()
    if WHOLE:
        return names
    rest = [name for name in names if name not in ALWAYS]
    return [*ALWAYS, *Random(SEED).sample(rest, SAMPLED)]


def routes_of(name: str) -> list[str]:
    """The routes that a caller asks for: all, or one in three, others for each."""
    routes = list(ROUTES)
    return routes if WHOLE else Random(f"{SEED} {name}").sample(routes, len(routes) // 3)


@pytest.mark.parametrize("name", chosen())
async def test_everybody_is_answered_what_the_rules_say(standing: AccessWorld, name: str) -> None:
    caller, tally = await caller_named(standing, name), Tally()
    await Asker(standing, caller, tally).ask(asks_of(is_member=caller.is_member))
    routes = routes_of(name)
    await RouteAsker(standing, caller, tally).ask(routes)
    async with standing.server.socket(token=caller.token) as socket:
        await ask_subscriptions(standing, caller, socket, tally)
    assert tally.cells == cells_of(caller, routes)
    assert tally.wrong == []


async def test_who_is_nobody_is_told_nothing(standing: AccessWorld) -> None:
    client = standing.server.client
    answers: dict[str, object] = {}
    async for name, token in tokens_of_nobody(standing):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        response = await client.post(
            "/graphql", json={"query": "{ viewer { id } }"}, headers=headers
        )
        assert response.status_code == 401
        answers[name] = comparable(response)
        for route, rule in ROUTES.items():
            scope, place = scope_of(route), places_of(route)[0]
            header = None if scope is None else standing.identity(place, scope)
            refused = await Asked(route, place, header).send(standing, token)
            assert (refused.status_code == 401) == (rule != "public"), (name, route)
    assert len(set(map(str, answers.values()))) == 1


def declared_of_fields() -> dict[str, list[str]]:
    """What each field of the published schema declares, but for what it takes from its parent."""
    found = {
        f"{kind.name}.{name}": declarations_of(field)
        for kind in PUBLISHED.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
    }
    return {name: words for name, words in found.items() if words not in ([], ["parent"])}


def test_what_fields_declare_is_what_the_rules_say() -> None:
    assert declared_of_fields() == {name: without_scopes(rule) for name, rule in FIELDS.items()}


def declared_of_routes() -> dict[str, set[str]]:
    """What each method of each path declares, but for the pages and what is no path."""
    return {
        f"{method} {route.path.replace(':any', '')}": declared_words(needed)
        for route in rest_routes()
        if isinstance(route, Route) and not isinstance(route, Public)
        for method, needed in declared(route).items()
        if method != "ANY"
    }


def declared_words(needed: Needed) -> set[str]:
    if isinstance(needed, Access):
        return {needed.name.lower()}
    return set(map(str, needed if isinstance(needed, tuple) else (needed,)))


def test_what_routes_declare_is_what_the_rules_say() -> None:
    by_path = defaultdict[str, set[str]](set)
    for route, rule in ROUTES.items():
        operation = operation_of(route)
        for method in ("GET", "HEAD") if operation.method == "GET" else (operation.method,):
            by_path[f"{method} {operation.path}"] |= declared_by(rule)
    assert declared_of_routes() == by_path


def test_nothing_that_can_be_asked_for_is_left_out() -> None:
    roots = {name: PUBLISHED.get_type(name) for name in ("Query", "Mutation", "Subscription")}
    fields = {
        name: set(kind.fields)
        for name, kind in roots.items()
        if isinstance(kind, GraphQLObjectType)
    }
    asked = {
        ask.text.split("(")[0].split(" ")[0]
        for place in (*PLACES, ORGANIZATION, ONES_OWN)
        for ask in reading(place)
    }
    assert fields == {
        "Query": asked,
        "Mutation": all_mutations(),
        "Subscription": set(SUBSCRIPTIONS),
    }
    assert {operation_of(route).name for route in ROUTES} == {each.name for each in OPERATIONS}
    steps = {step for paths in EDGES.values() for path in paths for step in path}
    reached = {(step.type, step.field) for step in steps}
    left_out = {
        step.name
        for name, kind in objects().items()
        if name not in EVENTS
        for step in steps_of(kind)
        if (step.type, step.field) not in reached
    }
    assert left_out == set()
    node = PUBLISHED.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert set(NODES) == {kind.name for kind in PUBLISHED.get_possible_types(node)}
