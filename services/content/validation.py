"""What is wrong with a content file, with the line it is on."""

from collections.abc import Iterator
from typing import cast

import orjson

from models.kinds import FileKind
from services.content.frontmatter import (
    BYTE_ORDER_MARK,
    CONFIG_KEYS,
    FrontmatterInvalid,
    split,
    top_level_keys,
)
from services.errors import ContentProblem

MAXIMUM_PROBLEMS = 100
BLANK = b" \t\r"
LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def validate(path: str, kind: FileKind, content: bytes) -> Iterator[ContentProblem]:
    """Yield every problem of one file; an invalid encoding hides the others."""
    if content.startswith(LFS_POINTER):
        yield ContentProblem(path, 1, "This is a Git LFS pointer; content must be in Git itself.")
        return
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield ContentProblem(path, line, "The text is not UTF-8.")
        return
    if kind is FileKind.DATASET:
        yield from validate_dataset(path, content)
    elif kind is FileKind.PROMPT:
        yield from validate_prompt(path, content)


def validate_dataset(path: str, content: bytes) -> Iterator[ContentProblem]:
    """Each line is a JSON object with an object under ``input``; blank lines are passed over."""
    for number, line in dataset_rows(content):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield ContentProblem(path, number, f"This line is not JSON: {error.msg}")
            continue
        if not has_input(row):
            yield ContentProblem(path, number, "This line has no “input” that is an object.")


def dataset_rows(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold a row, with their numbers from 1."""
    for number, line in enumerate(content.removeprefix(BYTE_ORDER_MARK).split(b"\n"), start=1):
        if line.strip(BLANK):
            yield number, line


def has_input(row: object) -> bool:
    return isinstance(row, dict) and isinstance(cast("dict[str, object]", row).get("input"), dict)


def validate_prompt(path: str, content: bytes) -> Iterator[ContentProblem]:
    """A prompt opens with a YAML mapping between two lines ``---`` that says what it is for."""
    try:
        parts = split(content)
        if parts is None:
            yield ContentProblem(path, 1, "A prompt starts with frontmatter: a line of ---.")
            return
        keys = top_level_keys(parts.yaml)
    except FrontmatterInvalid as error:
        yield ContentProblem(path, error.line, f"{error}.")
        return
    chosen = [key for key in CONFIG_KEYS if key in keys]
    if len(chosen) != 1:
        found = " and ".join(chosen) if chosen else "none"
        line = keys[chosen[1]] if chosen else 1
        yield ContentProblem(
            path, line, f"The frontmatter needs exactly one of {', '.join(CONFIG_KEYS)}: {found}."
        )
