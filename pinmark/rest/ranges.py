"""Partial requests for one file (RFC 9110, 14)."""

import re
from dataclasses import dataclass

from starlette.datastructures import Headers

RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Part:
    """The bytes from ``start`` up to, and not including, ``end``."""

    start: int
    end: int


def wanted_part(headers: Headers, etag: str, size: int) -> Part | None:
    """The part that ``Range`` asks for; None for the whole.

    What is no single range of bytes is passed over, and so is any range when ``If-Range`` is
    about other bytes. A part that starts past the end is empty: it cannot be had.
    """
    given = headers.get("range")
    condition = headers.get("if-range")
    if given is None or (condition is not None and condition.strip() != etag):
        return None
    found = RANGE.fullmatch(given.strip())
    if found is None:
        return None
    first, last = (_number(text) for text in found.groups())
    if first is not None:
        return _from(first, last, size)
    return None if last is None else _suffix(last, size)


def _number(digits: str) -> int | None:
    """What the digits say, up to a number past any file's size; None without digits."""
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return 10**LONGEST_NUMBER if len(digits) > LONGEST_NUMBER else int(digits)


def _from(first: int, last: int | None, size: int) -> Part | None:
    if last is not None and last < first:
        return None
    return Part(min(first, size), size if last is None else min(last + 1, size))


def _suffix(length: int, size: int) -> Part | None:
    if length and not size:
        return None  # all of nothing is there, but no part of it can be named
    return Part(max(size - length, 0), size)
