"""What a client accepts decides the form, or that there is none for it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinmark.rest.negotiation import choose
from pinmark.rest.refusals import Refusal

OFFERS = ("application/json", "application/x-ndjson")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, 0),
        ("", 0),
        ("*/*", 0),
        ("application/x-ndjson", 1),
        ("APPLICATION/X-NDJSON", 1),
        ("application/x-ndjson, application/json;q=0.9", 1),
        ("application/x-ndjson;q=0.8, */*;q=0.9", 0),
        ("application/json;q=0, */*", 1),
        ("text/html, application/*;q=0.1", 0),
        ("application/x-ndjson; charset=utf-8", 1),
        ("application/json;q=2", 0),
    ],
)
def test_the_preferred_form_is_chosen(accept: str | None, chosen: int) -> None:
    assert choose(accept, OFFERS) == OFFERS[chosen]


@pytest.mark.parametrize("accept", ["text/html", "*/*;q=0", "application/json;q=0", "json"])
def test_a_client_that_takes_none_of_them_is_refused(accept: str) -> None:
    with pytest.raises(Refusal) as refusal:
        choose(accept, OFFERS)
    assert refusal.value.status == 406


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_understood_or_refused(accept: str) -> None:
    with suppress(Refusal):
        assert choose(accept, OFFERS) in OFFERS
