"""Compiled operations answer what graphql-core answers, whatever the resolvers do wrong.

A few hundred random documents by default; ``make faults`` asks for ten thousand.
"""

from tests.support.both_executions import Compiling, Interpreting, answer, events
from tests.support.fault_scale import OPERATIONS, SEED, WHOLE, report
from tests.support.nasty_schema import Moods, nasty_schema
from tests.support.random_documents import random_document

DOCUMENTS = OPERATIONS if WHOLE else 300
STREAMS = DOCUMENTS // 10

schema = nasty_schema()._schema  # pyright: ignore[reportPrivateUsage]  # graphql-core's own


async def test_random_documents_are_answered_as_graphql_core_answers_them() -> None:
    with_errors = without_data = 0
    for number in range(DOCUMENTS):
        seed = f"{SEED}.{number}"
        kind = "mutation" if number % 5 == 0 else "query"
        document = random_document(schema, seed, kind)
        moods = Moods(number, trouble=8 + number % 20)

        expected, told = [
            await answer(schema, executor, document.text, document.variables, moods)
            for executor in (Interpreting, Compiling)
        ]

        assert told == expected, f"seed {seed}: {document.text} with {document.variables}"
        with_errors += bool(expected.errors)
        without_data += expected.data == "None"
    report("compiled execution", documents=DOCUMENTS, errors=with_errors, no_data=without_data)
    assert DOCUMENTS // 5 < with_errors < DOCUMENTS  # else nothing was asked that can go wrong


async def test_each_event_of_random_subscriptions_is_answered_as_graphql_core_answers_it() -> None:
    told_events = 0
    for number in range(STREAMS):
        seed = f"{SEED}.stream.{number}"
        document = random_document(schema, seed, "subscription")
        moods = Moods(number)

        expected, told = [
            await events(schema, executor, document.text, document.variables, moods)
            for executor in (Interpreting, Compiling)
        ]

        assert told == expected, f"seed {seed}: {document.text} with {document.variables}"
        told_events += len(expected)
    assert told_events > STREAMS


async def test_the_fields_of_a_mutation_wait_for_each_other() -> None:
    text = "mutation { a: make(wish: {}) { id } b: count c: strict { weight } }"

    told = await answer(schema, Compiling, text, {}, Moods(1, trouble=1000))

    assert [*eval(told.data)] == ["a", "b", "c"]


async def test_fragments_within_fragments_are_merged() -> None:
    text = """
        { leaf { ...A text } leaf { itself { number } } }
        fragment A on Leafy { ...B itself { sure } }
        fragment B on Leafy { itself { big ...C } }
        fragment C on Leafy { at }
    """
    expected, told = [
        await answer(schema, executor, text, {}, Moods(3, trouble=1000))
        for executor in (Interpreting, Compiling)
    ]

    assert told == expected
    assert "'number'" in told.data
    assert "'big'" in told.data
