"""What a document asks for is counted before anything works on it."""

from typing import Any

import graphql
import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_leaf_type, parse
from strawberry.schema import schema as strawberry_schema

from pinmark.graphql import schema
from pinmark.limits import LISTS, WEIGHTS, cost_of


def bomb(fragments: int) -> str:
    """A document of fragments that each spread the next one twice."""
    chain = "".join(
        f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}"
        for number in range(fragments)
    )
    return f"{{ ...F0 }} {chain} fragment F{fragments} on Query {{ __typename }}"


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ("{ a b { c d } }", 4),
        ("{ a ... on X { b } ...F ...F } fragment F on X { c d }", 6),
        ("query A { a } query B { b { c } }", 3),
        ("{ ...Unknown }", 0),
        ("{ a ...F } fragment F on X { b ...F }", 2),
        ("type T { a: Int }", 0),
    ],
)
def test_fields_are_counted_where_their_fragment_is_spread(document: str, count: int) -> None:
    assert cost_of(parse(document), {}) == count


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ apps { nodes { id } } }", 1 + 20 * 2),
        ("{ apps(first: 3) { nodes { id } } }", 1 + 3 * 2),
        ("query ($n: Int) { apps(first: $n) { totalCount } }", 1 + 7),
        ("query ($m: Int) { apps(first: $m) { totalCount } }", 1 + 20),
        ("{ apps(first: 99999999999999999999999) { totalCount } }", 1 + 100),
        ("{ apps(first: -5) { totalCount } }", 1),
        ("{ fileDiff { hunks { lines { text } } } }", 2 + 2000 * 2),
        ("{ apps(first: 2) { a(first: 50) { b } environments(last: 4) { c } } }", 1 + 2 * 7),
    ],
)
def test_what_a_list_answers_counts_for_every_item_of_its_page(document: str, cost: int) -> None:
    assert cost_of(parse(document), {"n": 7, "m": None}) == cost


def test_the_fields_known_as_lists_are_those_of_the_schema() -> None:
    types = build_schema(schema.as_str()).type_map.values()
    connections = {
        name
        for published in types
        if isinstance(published, GraphQLObjectType)
        for name, field in published.fields.items()
        if str(field.type).rstrip("!").endswith("Connection")
    }

    assert connections == LISTS


def test_the_leaves_that_weigh_more_are_in_the_schema() -> None:
    types = build_schema(schema.as_str()).type_map.values()
    leaves = {
        name
        for published in types
        if isinstance(published, GraphQLObjectType)
        for name, field in published.fields.items()
        if is_leaf_type(get_named_type(field.type))
    }

    assert set(WEIGHTS) <= leaves


def test_a_bomb_is_weighed_without_being_set_off() -> None:
    assert cost_of(parse(bomb(60)), {}) == 2**60


async def test_a_document_that_was_validated_is_not_validated_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    validated: list[object] = []
    validate = graphql.validate

    def counting(*arguments: Any, **more: Any) -> Any:
        validated.append(arguments)
        return validate(*arguments, **more)

    monkeypatch.setattr(strawberry_schema, "validate", counting)
    for _ in range(3):
        await schema.execute("{ __typename again: __typename }")
    assert len(validated) == 1
