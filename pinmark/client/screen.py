"""What a command says: to people, and with ``--json`` to programs.

Results go to standard output and everything else to standard error. With ``--json`` standard
output carries one JSON object a line and nothing else, and people are told on standard error.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from pinmark.client.failures import Data, Failure, Interrupted
from pinmark.client.words import harmless, harmless_lines


class Screen:
    """The two outputs and the terminal, as one command uses them."""

    def __init__(self, *, machine: bool) -> None:
        self.machine = machine
        self.people: TextIO = sys.stderr if machine else sys.stdout

    @property
    def is_terminal(self) -> bool:
        """Whether people look at a terminal that can be drawn on."""
        return self.people.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

    def say(self, text: str = "") -> None:
        print("\n".join(harmless_lines(text)), file=self.people, flush=True)

    def warn(self, text: str) -> None:
        print("\n".join(harmless_lines(text)), file=sys.stderr, flush=True)

    def tell(self, **fields: object) -> None:
        """One object for programs; escaped, so that it is as harmless as text is."""
        if self.machine:
            print(json.dumps(fields), flush=True)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """The rows in columns for people."""
        lines = [head, *([harmless(cell) for cell in row] for row in rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            print("  ".join(cells).rstrip(), file=self.people)
        self.people.flush()

    def listing(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], items: list[Data]
    ) -> None:
        """A list: a table for people, or an object an item for programs."""
        if self.machine:
            for item in items:
                self.tell(**item)
        else:
            self.table(head, rows)

    @property
    def can_ask(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str) -> None:
        """Go on when somebody at a terminal agrees, or when nobody is there to be asked."""
        if self.can_ask and self.ask(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
            raise Interrupted("Nothing was done.", code="DECLINED")

    def ask(self, prompt: str) -> str:
        print(harmless(prompt), end="", file=sys.stderr, flush=True)
        try:
            return input()
        except EOFError:
            print(file=sys.stderr)
            raise Interrupted("Nothing was done.", code="DECLINED") from None

    def fail(self, failure: Failure) -> None:
        """What went wrong, where, and what to try next."""
        self.tell(type="error", code=failure.code, message=failure.message, hint=failure.hint)
        self.warn(f"pinmark: {failure.message}")
        if failure.hint is not None:
            self.warn(f"         {failure.hint}")
