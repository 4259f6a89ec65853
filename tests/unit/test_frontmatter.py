"""Frontmatter as JSON: what YAML 1.2 says, whatever the file holds."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.content.frontmatter import FrontmatterInvalid, read_fields, split
from services.prompts import PromptKind, read_template


def fields(text: str) -> Any:
    return read_fields(text.encode())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", 1),
        ("-1", -1),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("~", None),
        ("", None),
        ("null", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "9223372036854775808"),
        ("9" * 5000, "9" * 5000),
        ("=", "="),
        ("|\n  two\n  lines", "two\nlines\n"),
        ("[1, [a], {b: 2}]", [1, ["a"], {"b": 2}]),
        ("{1: a, null: b}", {"1": "a", "null": "b"}),
        ("{<<: {c: 1}}", {"<<": {"c": 1}}),
    ],
)
def test_values_are_read_as_json_can_hold_them(written: str, read: object) -> None:
    found = fields(f"key: {written}\n")
    assert found == {"key": read}
    assert orjson.loads(orjson.dumps(found)) == found


def test_nothing_at_all_has_no_fields() -> None:
    assert fields("") == fields("# a comment\n") == {}


@pytest.mark.parametrize(
    "text", ["a: {[b]: c}", "a: &b 1", "a: *b", "a: !!set {}", "- a", "a: [", "a: 1\na: 2"]
)
def test_what_json_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(FrontmatterInvalid):
        fields(text)


@given(st.text() | st.text(st.sampled_from("ab:-[]{}?,\n '\"&*!|>#1.~")))
def test_any_text_is_read_or_refused(text: str) -> None:
    template = read_template(f"---\n{text}\n---\nbody".encode(errors="replace"))
    assert orjson.dumps([template.frontmatter, template.body, template.content])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_file_is_taken_apart_without_losing_a_letter(text: str) -> None:
    template = read_template(text.encode())
    assert template.content == text
    assert text.endswith(template.body)


def test_a_file_is_parted_at_its_fences() -> None:
    for text in (b"---\na: 1\n---\nbody\n---\n", b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nbody\n---\n"):
        parts = split(text)
        assert parts is not None
        assert read_fields(parts.yaml) == {"a": 1}
        assert parts.body == b"body\n---\n"
    assert split(b"no fence") is None


def test_the_kind_of_a_prompt_is_its_one_config() -> None:
    def kind(*keys: str) -> PromptKind | None:
        lines = "".join(f"{key}: {{}}\n" for key in keys)
        return read_template(f"---\n{lines}---\n".encode()).kind

    for each in PromptKind:
        assert kind("name", f"{each}_config") is each
    assert kind("name") is None
    assert kind("text_config", "image_config") is None
