"""In which form ``/graphql`` answers, by what its client accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinmark.graphql_requests import GRAPHQL_JSON, JSON, wanted_by

STREAM = "text/event-stream"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL_JSON};q=0, */*", JSON),
        (f"{GRAPHQL_JSON}, */*;q=0.1", GRAPHQL_JSON),
        (f"{STREAM}, {GRAPHQL_JSON};q=0.1", GRAPHQL_JSON),
        ("text/html", JSON),
    ],
)
def test_the_preferred_json_is_answered(accept: str | None, media_type: str) -> None:
    assert wanted_by(accept).media_type == media_type


@pytest.mark.parametrize(
    ("accept", "prefers", "names"),
    [
        (STREAM, True, True),
        (f"{STREAM}, multipart/mixed", True, True),
        (f"{STREAM}, {JSON};q=0.9", True, True),
        (f"{STREAM}, */*;q=0.1", True, True),
        (f"{STREAM}, {JSON}", False, True),
        (f"{GRAPHQL_JSON}, {JSON}, {STREAM}, multipart/mixed", False, True),
        (f"{STREAM};q=0.5, {JSON}", False, True),
        (f"{STREAM}, */*", False, True),
        (f"{STREAM};q=0, */*", False, False),
        ("*/*", False, False),
        ("text/*", False, False),
        (None, False, False),
    ],
)
def test_a_stream_is_for_who_names_it(accept: str | None, prefers: bool, names: bool) -> None:
    wanted = wanted_by(accept)
    assert (wanted.prefers_stream, wanted.streams_by_name) == (prefers, names)


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_understood(accept: str) -> None:
    assert wanted_by(accept).media_type in {JSON, GRAPHQL_JSON}
