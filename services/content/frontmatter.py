"""Frontmatter: the YAML between two lines of ``---`` at the head of a prompt or component.

YAML comes here as events and nothing of its own making is built, so there is nothing for a bomb
to fill, and no date, tag or merge of keys that JSON would not have.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

MAXIMUM_BYTES = 256 * 1024
MAXIMUM_DEPTH = 50
MAXIMUM_DETAIL = 200
FIRST_LINE = 2  # of the frontmatter, after its fence
LARGEST_INTEGER = 2**63 - 1

CONFIG_KEYS = ("text_config", "object_config", "image_config", "speech_config")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FENCE = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
# libyaml where PyYAML has it, which is everywhere its wheels are.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Plain scalars, as the core schema of YAML 1.2 reads them.
WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?[0-9]{1,19}")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Parts:
    """A file taken apart: its frontmatter's YAML, and what follows."""

    yaml: bytes
    body: bytes


def split(content: bytes) -> Parts | None:
    """The frontmatter and the rest; None for a file that does not open with a fence.

    Raises ``FrontmatterInvalid`` when it opens one and has no end, or is too large.
    """
    text = content.removeprefix(BYTE_ORDER_MARK)
    fences = list(islice(FENCE.finditer(text), 2))
    if not fences or fences[0].start() != 0:
        return None
    if len(fences) == 1:
        raise FrontmatterInvalid("The frontmatter has no end: a second line of ---", 1)
    found = text[fences[0].end() + 1 : fences[1].start()]
    if len(found) > MAXIMUM_BYTES:
        raise FrontmatterInvalid("The frontmatter is larger than 256 KiB", 1)
    return Parts(found, text[fences[1].end() + 1 :])


def read_fields(text: bytes) -> dict[str, Any]:
    """What the YAML says, in the terms of JSON; raises ``FrontmatterInvalid``."""
    top_level_keys(text)
    events = events_of(text)
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            return mapping_of(events)
    return {}


def mapping_of(events: Iterator[yaml.Event]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent):
            raise refused("a key must be plain text", event)
        fields[str(event.value)] = value_of(next(events), events)
    return fields


def value_of(event: yaml.Event, events: Iterator[yaml.Event]) -> Any:
    match event:
        case yaml.ScalarEvent():
            return scalar_of(event)
        case yaml.MappingStartEvent():
            return mapping_of(events)
        case _:
            items: list[Any] = []
            for item in events:
                if isinstance(item, yaml.SequenceEndEvent):
                    break
                items.append(value_of(item, events))
            return items


def scalar_of(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    """A quoted scalar is text, and so is a number that JSON readers could not hold."""
    value = str(event.value)
    if not event.implicit[0]:
        return value
    if value in WORDS:
        return WORDS[value]
    if INTEGER.fullmatch(value) and abs(int(value)) <= LARGEST_INTEGER:
        return int(value)
    if NUMBER.fullmatch(value) and not INTEGER.fullmatch(value):
        number = float(value)
        return value if abs(number) == float("inf") else number
    return value


class FrontmatterInvalid(Exception):
    """Frontmatter that cannot be used; ``line`` counts from 1 in the whole file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def events_of(text: bytes) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = FIRST_LINE if mark is None else mark.line + FIRST_LINE
        raise invalid(error.problem or "it cannot be read", line) from error
    except yaml.YAMLError as error:
        raise invalid("it has a character that YAML does not allow", 1) from error


def top_level_keys(text: bytes) -> dict[str, int]:
    """Return the keys of a YAML mapping with the lines of the file they are on.

    Anchors, aliases, tags, nesting without end, a key given twice and a second document are
    refused as errors of YAML.
    """
    keys: dict[str, int] = {}
    depth = 0
    documents = 0
    expects_key = True
    for event in events_of(text):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise refused("there is more than one document", event)
        refuse_special(event)
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
            raise refused("it must be a mapping", event)
        if depth == 1:
            if expects_key:
                remember_key(event, keys)
            expects_key = not expects_key
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAXIMUM_DEPTH:
                raise refused("it is nested too deeply", event)
    return keys


def refuse_special(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or (
        isinstance(event, yaml.NodeEvent) and event.anchor is not None
    ):
        raise refused("anchors and aliases are not allowed", event)
    tag = getattr(event, "tag", None)
    if isinstance(tag, str) and tag != "!":
        raise refused("tags are not allowed", event)


def remember_key(event: yaml.Event, keys: dict[str, int]) -> None:
    if not isinstance(event, yaml.ScalarEvent):
        raise refused("a key must be plain text", event)
    key = str(event.value)
    if key in keys:
        raise refused(f"the key {key} is given twice", event)
    keys[key] = line_of(event)


def refused(detail: str, event: yaml.Event) -> FrontmatterInvalid:
    return invalid(detail, line_of(event))


def invalid(detail: str, line: int) -> FrontmatterInvalid:
    return FrontmatterInvalid(f"The frontmatter is not valid YAML: {detail[:MAXIMUM_DETAIL]}", line)


def line_of(event: yaml.Event) -> int:
    return FIRST_LINE + (event.start_mark.line if event.start_mark is not None else 0)
