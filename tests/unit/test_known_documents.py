"""A document is known by its text and what else decides whether it is good."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import parse

from pinmark.known_documents import IN_A_TRANSACTION, KnownDocuments, Meant, served
from pinmark.limits import cost_of

MENU = """query ($n: Int, $m: Int) {
  apps(first: $n) { nodes { environments(first: $m) { nodes { id } } } }
}"""
MEANT = Meant(MENU, None, introspection=True)


def test_a_document_is_not_known_where_something_else_is_meant_by_it() -> None:
    documents = KnownDocuments()
    documents.learn(MEANT, parse(MENU))

    assert documents.find(MEANT) is not None
    assert documents.find(replace(MEANT, introspection=False)) is None
    assert documents.find(replace(MEANT, operation="Menu")) is None


def test_its_cost_is_weighed_for_each_choice_of_page_sizes() -> None:
    documents, document = KnownDocuments(), parse(MENU)
    documents.learn(MEANT, document)
    known = documents.find(MEANT)
    assert known is not None

    choices: list[dict[str, Any]] = [
        {},
        {"n": 1, "m": 2},
        {"n": 2, "m": 1},
        {"n": 100},
        {"n": "100", "m": []},
    ]
    for _ in range(2):
        for given in choices:
            assert known.cost(given) == cost_of(document, given)


def test_many_choices_of_page_sizes_take_no_more_room_than_a_few() -> None:
    documents, document = KnownDocuments(), parse(MENU)
    documents.learn(MEANT, document)
    known = documents.find(MEANT)
    assert known is not None
    for size in range(100):
        assert known.cost({"n": size}) == cost_of(document, {"n": size})

    assert len(known.costs) < 50


def test_a_subscription_is_not_learnt() -> None:
    text = "subscription { appEvents(appId: 1) { __typename } }"
    documents = KnownDocuments()
    documents.learn(Meant(text, None, introspection=True), parse(text))

    assert documents.find(Meant(text, None, introspection=True)) is None


def test_documents_that_were_not_asked_for_longest_make_room() -> None:
    documents = KnownDocuments(most=3)
    texts = [f"{{ a{number} }}" for number in range(4)]
    first = Meant(texts[0], None, introspection=True)
    for text in texts:
        documents.learn(Meant(text, None, introspection=True), parse(text))
        documents.find(first)

    known = [documents.find(Meant(text, None, introspection=True)) is not None for text in texts]
    assert known == [True, False, True, True]


def test_long_documents_are_fewer() -> None:
    documents = KnownDocuments(longest=60)
    texts = [f"{{ a{number}{20 * 'b'} }}" for number in range(3)]
    for text in texts:
        documents.learn(Meant(text, None, introspection=True), parse(text))

    known = [documents.find(Meant(text, None, introspection=True)) is not None for text in texts]
    assert known == [False, True, True]


@pytest.mark.parametrize(
    ("text", "is_of_statements"),
    [
        ("{ apps { nodes { name } } }", True),
        ('mutation { createApp(input: {name: "a"}) { __typename } }', False),
        (
            '{ node(id: "1") { ...Files } } fragment Files on Environment '
            "{ files { nodes { rowCount } } }",
            False,
        ),
    ],
)
def test_what_reads_through_a_cursor_is_read_in_a_transaction(
    text: str, is_of_statements: bool
) -> None:
    documents = KnownDocuments()
    documents.learn(Meant(text, None, introspection=True), parse(text))
    known = documents.find(Meant(text, None, introspection=True))

    assert known is not None
    assert known.is_of_statements == is_of_statements


@pytest.mark.parametrize("name", sorted(IN_A_TRANSACTION))
def test_the_fields_that_are_read_through_a_cursor_are_in_the_schema(name: str) -> None:
    types = served.type_map.values()
    assert any(name in getattr(each, "fields", {}) for each in types)
