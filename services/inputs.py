"""Checks on what a caller typed, before any of it reaches a rule or the database."""

import re

from models import MAXIMUM_NOTE, NAME_PATTERN
from services.errors import InvalidInput, InvalidName

_NAME = re.compile(NAME_PATTERN.removeprefix("^").removesuffix("$"))


def is_name(name: str) -> bool:
    """Whether this can name an app or environment; matched in full, a trailing newline fails."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> None:
    if not is_name(name):
        raise InvalidName


def check_text(field: str, value: str, *, maximum: int) -> None:
    """Refuse text that Postgres cannot keep or that is longer than ``maximum`` characters."""
    if len(value) > maximum:
        raise InvalidInput(field, f"At most {maximum} characters; this has {len(value)}.")
    if "\x00" in value:
        raise InvalidInput(field, "NUL characters cannot be kept.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(field, "Half of a surrogate pair is not text.") from None


def check_note(note: str | None) -> None:
    if note is not None:
        check_text("note", note, maximum=MAXIMUM_NOTE)
