"""Cursors: recognised where they were given, refused everywhere else, never an accident."""

from base64 import urlsafe_b64encode
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cursors
from services.cursors import Key
from services.errors import InvalidCursor

APP = UUID(int=1)
OTHER = UUID(int=2)

texts = st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=50)
keys = st.tuples(texts, st.integers(-cursors.MAXIMUM_SEQUENCE, cursors.MAXIMUM_SEQUENCE))


def decode(cursor: str, scope: str = "list", *kinds: type[Key]) -> list[Key]:
    return cursors.decode(scope, cursor, types=kinds or (str, int), argument="after")


def made_of(value: object) -> str:
    return urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@given(keys)
def test_a_cursor_gives_back_its_key(key: tuple[str, int]) -> None:
    assert decode(cursors.encode("list", key)) == list(key)


@given(st.text(max_size=200))
def test_no_text_is_more_than_a_refusal(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode(text)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidCursor) as refusal:
        decode(cursors.encode("environments", ["dev", 1]), "deployments")
    assert refusal.value.path == ("after",)


@pytest.mark.parametrize(
    "value",
    [
        {"scope": "list"},
        "list",
        [],
        ["list"],
        ["list", "dev"],
        ["list", "dev", 1, 2],
        ["list", 1, "dev"],
        ["list", "dev", True],
        ["list", "dev", 1.0],
        ["list", "dev", None],
        ["list", "dev", 2**63],
        ["list", "d\x00v", 1],
        [["list"], "dev", 1],
    ],
)
def test_a_cursor_with_another_content_is_refused(value: object) -> None:
    with pytest.raises(InvalidCursor):
        decode(made_of(value))


@pytest.mark.parametrize(
    "cursor", ["", "=", "!!!!", "zzzz", "é", "A" * 5000, made_of(["list", "x" * 900, 1])]
)
def test_what_is_no_cursor_at_all_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode(cursor)


def test_nesting_without_end_is_refused() -> None:
    nested = urlsafe_b64encode(b"[" * 700).decode()
    with pytest.raises(InvalidCursor):
        decode(nested)


def test_an_event_cursor_belongs_to_its_app() -> None:
    cursor = cursors.encode_event(APP, 7)
    assert cursors.decode_event(APP, cursor, newest=7) == 7
    with pytest.raises(InvalidCursor):
        cursors.decode_event(OTHER, cursor, newest=7)


@pytest.mark.parametrize("seq", [-1, 8])
def test_a_cursor_of_what_never_happened_is_refused(seq: int) -> None:
    with pytest.raises(InvalidCursor):
        cursors.decode_event(APP, cursors.encode_event(APP, seq), newest=7)
    with pytest.raises(InvalidCursor):
        cursors.decode_line(APP, cursors.encode_line(APP, seq), newest=7)


def test_events_and_log_lines_do_not_share_cursors() -> None:
    with pytest.raises(InvalidCursor):
        cursors.decode_line(APP, cursors.encode_event(APP, 1), newest=7)
