"""A chain of entries: the text of one has one form, and no other chain passes for it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit_chain import (
    BEGINNING,
    FIELDS,
    MAXIMUM_TROUBLES,
    Head,
    Link,
    Verdict,
    Walk,
    canonical,
    digest,
    walk_lines,
    written,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | texts
objects = st.dictionaries(texts, scalars | st.lists(scalars, max_size=2), max_size=2)
entries = st.fixed_dictionaries(
    {name: objects if name in {"before", "after", "facts"} else scalars for name in FIELDS}
)


def text_of(entry: Mapping[str, Any]) -> str:
    return canonical({name: json.dumps(value, ensure_ascii=False) for name, value in entry.items()})


@given(entry=entries)
def test_any_entry_can_be_read_back_from_its_text(entry: dict[str, Any]) -> None:
    assert json.loads(text_of(entry)) == entry


@given(one=entries, other=entries)
def test_two_entries_that_differ_have_two_texts(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert text_of(one) != text_of(other) or one == other


@given(entry=entries, name=st.sampled_from(FIELDS), value=scalars)
def test_no_field_can_change_under_the_same_text(
    entry: dict[str, Any], name: str, value: Any
) -> None:
    same = json.dumps(entry[name]) == json.dumps(value)
    assert (text_of(entry) == text_of({**entry, name: value})) == same


def link(seq: int, previous_hash: str, note: str = "") -> Link:
    fields = dict.fromkeys(FIELDS, "null") | {
        "id": written(f"entry {seq}"),
        "seq": str(seq),
        "actor_name": written(note),
        "previous_hash": written(previous_hash),
    }
    text = canonical(fields)
    return Link(seq, previous_hash, digest(text), text)


def chain_of(length: int) -> list[Link]:
    links: list[Link] = []
    for seq in range(1, length + 1):
        links.append(link(seq, links[-1].hash if links else BEGINNING))
    return links


def walk(links: list[Link], head: Head | None = None) -> Verdict:
    walking = Walk()
    for each in links:
        walking.take(each)
    return walking.end(head)


WHOLE = chain_of(9)
HEAD = Head(9, WHOLE[-1].hash)


def lines_of(links: list[Link]) -> list[str]:
    return [f"{each.line}\n" for each in links]


def test_a_whole_chain_has_no_trouble_and_says_where_it_ends() -> None:
    for verdict in (walk(WHOLE, HEAD), walk_lines(lines_of(WHOLE)), walk_lines([])):
        assert verdict.is_whole
    assert (walk(WHOLE, HEAD).last, walk(WHOLE, HEAD).entries) == (HEAD, 9)


def test_an_exported_line_is_the_text_with_its_hash_at_the_end() -> None:
    first = WHOLE[0]
    assert first.line == first.text[:-1] + f', "hash": "{first.hash}"' + "}"
    assert Link.of_line(first.line) == first


@given(order=st.permutations(range(9)), kept=st.integers(0, 9))
def test_no_other_order_and_no_part_passes_for_the_whole(order: list[int], kept: int) -> None:
    links = [WHOLE[place] for place in order[:kept]]
    assert walk_lines(lines_of(links), HEAD).is_whole == (links == WHOLE)


@given(place=st.integers(0, 8), at=st.integers(0, 400), character=st.characters(codec="utf-8"))
def test_no_character_of_an_export_can_change(place: int, at: int, character: str) -> None:
    lines = lines_of(WHOLE)
    line = lines[place].removesuffix("\n")
    changed = line[: at % len(line)] + character + line[at % len(line) + 1 :]
    lines[place] = changed + "\n"
    assert walk_lines(lines, HEAD).is_whole == (changed == line)


@pytest.mark.parametrize(
    ("lines", "trouble"),
    [
        (["\n"], "Line 1 is not an entry as it was exported."),
        ([*lines_of(WHOLE[:2]), "{}\n"], "Line 3 is not an entry as it was exported."),
        ([WHOLE[0].line[:-3]], "Line 1 is not an entry as it was exported."),
        (lines_of(WHOLE[:3] + WHOLE[2:3]), "Entry 3 is there twice, or never had this number."),
        (lines_of([*WHOLE[:2], WHOLE[3], WHOLE[2]]), "Entry 3 comes after entry 4."),
        (lines_of(WHOLE[4:]), "Entries 1 to 4 are missing."),
        (lines_of(WHOLE[:8]), "The noted entry 9 is missing."),
    ],
)
def test_an_export_that_was_tampered_with_says_where(lines: list[str], trouble: str) -> None:
    assert trouble in walk_lines(lines, HEAD).troubles


def test_a_number_that_no_reader_takes_is_no_entry() -> None:
    for number in ("1" * 5000, "true", "1.0", "null"):
        line = WHOLE[0].line.replace('"seq": 1', f'"seq": {number}')
        assert walk_lines([line]).troubles == ["Line 1 is not an entry as it was exported."]
    deep = WHOLE[0].line.replace('"after": null', '"after": ' + "[" * 100_000 + "]" * 100_000)
    assert walk_lines([deep]).troubles == ["Line 1 is not an entry as it was exported."]


def test_a_chain_that_is_changed_throughout_is_told_in_bounded_space() -> None:
    links = [replace(each, hash=BEGINNING) for each in chain_of(MAXIMUM_TROUBLES + 7)]
    verdict = walk(links)
    assert (len(verdict.troubles), verdict.unlisted) == (MAXIMUM_TROUBLES, 7)


def test_a_head_is_read_as_it_was_printed() -> None:
    assert Head.read(str(HEAD)) == HEAD
    for junk in ("", "9", "9:", ":" + "0" * 64, f"-1:{'0' * 64}", f"9:{'g' * 64}", f"{HEAD}\n"):
        with pytest.raises(ValueError, match="a colon"):
            Head.read(junk)
