"""Checks on what a caller typed, before any of it reaches a rule or the database."""

import re
from datetime import UTC, datetime

from models import MAXIMUM_NOTE, NAME_PATTERN, utc_now
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


def check_label(field: str, value: str, *, maximum: int) -> None:
    """Refuse a name that is free text when it shows nothing, or cannot be kept."""
    check_text(field, value, maximum=maximum)
    if not value.strip():
        raise InvalidInput(field, "It needs a name to be told by.")


def check_expiry(expires_at: datetime | None) -> datetime | None:
    """When something is to end by itself, in UTC; refused when that has been already."""
    if expires_at is None:
        return None
    if expires_at.tzinfo is None:
        raise InvalidInput("expiresAt", "expiresAt needs an offset from UTC, such as Z.")
    try:
        expires_at = expires_at.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("expiresAt", "expiresAt is outside the years 1 to 9999.") from None
    if expires_at <= utc_now():
        raise InvalidInput("expiresAt", "expiresAt has been already.")
    return expires_at


def check_moment(field: str, at: datetime) -> None:
    """Refuse a time without an offset, or one that no clock of ours reaches."""
    if at.tzinfo is None:
        raise InvalidInput(field, "A time needs its offset from UTC.")
    try:
        at.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(field, "This time is out of reach.") from None
