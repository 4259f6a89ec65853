"""What a document asks for is counted before anything works on it."""

from typing import Any

import graphql
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
    parse,
)
from strawberry.schema import schema as strawberry_schema

from pinmark.document_shape import MAXIMUM_DIRECTIVES, MAXIMUM_REPETITIONS
from pinmark.graphql import schema
from pinmark.limits import DESCRIBED, LISTS, MAXIMUM_COST, WEIGHTS, cost_of


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


def test_the_lists_of_the_schemas_description_are_no_fields_of_ours() -> None:
    types = build_schema(schema.as_str()).type_map.items()
    ours = {
        field
        for name, published in types
        if isinstance(published, GraphQLObjectType | GraphQLInterfaceType)
        and not name.startswith("__")
        for field in published.fields
    }

    assert not ours & set(DESCRIBED)


def test_the_description_may_be_asked_for_whole_and_not_over_and_over() -> None:
    whole = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    described = "__schema { types { fields { type { fields { type { name } } } } } }"
    again = " ".join(f"a{number}: {described}" for number in range(50))

    assert cost_of(parse(whole), {}) < MAXIMUM_COST < cost_of(parse(f"{{ {again} }}"), {})


def test_a_bomb_is_weighed_without_being_set_off() -> None:
    assert cost_of(parse(bomb(60)), {}) == 2**60


def within_each_other(fragments: int) -> str:
    """Fragments that each spread all the others: there are as many ways through them as orders."""
    every = [f"...F{number}" for number in range(fragments)]
    defined = (
        f"fragment F{number} on Query {{ {' '.join(every[:number] + every[number + 1 :])} }}"
        for number in range(fragments)
    )
    return f"{{ ...F0 }} {' '.join(defined)}"


def nested_pairs(levels: int) -> str:
    """A field that stands twice, and twice in each of the two, and so on."""
    field = "id"
    for number in range(levels):
        name = "deploying" if number % 2 else "environment"
        field = f"{name} {{ {field} }} {name} {{ {field} }}"
    return f'{{ deployment(id: "x") {{ {field} }} }}'


LABORIOUS = {
    "one field over and over": f"{{ {'viewer { name } ' * (MAXIMUM_REPETITIONS + 1)} }}",
    "in fragments without a name": f"{{ {'... { viewer { name } } ' * 200} }}",
    "under one alias": f"{{ {'a: __typename ' * (MAXIMUM_REPETITIONS + 1)} }}",
    "in pairs of pairs": nested_pairs(6),
    "in a fragment": f"{{ ...F }} fragment F on Query {{ {'__typename ' * 900} }}",
    "directives": f"{{ __typename {'@skip(if: false) ' * (MAXIMUM_DIRECTIVES + 1)} }}",
    "unknown directives": f"{{ __typename {'@a ' * 900} }}",
    "directives of the operation": f"query {'@a ' * 900} {{ __typename }}",
    "fragments within each other": within_each_other(20),
    "fragments within each other, below fields": within_each_other(12).replace(
        "{ ...", "{ viewer { name } ..."
    ),
}


@pytest.mark.parametrize("document", LABORIOUS.values(), ids=LABORIOUS)
async def test_what_is_laborious_to_validate_is_never_validated(
    document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strawberry_schema, "validate", None)

    result = await schema.execute(document)

    (error,) = result.errors or []
    assert error.message.startswith(("The document has", "The fragment"))


@pytest.mark.parametrize(
    "document",
    [
        f"{{ {'__typename ' * MAXIMUM_REPETITIONS} }}",
        f"{{ {'...F ' * 400} }} fragment F on Query {{ __typename }}",
        nested_pairs(4),
        "{ ...F ...G } fragment F on Query { ...G } fragment G on Query { __typename }",
        "{ a: __typename ...on Query { b: __typename } ... { c: __typename } }",
        " ".join(f"query Q{number} {{ __typename }}" for number in range(50)),
    ],
    ids=lambda document: document[:30],
)
async def test_what_is_repeated_a_little_is_validated(
    document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated: list[object] = []

    def validate(*arguments: object, **more: object) -> list[graphql.GraphQLError]:
        validated.append(arguments)
        return [graphql.GraphQLError("that is enough for this test")]

    monkeypatch.setattr(strawberry_schema, "validate", validate)
    await schema.execute(document, operation_name="Q1" if "Q1" in document else None)
    assert validated


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
