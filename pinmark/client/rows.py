"""The rows that are drawn while a deployment runs."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from pinmark.client.following import Transition
from pinmark.client.screen import Screen
from pinmark.client.words import CODE_BUILD, FILE_SYNC, harmless

DONE = ("SYNCED", "DEPLOYED", "SKIPPED")
AT_WORK = ("SYNCING", "BUILDING")


class Rows:
    """One row a step, with how long it is all taking; the last state stays on the screen."""

    def __init__(self, screen: Screen) -> None:
        self._spinner = Spinner("dots")
        self._began = time.monotonic()
        self._now: Transition | None = None
        self._console = Console(file=screen.people, highlight=False)
        self._live = Live(
            console=self._console,
            get_renderable=self._draw,
            refresh_per_second=8,
            redirect_stdout=False,  # what programs read is not to be drawn over
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def moved(self, now: Transition) -> None:
        self._now = now
        self._live.refresh()

    def warn(self, text: str) -> None:
        self._console.print(Text(harmless(text), style="yellow"))

    def _draw(self) -> Table:
        table = Table.grid(padding=(0, 1))
        now = self._now
        steps = (
            ("File sync", "PENDING" if now is None else now.file_sync, FILE_SYNC),
            ("Code build", "PENDING" if now is None else now.code_build, CODE_BUILD),
        )
        for name, status, words in steps:
            table.add_row(self._mark(status), name, words[status], self._elapsed(status))
        return table

    def _mark(self, status: str) -> RenderableType:
        if status in DONE:
            return Text("✓", style="green")
        if status == "FAILED":
            return Text("✗", style="red")
        return self._spinner if status in AT_WORK else Text("·")

    def _elapsed(self, status: str) -> str:
        if status not in AT_WORK:
            return ""
        return f"{int(time.monotonic() - self._began)} s"
