"""Parts of a file: whatever a range asks for is what a slice would give."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from pinmark.entity_tags import is_known
from pinmark.rest.ranges import Part, wanted_part

ETAG = '"abc"'
numbers = st.integers(0, 40)


def part(value: str, size: int, **more: str) -> Part | None:
    headers = {"range": value, **{name.replace("_", "-"): text for name, text in more.items()}}
    return wanted_part(Headers(headers), ETAG, size)


@given(numbers, numbers, numbers)
def test_a_range_is_a_slice(first: int, last: int, size: int) -> None:
    content = bytes(range(size))
    found = part(f"bytes={first}-{last}", size)
    if last < first:
        assert found is None
    else:
        assert found is not None
        assert content[found.start : found.end] == content[first : last + 1]


@given(numbers, numbers)
def test_an_open_range_is_the_rest(first: int, size: int) -> None:
    found = part(f"bytes={first}-", size)
    assert found is not None
    assert bytes(range(size))[found.start : found.end] == bytes(range(size))[first:]


@given(numbers, numbers)
def test_a_suffix_is_the_end_of_the_file(length: int, size: int) -> None:
    found = part(f"bytes=-{length}", size)
    if length and not size:
        assert found is None
    else:
        assert found is not None
        assert bytes(range(size))[found.start : found.end] == bytes(range(size))[-length or size :]


@given(st.text(st.characters(max_codepoint=255)), numbers)
def test_any_header_asks_for_a_part_within_the_file_or_for_the_whole(text: str, size: int) -> None:
    for value in (text, f"bytes={text}"):
        found = part(value, size)
        assert found is None or 0 <= found.start <= found.end <= size


@pytest.mark.parametrize(
    "value", ["bytes=0-1,3-4", "bytes=", "bytes=-", "rows=0-1", "0-1", "bytes=a-b", "bytes=1-0"]
)
def test_what_is_no_single_range_of_bytes_is_passed_over(value: str) -> None:
    assert part(value, 10) is None


def test_numbers_of_any_length_are_understood() -> None:
    assert part(f"bytes={'0' * 9000}1-{'9' * 9000}", 10) == Part(1, 10)
    assert part(f"bytes=-{'9' * 9000}", 10) == Part(0, 10)
    assert part(f"bytes={'9' * 9000}-", 10) == Part(10, 10)
    assert part("BYTES= 0-0 ", 10) == Part(0, 1)


def test_a_part_is_given_only_of_the_bytes_that_the_condition_names() -> None:
    assert part("bytes=0-1", 10, if_range=ETAG) == Part(0, 2)
    for other in ('"other"', f"W/{ETAG}", "Wed, 21 Oct 2015 07:28:00 GMT", ""):
        assert part("bytes=0-1", 10, if_range=other) is None


@pytest.mark.parametrize(
    "known", [ETAG, f"W/{ETAG}", "*", " * ", f'"x", {ETAG}', f'W/"x",W/{ETAG}']
)
def test_bytes_that_the_client_has_are_known(known: str) -> None:
    assert is_known(Headers({"if-none-match": known}), ETAG)
    several = Headers(raw=[(b"if-none-match", b'"x"'), (b"if-none-match", known.encode())])
    assert is_known(several, ETAG) or "*" in known


@pytest.mark.parametrize("unknown", ["", "abc", '"abcd"', '"*"', '"x", "y"', "*abc", '"a"bc"'])
def test_other_bytes_are_not(unknown: str) -> None:
    assert not is_known(Headers({"if-none-match": unknown}), ETAG)
    assert not is_known(Headers({}), ETAG)
    assert re.fullmatch(r'".*"', ETAG)
