"""A deployment's steps as they move: rows drawn anew on a terminal, elsewhere a line each time."""

import time
from types import TracebackType
from typing import Protocol, Self

from pinmark.client.following import Transition
from pinmark.client.screen import Screen
from pinmark.client.words import CODE_BUILD, FILE_SYNC, STATUS


class Progress(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def moved(self, now: Transition) -> None: ...

    def warn(self, text: str) -> None: ...


def progress_on(screen: Screen) -> Progress:
    if not screen.is_terminal:
        return Lines(screen)
    from pinmark.client.rows import Rows

    return Rows(screen)


class Lines:
    """One line a transition."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def moved(self, now: Transition) -> None:
        time_of_day = time.strftime("%H:%M:%S")
        steps = f"File sync {FILE_SYNC[now.file_sync]}  Code build {CODE_BUILD[now.code_build]}"
        self._screen.say(f"{time_of_day}  {STATUS[now.status]}  {steps}")

    def warn(self, text: str) -> None:
        self._screen.warn(text)
