"""Names of apps and environments, and the texts people type."""

import pytest

from models import MAXIMUM_NOTE
from services.errors import InvalidInput, InvalidName
from services.inputs import check_name, check_note, check_text, is_name


@pytest.mark.parametrize("name", ["qa", "staging", "eu-west-1", "a1", "x-", "a" * 40])
def test_a_name_is_letters_digits_and_hyphens_after_a_letter(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a" * 41,
        "staging\n",
        "\nstaging",
        "sta\nging",
        "staging ",
        "Staging",
        "1staging",
        "-staging",
        "sta_ging",
        "sta.ging",
        "stägïng",
        "prod\u0661",
        "prod\x00",
        "prod\ud800",
        "pro\uff44",
    ],
)
def test_anything_else_is_no_name(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(InvalidName) as refusal:
        check_name(name)
    assert refusal.value.path == ("input", "name")


@pytest.mark.parametrize("note", [None, "", "Fixes the triage prompt.", "é🚀\n" * 10])
def test_a_note_is_any_text_or_none(note: str | None) -> None:
    check_note(note)


def test_a_note_has_a_greatest_length_in_characters() -> None:
    check_note("🚀" * MAXIMUM_NOTE)
    with pytest.raises(InvalidInput, match=f"At most {MAXIMUM_NOTE} characters") as refusal:
        check_note("x" * (MAXIMUM_NOTE + 1))
    assert refusal.value.field == "note"


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d"])
def test_what_postgres_cannot_keep_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_text("note", text, maximum=100)
