"""What is wrong with a content file, with the line it is on."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import cast

import orjson
import yaml

from models.kinds import ContentProblemCode, FileKind
from services.content.encoding import BYTE_ORDER_MARK, not_text
from services.errors import ContentProblem

MAXIMUM_PROBLEMS = 100
MAXIMUM_FRONTMATTER_BYTES = 256 * 1024
MAXIMUM_YAML_DEPTH = 50
MAXIMUM_DETAIL = 200
FIRST_LINE = 2  # of the frontmatter, after its fence

CONFIG_KEYS = ("text_config", "object_config", "image_config", "speech_config")
# One row: blank lines are passed over without a look at each.
ROW = re.compile(rb"[^ \t\r\n][^\n]*")
FENCE = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
# libyaml where PyYAML has it, which is everywhere its wheels are.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def validate(path: str, kind: FileKind, content: bytes) -> Iterator[ContentProblem]:
    """Yield every problem of one file; an invalid encoding hides the others."""
    problem = not_text(path, content)
    if problem is not None:
        yield problem
    elif kind is FileKind.DATASET:
        yield from validate_dataset(path, content)
    elif kind is FileKind.PROMPT:
        yield from validate_prompt(path, content)


def validate_dataset(path: str, content: bytes) -> Iterator[ContentProblem]:
    """Each line is a JSON object with an object under ``input``; blank lines are passed over."""
    for number, line in dataset_rows(content):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            message = f"This line is not JSON: {error.msg}"
            yield ContentProblem(path, number, message, ContentProblemCode.INVALID_JSON_LINE)
            continue
        if not has_input(row):
            message = "This line has no “input” that is an object."
            yield ContentProblem(path, number, message, ContentProblemCode.MISSING_INPUT)


def dataset_rows(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold a row, from their first letter, with their numbers from 1."""
    number, counted = 1, 0
    for row in ROW.finditer(content, len(BYTE_ORDER_MARK) * content.startswith(BYTE_ORDER_MARK)):
        number += content.count(b"\n", counted, row.start())
        counted = row.start()
        yield number, row[0]


def has_input(row: object) -> bool:
    return isinstance(row, dict) and isinstance(cast("dict[str, object]", row).get("input"), dict)


def validate_prompt(path: str, content: bytes) -> Iterator[ContentProblem]:
    """A prompt opens with a YAML mapping between two lines ``---`` that says what it is for."""
    text = content.removeprefix(BYTE_ORDER_MARK)
    fences = list(islice(FENCE.finditer(text), 2))
    if not fences or fences[0].start() != 0:
        yield frontmatter_problem(path, 1, "A prompt starts with frontmatter: a line of ---.")
        return
    if len(fences) == 1:
        yield frontmatter_problem(path, 1, "The frontmatter has no end: a second line of ---.")
        return
    frontmatter = text[fences[0].end() + 1 : fences[1].start()]
    if len(frontmatter) > MAXIMUM_FRONTMATTER_BYTES:
        yield frontmatter_problem(path, 1, "The frontmatter is larger than 256 KiB.")
        return
    try:
        keys = top_level_keys(frontmatter)
    except FrontmatterInvalid as error:
        yield frontmatter_problem(path, error.line, f"The frontmatter is not valid YAML: {error}.")
        return
    chosen = [key for key in CONFIG_KEYS if key in keys]
    if len(chosen) != 1:
        found = " and ".join(chosen) if chosen else "none"
        line = keys[chosen[1]] if chosen else 1
        yield frontmatter_problem(
            path, line, f"The frontmatter needs exactly one of {', '.join(CONFIG_KEYS)}: {found}."
        )


def frontmatter_problem(path: str, line: int, message: str) -> ContentProblem:
    return ContentProblem(path, line, message, ContentProblemCode.INVALID_FRONTMATTER)


class FrontmatterInvalid(Exception):
    """YAML that cannot be used; ``line`` counts from 1 in the whole file."""

    def __init__(self, detail: str, line: int) -> None:
        super().__init__(detail[:MAXIMUM_DETAIL])
        self.line = line


def events_of(text: bytes) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = FIRST_LINE if mark is None else mark.line + FIRST_LINE
        raise FrontmatterInvalid(error.problem or "it cannot be read", line) from error
    except yaml.YAMLError as error:
        raise FrontmatterInvalid("it has a character that YAML does not allow", 1) from error


def top_level_keys(text: bytes) -> dict[str, int]:
    """Return the keys of a YAML mapping with the lines of the file they are on.

    Only the events are read and nothing is built, so there is nothing for a bomb to fill.
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
            if depth > MAXIMUM_YAML_DEPTH:
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
    return FrontmatterInvalid(detail, line_of(event))


def line_of(event: yaml.Event) -> int:
    return FIRST_LINE + (event.start_mark.line if event.start_mark is not None else 0)
