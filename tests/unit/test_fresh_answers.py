"""What is kept of answers, and for how long."""

import asyncio

import pytest

from pinmark.fresh_answers import (
    OF_MORE,
    FreshAnswers,
    Kept,
    Question,
    is_of_the_database,
    is_whole,
    served,
)


def question(query: str = "{ a }", variables: bytes = b"null") -> Question:
    return Question(query, variables, None, ("somebody",), "http://here")


def body(kept: Kept | None) -> bytes | None:
    return None if kept is None else kept.body


def test_an_answer_is_found_at_its_revision_alone() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question(), "1", b"one")

    assert body(answers.find(question(), "1")) == b"one"
    assert answers.find(question(), "2") is None
    assert answers.find(question(), "1") is None  # a revision that is past does not come again


async def test_who_asks_the_same_meanwhile_is_given_what_is_made() -> None:
    answers = FreshAnswers(100_000)
    with answers.making(question(), "1") as making:
        waiting = asyncio.create_task(answers.made_by_another(question(), "1"))
        other = await answers.made_by_another(question(), "2")
        await asyncio.sleep(0)
        making.set_result(b"one")

    assert await waiting == b"one"
    assert other is None
    assert await answers.made_by_another(question(), "1") is None


async def test_what_came_to_nothing_is_given_to_nobody() -> None:
    answers = FreshAnswers(100_000)
    with answers.making(question(), "1"):
        waiting = asyncio.create_task(answers.made_by_another(question(), "1"))
        await asyncio.sleep(0)

    assert await waiting is None


def test_without_a_revision_nothing_is_kept_or_found() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question(), None, b"one")

    assert answers.find(question(), None) is None


def test_other_variables_are_another_question() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question(variables=b'{"a":1}'), "1", b"one")

    assert answers.find(question(variables=b'{"a":2}'), "1") is None


def test_what_was_not_asked_for_longest_makes_room() -> None:
    answers = FreshAnswers(100_000)
    for number in range(40):
        answers.keep(question(str(number)), "1", b"x" * 4000)
        answers.find(question("0"), "1")

    assert answers.find(question("0"), "1") is not None
    assert answers.find(question("1"), "1") is None
    assert answers.find(question("39"), "1") is not None


def test_what_is_given_the_short_way_is_asked_for_too() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question("0"), "1", b"x" * 4000)
    first = answers.find(question("0"), "1")
    assert first is not None
    for number in range(1, 40):
        answers.keep(question(str(number)), "1", b"x" * 4000)
        answers.asked_for(first)

    assert answers.find(question("0"), "1") is first


def test_an_answer_that_would_fill_the_room_is_not_kept() -> None:
    answers = FreshAnswers(1000)
    answers.keep(question(), "1", b"x" * 900)

    assert answers.find(question(), "1") is None


@pytest.mark.parametrize("coordinate", sorted(OF_MORE))
def test_what_depends_on_more_is_in_the_schema(coordinate: str) -> None:
    type_name, _, field = coordinate.partition(".")

    assert served.get_field(served.type_map[type_name], field) is not None  # pyright: ignore[reportArgumentType]  # an object type


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
    assert not is_of_the_database(query)


def test_the_state_of_an_environment_is_of_the_database_alone() -> None:
    assert is_of_the_database('{ app(name: "a") { environments { nodes { name state } } } }')


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("mutation", {"data": {}}), ("query", {"data": {}, "errors": []}), (None, {"errors": []})],
)
def test_only_queries_that_succeeded_are_whole(kind: str | None, answer: dict[str, object]) -> None:
    assert not is_whole(kind, answer)
    assert is_whole("query", {"data": {"a": 1}})
