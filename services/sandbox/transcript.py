"""What a confined command says: lines, bounded in length and number, with secrets masked.

What follows the run's own mark on a line is a message to the supervisor (``inside`` has begun,
an import check reports) and never reaches the log.
"""

from __future__ import annotations

import asyncio
import codecs
from asyncio import StreamReader
from collections import deque
from collections.abc import Awaitable, Callable

from services.sandbox.masking import Mask, MaskedLines

LINE_LENGTH = 4_000
REPORTS = 16
SILENCE_SECONDS = 1.0  # a line that may begin a secret waits so long for what goes on with it


class Transcript:
    """Reads a stream to its end and passes its lines on to ``log``."""

    def __init__(
        self,
        *,
        log: Callable[[str], Awaitable[None]],
        mark: str,
        lines: int | None,
        mask: Mask,
    ) -> None:
        self.reports: list[str] = []
        self.last_lines: deque[str] = deque(maxlen=100)
        self._log = log
        self._mark = mark
        self._lines_left = lines
        # Room for what we report on a line beside what the command said there.
        self._lines = MaskedLines(mask, length=LINE_LENGTH * 4)

    async def read(self, stream: StreamReader) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        while (chunk := await self._next(stream)) is None or chunk:
            lines = self._lines
            for line in lines.let_go() if chunk is None else lines.feed(decoder.decode(chunk)):
                await self._pass_on(line)
        for line in [*self._lines.feed(decoder.decode(b"", final=True)), *self._lines.finish()]:
            await self._pass_on(line)

    async def _next(self, stream: StreamReader) -> bytes | None:
        """What the command says next, empty at its end; None when it is silent for a while."""
        if not self._lines.holds_back:
            return await stream.read(65536)
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                return await stream.read(65536)
        except TimeoutError:
            return None

    async def _pass_on(self, line: str) -> None:
        line, marked, report = line.partition(self._mark)
        line = _storable(line)
        if report and len(self.reports) < REPORTS:
            self.reports.append(_storable(report))
        if marked and not line:
            return
        self.last_lines.append(line)
        if self._lines_left is None:
            await self._log(line)
        elif self._lines_left >= 0:
            await self._log(line if self._lines_left else "output truncated")
            self._lines_left -= 1


def _storable(line: str) -> str:
    line = line.rstrip("\r").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"
