"""What a document asks for is counted before anything works on it."""

import pytest
from graphql import parse

from pinmark.limits import count_selections


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
    assert count_selections(parse(document)) == count


def test_a_bomb_is_weighed_without_being_set_off() -> None:
    assert count_selections(parse(bomb(60))) == 2**60
