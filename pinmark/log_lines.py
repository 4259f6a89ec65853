"""What an event becomes before it is written: one line, whatever is in it, and no secret.

Everything is made of what JSON knows, cut to a size that a collector takes, and searched for what
looks like a secret. That is the last fence, not the first: secrets are not logged on purpose.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from structlog.typing import EventDict, WrappedLogger

LONGEST_TEXT = 4_000
LONGEST_TRACEBACK = 16_000
MOST_ITEMS = 50
DEEPEST = 4
LARGEST_INTEGER = 2**53  # what every reader of JSON takes for what it is

REDACTED = "[redacted]"
_SECRET_NAMES = re.compile(
    r"(?i)authorization|cookie|token|secret|passw|credential|api_?key|private_?key|variables"
)
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*KEY-----|\Z)", re.S),
        REDACTED,
    ),
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\W{1,6})[^\r\n'\"]+"),
        rf"\1\2{REDACTED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {REDACTED}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/'\"]*@"), rf"\1{REDACTED}@"),
    (
        re.compile(
            r"(?i)\b((?:access_|id_|refresh_)?token|code|state|secret|password|passwd|api_?key"
            r"|client_secret|signature)(=)[^&\s'\"#;,]+"
        ),
        rf"\1\2{REDACTED}",
    ),
    # Our own, those of hosts, of identity providers, and what our cipher makes.
    (
        re.compile(r"\b(sk_pinmark_|st_pinmark_|pinmark_(?:owner|pat|inv)_)[\w-]+"),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"\b(gh[a-z]_|github_pat_|glpat-)[\w-]+"), rf"\1{REDACTED}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), REDACTED),
    (re.compile(r"\bgAAAA[\w-]+=*"), REDACTED),
    # Where Postgres and its drivers repeat the values of a statement.
    (re.compile(r"(invalid input for query argument \$\d+: ).*"), rf"\1{REDACTED}"),
    (re.compile(r"(\[parameters: ).*"), rf"\1{REDACTED}]"),
    (re.compile(r"(Failing row contains ).*"), rf"\1{REDACTED}"),
    (re.compile(r"(Key \(.*?\)=)\(.*\)"), rf"\1({REDACTED})"),
)


def printable(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor: the event in values that can be written."""
    traceback = event.pop("exception", None)
    made = {
        _text(str(name), LONGEST_TEXT): _value(str(name), value, 0) for name, value in event.items()
    }
    if traceback is not None:
        made["exception"] = _text(str(traceback), LONGEST_TRACEBACK)
    return made


def as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """A processor: the printable event as a line of ASCII, which no reader breaks in two."""
    return json.dumps(event).replace("\x7f", "\\u007f")


def without_secrets(text: str) -> str:
    """The text without what looks like a secret."""
    for pattern, put in _SECRETS:
        text = pattern.sub(put, text)
    return text


def _value(name: str, value: object, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_NAMES.search(name):
        return REDACTED
    match value:
        case Enum():
            return _value(name, value.value, depth)
        case int():
            return int(value) if abs(value) <= LARGEST_INTEGER else _shown(value)
        case float():
            return float(value) if isfinite(value) else str(value)
        case str():
            return _text(value, LONGEST_TEXT)
        case bytes() | bytearray():
            return _text(
                bytes(value[:LONGEST_TEXT]).decode(errors="backslashreplace"), LONGEST_TEXT
            )
        case UUID() | date() | Path():
            return str(value)
        case Mapping() if depth < DEEPEST:
            items = cast(Mapping[object, object], value).items()
            return {
                _text(_shown(key), LONGEST_TEXT): _value(_shown(key), each, depth + 1)
                for key, each in islice(items, MOST_ITEMS)
            }
        case list() | tuple() | set() | frozenset() if depth < DEEPEST:
            each_of = cast(Iterable[object], value)
            return [_value(name, each, depth + 1) for each in islice(each_of, MOST_ITEMS)]
        case _:
            return _text(_shown(value), LONGEST_TEXT)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return repr(value)
    except Exception as error:  # whatever it is that cannot even be shown
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"


def _text(text: str, longest: int) -> str:
    """Cut in the middle, since a traceback says most at its end; nothing that is no character."""
    if len(text) > longest * 2:  # searched for secrets as a whole unless it is out of proportion
        text = f"{text[:longest]}…{text[-longest:]}"
    text = without_secrets(text.encode(errors="backslashreplace").decode())
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} […{len(text) - 2 * half} left out…] {text[-half:]}"
