"""How things are said to people; and what a server says, made harmless to their terminal."""

import re
from datetime import UTC, datetime

COLOURS = re.compile("\x1b\\[[0-9;:]*m")
# Controls of both sets, line and paragraph separators, and what turns the direction of writing.
DANGEROUS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
DURATION = re.compile(r"([0-9]{1,9})(s|m|h|d)?")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

FILE_SYNC = {
    "PENDING": "Queued",
    "SYNCING": "Syncing…",
    "SYNCED": "Synced",
    "FAILED": "Failed",
    "SKIPPED": "Skipped",
}
CODE_BUILD = {
    "PENDING": "Queued",
    "BUILDING": "Building…",
    "DEPLOYED": "Deployed",
    "FAILED": "Failed",
    "SKIPPED": "Skipped",
}
STATUS = {"IN_PROGRESS": "In progress", "DEPLOYED": "Deployed", "FAILED": "Failed"}


def harmless(text: str) -> str:
    """One line of a server's text that a terminal only shows: colours are left out, and whatever
    else could move the cursor, rename the window or reorder the line is spelled out.
    """
    return DANGEROUS.sub(_spelled, COLOURS.sub("", text))


def harmless_lines(text: str) -> list[str]:
    return [harmless(line) for line in text.splitlines()]


def _spelled(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def first_line(text: str | None, *, at_most: int = 60) -> str:
    line = harmless(next(iter((text or "").splitlines()), ""))
    return line if len(line) <= at_most else line[: at_most - 1] + "…"


def read_seconds(text: str) -> float | None:
    """The seconds of ``90``, ``30s``, ``20m``, ``2h`` or ``7d``; None for anything else."""
    match = DURATION.fullmatch(text.strip())
    return None if match is None else float(match[1]) * SECONDS[match[2] or "s"]


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ago(time: str) -> str:
    seconds = max((datetime.now(UTC) - read_time(time)).total_seconds(), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"


def version_word(version: int | None) -> str:
    return "" if version is None else f"v{version}"
