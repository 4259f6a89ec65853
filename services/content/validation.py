"""What is wrong with a content file, with the line it is on."""

import re
from collections.abc import Iterator
from typing import cast

import orjson

from models.kinds import ContentProblemCode, FileKind
from services.content.encoding import BYTE_ORDER_MARK, not_text
from services.content.frontmatter import CONFIG_KEYS, FrontmatterInvalid, split, top_level_keys
from services.errors import ContentProblem

MAXIMUM_PROBLEMS = 100
BLANK = b" \t\r"
# One row: blank lines are passed over without a look at each.
ROW = re.compile(rb"[^ \t\r\n][^\n]*")


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
    try:
        parts = split(content)
        if parts is None:
            yield frontmatter_problem(path, 1, "A prompt starts with frontmatter: a line of ---.")
            return
        keys = top_level_keys(parts.yaml)
    except FrontmatterInvalid as error:
        yield frontmatter_problem(path, error.line, f"{error}.")
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
