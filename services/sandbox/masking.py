"""Masking secrets in what is said: as they are, in other spellings, and over the ends of lines.

A secret is looked for as it is and as programs spell it when they print or send it: in Base64
at any place of a longer text, in hexadecimal, percent-encoded, and escaped as in JSON or a Python
literal. Long ones are looked for in pieces that overlap, so that what is held back and compared
stays short. Work grows with the length of the text, whatever the secrets are.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from bisect import bisect_left
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST_SECRET = 4  # masking shorter values would make the log unreadable and hide nothing
CERTAIN = 8  # so many characters of a secret's beginning are hardly there by chance
PIECE, OVERLAP = 128, 16
LINE_END = re.compile(r"[\r\n]+")
PERCENT = re.compile("%[0-9A-F]{2}")
URL_SAFE = str.maketrans("+/", "-_")

Interval = tuple[int, int]
Log = Callable[[str], Awaitable[None]]


class Mask:
    """Finds secrets in text that has no line breaks in it."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._spellings = frozenset(
            spelling
            for secret in secrets
            for spelling in _spellings(secret)
            if len(spelling) >= SHORTEST_SECRET
        )
        self._sorted = sorted(self._spellings)
        self._longest = max(map(len, self._spellings), default=0)
        self._first = frozenset(spelling[0] for spelling in self._spellings)
        self._lengths: dict[str, list[int]] = {}
        for length, anchor in sorted(
            {(-len(spelling), spelling[:SHORTEST_SECRET]) for spelling in self._spellings}
        ):
            self._lengths.setdefault(anchor, []).append(-length)

    def clean(self, line: str) -> str:
        """One whole line with its secrets masked."""
        found, end = list[str](), 0
        for start, stop in self.covered(line):
            found += [line[end:start], MASK]
            end = stop
        return "".join([*found, line[end:]])

    def covered(self, text: str) -> list[Interval]:
        """What of the text is secret, in order and without overlap."""
        found: list[Interval] = []
        for start, lengths in self._anchored(text):
            for length in lengths:
                if text[start : start + length] in self._spellings:
                    add(found, (start, start + length))
                    break
        return found

    def _anchored(self, text: str) -> Iterator[tuple[int, list[int]]]:
        """Where something may begin, with the lengths that it may have there, longest first."""
        if not self._lengths:
            return
        for start in range(len(text) - SHORTEST_SECRET + 1):
            lengths = self._lengths.get(text[start : start + SHORTEST_SECRET])
            if lengths is not None:
                yield start, lengths

    def begun(self, text: str, *, least: int) -> int:
        """Where the text's end begins a secret by ``least`` characters or more; else its length."""
        first = max(0, len(text) - self._longest + 1)
        for start in range(first, len(text) - least + 1):
            if text[start] in self._first and self._begins(text[start:]):
                return start
        return len(text)

    def _begins(self, text: str) -> bool:
        index = bisect_left(self._sorted, text)
        if index < len(self._sorted) and self._sorted[index] == text:
            index += 1
        return index < len(self._sorted) and self._sorted[index].startswith(text)


def masking(log: Log, secrets: Collection[str]) -> Log:
    """The same log, for lines of ours that may name what a command asked for."""
    mask = Mask(secrets)

    async def masked(line: str) -> None:
        await log(mask.clean(line))

    return masked


def add(intervals: list[Interval], interval: Interval) -> None:
    """Add an interval that begins no earlier than the last; the two become one where they meet."""
    if intervals and interval[0] <= intervals[-1][1]:
        start, end = intervals.pop()
        interval = start, max(end, interval[1])
    intervals.append(interval)


def _spellings(secret: str) -> Iterator[str]:
    """Every spelling of the secret as a whole, and of each of its lines."""
    for text in {each.strip() for each in (secret, *LINE_END.split(secret))}:
        if len(text) < SHORTEST_SECRET:
            continue
        yield from _pieces(text.replace("\r\n", "").replace("\n", ""))
        for piece in _pieces(text):
            for spell in SPELLINGS:
                yield spell(piece)
            yield from _in_base64(piece.encode(errors="replace"))


def _pieces(text: str) -> Iterator[str]:
    step = PIECE - OVERLAP
    for start in range(0, max(len(text) - PIECE, 0), step):
        yield text[start : start + PIECE]
    yield text[-PIECE:]


def _json_with_slashes(text: str) -> str:
    return _json(text).replace("/", "\\/")


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_unescaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _literal(text: str) -> str:
    return repr(text)[1:-1]


def _bytes_literal(text: str) -> str:
    return repr(text.encode(errors="replace"))[2:-1]


def _hexadecimal(text: str) -> str:
    return text.encode(errors="replace").hex()


def _hexadecimal_upper(text: str) -> str:
    return _hexadecimal(text).upper()


def _percent(safe: str) -> Callable[[str], str]:
    return lambda text: quote(text, safe=safe, errors="replace")


def _percent_lower(safe: str) -> Callable[[str], str]:
    return lambda text: PERCENT.sub(
        lambda found: found[0].lower(), quote(text, safe=safe, errors="replace")
    )


def _form(text: str) -> str:
    return quote_plus(text, errors="replace")


SPELLINGS = (
    _json,
    _json_unescaped,
    _json_with_slashes,
    _literal,
    _bytes_literal,
    _hexadecimal,
    _hexadecimal_upper,
    *(make(safe) for make in (_percent, _percent_lower) for safe in ("", "/", "!'()*")),
    _form,
)


def _in_base64(data: bytes) -> Iterator[str]:
    """The characters that the bytes alone decide, wherever in a longer text they lie."""
    for before in range(3):
        encoded = b64encode(bytes(before) + data + b"\0\0").decode()
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        yield encoded[first:last]
        yield encoded[first:last].translate(URL_SAFE)


class MaskedLines:
    """Takes text as it comes and gives its lines, masked.

    A line is held back while its end begins a secret that the next line may go on with; the
    caller decides how long. What is kept of a line is at most ``length`` characters.
    """

    def __init__(self, mask: Mask, *, length: int) -> None:
        self._mask = mask
        self._length = length
        self._text = ""  # from where a secret may have begun on, without line breaks
        self._shown = 0  # up to here it is part of a line already
        self._covered = 0  # up to here it is secret, whatever follows
        self._line_ends: deque[int] = deque()
        self._line = _Line(length)
        self._cut = ""  # the first half of a line break

    @property
    def holds_back(self) -> bool:
        return bool(self._line_ends)

    def feed(self, chunk: str) -> list[str]:
        """The lines that are whole and beyond doubt now."""
        chunk, self._cut = self._cut + chunk, ""
        if chunk.endswith("\r"):
            chunk, self._cut = chunk[:-1], "\r"
        parts = chunk.replace("\r\n", "\n").split("\n")
        length = len(self._text) + len(parts[0])
        for part in parts[1:]:
            self._line_ends.append(length)
            length += len(part)
        self._text += "".join(parts)
        ended = bool(self._line_ends) and self._line_ends[-1] == length
        doubtful = self._mask.begun(self._text, least=SHORTEST_SECRET if ended else 1)
        return self._show(doubtful, self._secret())

    def let_go(self) -> list[str]:
        """The lines that were held back: nothing came that would have gone on with a secret."""
        if not self._line_ends:
            return []
        return self._show(self._line_ends[-1], self._secret_or_begun())

    def finish(self) -> list[str]:
        """What is left, at the end of all."""
        self._text += self._cut
        whole = self._show(len(self._text), self._secret_or_begun())
        return [*whole, self._line.end()] if self._line else whole

    def _secret(self) -> list[Interval]:
        found: list[Interval] = [(0, self._covered)] if self._covered else []
        for interval in self._mask.covered(self._text):
            add(found, interval)
        return found

    def _secret_or_begun(self) -> list[Interval]:
        found = self._secret()
        begun = self._mask.begun(self._text, least=CERTAIN)
        if begun < len(self._text):
            # It may lie within the last of them, which began before.
            start = max(begun, found[-1][1]) if found else begun
            add(found, (start, len(self._text)))
        return found

    def _show(self, end: int, secret: list[Interval]) -> list[str]:
        """Make what goes up to ``end`` part of lines, and forget what no secret can go on from."""
        lines: list[str] = []
        left = deque(secret)
        while self._line_ends and self._line_ends[0] <= end:
            line_end = self._line_ends.popleft()
            self._take(line_end, left)
            lines.append(self._line.end())
        self._take(end, left)
        self._forget(secret)
        return lines

    def _take(self, end: int, secret: deque[Interval]) -> None:
        while self._shown < end:
            while secret and secret[0][1] <= self._shown:
                secret.popleft()
            start, stop = secret[0] if secret else (end, end)
            if self._shown < start:
                stop = min(start, end)
                self._line.say(self._text[self._shown : stop])
            else:
                stop = min(stop, end)
                self._line.mask()
            self._shown = stop

    def _forget(self, secret: list[Interval]) -> None:
        begun = min(self._mask.begun(self._text, least=1), self._shown)
        self._text = self._text[begun:]
        self._shown -= begun
        self._covered = max(
            (end - begun for start, end in secret if start < begun < end), default=0
        )
        self._line_ends = deque(line_end - begun for line_end in self._line_ends)


class _Line:
    """A line as it grows; beyond its length nothing is kept."""

    def __init__(self, length: int) -> None:
        self._room = self._length = length
        self._parts: list[str] = []
        self._masked = False

    def __bool__(self) -> bool:
        return bool(self._parts)

    def say(self, text: str) -> None:
        self._add(text)
        self._masked = False

    def mask(self) -> None:
        if not self._masked:
            self._add(MASK)
        self._masked = True

    def end(self) -> str:
        text = "".join(self._parts)
        self._room, self._masked = self._length, False
        self._parts.clear()
        return text

    def _add(self, text: str) -> None:
        if self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)
