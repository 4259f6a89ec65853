"""What is kept of answers, and for how long."""

import asyncio
from uuid import uuid4

import pytest

from pinmark.fresh_answers import FreshAnswers, Kept, Question, is_whole
from services.database_revisions import Changes, Revision

THIS_APP, OTHER_APP = uuid4(), uuid4()
CHANGES = Changes()


def at(state: str, read: int = 0) -> Revision:
    return Revision(state, read, CHANGES)


def question(query: str = "{ a }", variables: bytes = b"null") -> Question:
    return Question(query, variables, None, ("somebody",), "http://here")


def body(kept: Kept | None) -> bytes | None:
    return None if kept is None else kept.body


def test_an_answer_is_found_at_its_revision_alone() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question(), at("1"), b"one")

    assert body(answers.find(question(), at("1"))) == b"one"
    assert answers.find(question(), at("2")) is None
    assert answers.find(question(), at("1")) is None  # a revision that is past does not come again


async def test_who_asks_the_same_meanwhile_is_given_what_is_made() -> None:
    answers = FreshAnswers(100_000)
    with answers.making(question(), at("1")) as making:
        waiting = asyncio.create_task(answers.made_by_another(question(), at("1")))
        other = await answers.made_by_another(question(), at("2"))
        await asyncio.sleep(0)
        making.set_result(b"one")

    assert await waiting == b"one"
    assert other is None
    assert await answers.made_by_another(question(), at("1")) is None


async def test_what_came_to_nothing_is_given_to_nobody() -> None:
    answers = FreshAnswers(100_000)
    with answers.making(question(), at("1")):
        waiting = asyncio.create_task(answers.made_by_another(question(), at("1")))
        await asyncio.sleep(0)

    assert await waiting is None


def test_an_answer_about_one_app_is_found_until_that_is_written_to() -> None:
    changes, answers = Changes(), FreshAnswers(100_000)
    answers.keep(question(), Revision("1", 0, changes), b"one", frozenset({THIS_APP}))

    changes.note([OTHER_APP])
    assert body(answers.find(question(), Revision("2", 1, changes))) == b"one"
    changes.note([THIS_APP])
    assert answers.find(question(), Revision("3", 2, changes)) is None


def test_other_variables_are_another_question() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question(variables=b'{"a":1}'), at("1"), b"one")

    assert answers.find(question(variables=b'{"a":2}'), at("1")) is None


def test_what_was_not_asked_for_longest_makes_room() -> None:
    answers = FreshAnswers(100_000)
    for number in range(40):
        answers.keep(question(str(number)), at("1"), b"x" * 4000)
        answers.find(question("0"), at("1"))

    assert answers.find(question("0"), at("1")) is not None
    assert answers.find(question("1"), at("1")) is None
    assert answers.find(question("39"), at("1")) is not None


def test_what_is_given_the_short_way_is_asked_for_too() -> None:
    answers = FreshAnswers(100_000)
    answers.keep(question("0"), at("1"), b"x" * 4000)
    first = answers.find(question("0"), at("1"))
    assert first is not None
    for number in range(1, 40):
        answers.keep(question(str(number)), at("1"), b"x" * 4000)
        answers.asked_for(first)

    assert answers.find(question("0"), at("1")) is first


def test_an_answer_that_would_fill_the_room_is_not_kept() -> None:
    answers = FreshAnswers(1000)
    answers.keep(question(), at("1"), b"x" * 900)

    assert answers.find(question(), at("1")) is None


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("mutation", {"data": {}}), ("query", {"data": {}, "errors": []}), (None, {"errors": []})],
)
def test_only_queries_that_succeeded_are_whole(kind: str | None, answer: dict[str, object]) -> None:
    assert not is_whole(kind, answer)
    assert is_whole("query", {"data": {"a": 1}})
