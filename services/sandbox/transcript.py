"""What a confined command says: lines, bounded in length and number, with secrets masked.

What follows the run's own mark on a line is a message to the supervisor (``inside`` has begun,
an import check reports) and never reaches the log.
"""

from __future__ import annotations

import codecs
from asyncio import StreamReader
from collections import deque
from collections.abc import Awaitable, Callable, Collection

LINE_LENGTH = 4_000
REPORTS = 16
MASK = "***"
SHORTEST_SECRET = 4  # masking shorter values would make the log unreadable and hide nothing


class Transcript:
    """Reads a stream to its end and passes its lines on to ``log``."""

    def __init__(
        self,
        *,
        log: Callable[[str], Awaitable[None]],
        mark: str,
        lines: int | None,
        secrets: Collection[str],
    ) -> None:
        self.reports: list[str] = []
        self.last_lines: deque[str] = deque(maxlen=100)
        self._log = log
        self._mark = mark
        self._lines_left = lines
        self._secrets = sorted(
            (secret for secret in secrets if len(secret) >= SHORTEST_SECRET), key=len, reverse=True
        )

    async def read(self, stream: StreamReader) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        line = ""
        while chunk := await stream.read(65536):
            *whole, line = (line + decoder.decode(chunk)).split("\n")
            for text in whole:
                await self._pass_on(text)
            # What exceeds a line is dropped, past the longest secret so that none is cut in two.
            line = line[: LINE_LENGTH * 4]
        if line:
            await self._pass_on(line)

    async def _pass_on(self, line: str) -> None:
        line, marked, report = line.partition(self._mark)
        line = self._clean(line)
        if report and len(self.reports) < REPORTS:
            self.reports.append(self._clean(report))
        if marked and not line:
            return
        self.last_lines.append(line)
        if self._lines_left is None:
            await self._log(line)
        elif self._lines_left >= 0:
            await self._log(line if self._lines_left else "output truncated")
            self._lines_left -= 1

    def _clean(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, MASK)
        line = line.rstrip("\r").replace("\0", "\N{REPLACEMENT CHARACTER}")
        return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"
