"""No secret gets through: whatever it is, however it is spelled, wherever it is broken."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sandbox.masking import MASK, SHORTEST_SECRET, Mask, MaskedLines

LENGTH = 1_000_000
TEXT = st.characters(codec="utf-8", exclude_characters="\0")
SECRETS = st.text(TEXT, min_size=4, max_size=400).filter(
    lambda text: len("".join(text.split())) >= 8
)
READABLE = st.text("abcdefgh \n", max_size=30)


def shown(secrets: list[str], chunks: list[str]) -> list[str]:
    lines = MaskedLines(Mask(secrets), length=LENGTH)
    return [line for chunk in chunks for line in lines.feed(chunk)] + lines.finish()


def cut(text: str, places: list[int]) -> list[str]:
    """The text in chunks, cut at the places (each taken modulo its length)."""
    at = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[start:stop] for start, stop in pairwise(at)]


def wrapped(text: str, columns: int) -> str:
    return "\n".join(text[at : at + columns] for at in range(0, len(text), columns))


CUTS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=12)


@given(SECRETS, READABLE, READABLE, CUTS)
def test_a_value_never_appears_however_it_arrives(
    secret: str, before: str, after: str, places: list[int]
) -> None:
    lines = shown([secret], cut(f"{before}{secret}{after}", places))

    for text in {secret.strip(), "".join(secret.strip().split("\n"))}:
        assert text not in "\n".join(lines)
        assert text not in "".join(lines)


@given(SECRETS, CUTS, st.integers(min_value=1, max_value=90))
def test_a_wrapped_value_never_appears(secret: str, places: list[int], columns: int) -> None:
    lines = shown([secret], cut(wrapped(secret.strip(), columns), places))

    assert secret.strip().replace("\r\n", "").replace("\n", "") not in "".join(lines)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 after one": lambda text: b64encode(b"x" + text.encode()).decode(),
    "base64 after two": lambda text: b64encode(b"xy" + text.encode()).decode(),
    "base64 within": lambda text: b64encode(f"u:{text}@h".encode()).decode(),
    "base64 for addresses": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: b64encode(text.encode()).decode().rstrip("="),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
    "percent": lambda text: quote(text, safe=""),
    "percent but slashes": quote,
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON as it is": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "Python": lambda text: repr(text)[1:-1],
    "bytes of Python": lambda text: repr(text.encode())[2:-1],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(secret=SECRETS, places=CUTS, columns=st.sampled_from([0, 64, 76, 7, 1]))
def test_no_spelling_of_a_value_appears(
    spelling: str, secret: str, places: list[int], columns: int
) -> None:
    secret = secret.strip()
    spelled = SPELLINGS[spelling](secret)
    said = wrapped(spelled, columns) if columns else spelled

    told = "".join(shown([secret], cut(f"it is {said}\nand more\n", places)))

    assert spelled not in told
    # What may stay of Base64 are characters that the surroundings decide too, and one that two
    # bits of the value decide.
    assert MASK in told
    assert longest_common(spelled, told) <= max(8, len(spelled) // 4)


def longest_common(one: str, other: str) -> int:
    """How many characters of ``one`` in a row are in ``other``."""
    longest = 0
    for start in range(len(one)):
        while one[start : start + longest + 1] in other and start + longest < len(one):
            longest += 1
    return longest


@given(st.lists(SECRETS, max_size=4), READABLE, CUTS)
def test_what_is_no_secret_is_said_as_it_is(
    secrets: list[str], said: str, places: list[int]
) -> None:
    secrets = [f"S{secret}" for secret in secrets]
    lines = shown(secrets, cut(said, places))

    expected = said.split("\n")
    if MASK not in "".join(lines):
        assert lines == (expected if expected[-1] else expected[:-1])
    else:  # a line of a secret was there by chance
        assert any(line.strip() in said for secret in secrets for line in secret.splitlines())


@given(st.text(TEXT, max_size=3))
def test_what_is_shorter_than_a_secret_is_not_masked(short: str) -> None:
    assert len(short) < SHORTEST_SECRET
    assert Mask([short, f"  {short} "]).clean("abc 123 \n xyz") == "abc 123 \n xyz"


def test_each_line_of_a_value_is_a_secret() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n}\n-----END KEY-----\n"
    said = "the key:\n    MIIEvQIBADANBg\n    }\nkqhkiG9w0BAQEF is one\n"
    assert shown([key], [said]) == ["the key:", "    ***", "    }", "*** is one"]


def test_a_value_of_short_lines_is_seen_over_their_ends() -> None:
    assert shown(["ab\ncd\nef"], ["it is ab\ncd\nef.\n"]) == ["it is ***", "***", "***."]


def test_one_mask_stands_for_a_long_value() -> None:
    secret = "".join(f"{number:04}" for number in range(2000))
    assert shown([secret], [f"a {secret} b\n"]) == ["a *** b"]


def test_a_line_is_held_back_only_while_its_end_begins_a_secret() -> None:
    lines = MaskedLines(Mask(["production-key"]), length=LENGTH)
    assert lines.feed("imported in dev\n") == ["imported in dev"]
    assert lines.feed("imported in prod\n") == []
    assert lines.holds_back
    assert lines.let_go() == ["imported in prod"]
    assert not lines.holds_back
    assert lines.feed("uction-key\n") == ["***"]


def test_a_secret_that_is_begun_beyond_doubt_is_masked_when_nothing_follows() -> None:
    lines = MaskedLines(Mask(["production-key"]), length=LENGTH)
    assert lines.feed("it is production-\n") == []
    assert lines.let_go() == ["it is ***"]
    assert lines.feed("key\nproducti") == ["***"]
    assert lines.finish() == ["***"]


def test_of_a_line_without_end_no_more_is_kept_than_has_room() -> None:
    lines = MaskedLines(Mask(["hunter22"]), length=10)
    for _ in range(1000):
        assert lines.feed("x" * 1000) == []
    assert lines.feed("hunter22\nabc hunter22 d hunter22\n") == ["x" * 10, "abc *** d "]


def test_breaks_of_two_characters_are_breaks_wherever_they_are_cut() -> None:
    for chunks in (["hun\r\nter22\r\n"], ["hun\r", "\nter22", "\r", "\n"]):
        assert shown(["hunter22"], chunks) == ["***", "***"] or shown(["hunter22"], chunks) == [
            "hun",
            "***",
        ]
