"""What the API is to reach beside the raw handler, and what stands in the way where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.promote import FILES
from bench.questions import HISTORY, MENU
from bench.table import Line, Table

KEPT = "kept while nothing changes"
MADE_ANEW = "made anew each time"
MIXED = "Q1 with a promotion after each twentieth"
PROMOTIONS = f"promotion of {FILES:,} files, pinned source"
AT_ONCE_MS = 20.0

STATEMENTS = "a promotion is eight statements, the raw handler's is one"
COPY = "a thousand entries are copied and held against their blobs, and the commit is on the disk"
OBJECTS = "four statements and an object for each row, where the raw handler has one and no objects"


@dataclass(frozen=True)
class Aim:
    """So many answers, at least, for the processor time of one of the raw handler's."""

    question: str
    line: str
    least: float
    why_not: str


AIMS = (
    Aim(MENU.name, KEPT, 1.8, "the revision is read for each, and by fewer together than usual"),
    Aim(HISTORY.name, KEPT, 3.0, "the revision is read for each, and by fewer together than usual"),
    Aim(MENU.name, MADE_ANEW, 0.8, OBJECTS),
    Aim(HISTORY.name, MADE_ANEW, 0.8, OBJECTS),
    Aim(MIXED, KEPT, 1.5, STATEMENTS),
)


def judged(table: Table) -> Iterator[str]:
    """Each aim, met or missed, as it was measured."""
    for aim in AIMS:
        line = _line(table, aim.question, aim.line)
        assert line.ratio is not None
        met = line.ratio >= aim.least
        said = f"{aim.question}, {aim.line}: {line.ratio:.2f} x raw, aim {aim.least}"
        yield f"met     {said}" if met else f"missed  {said}: {aim.why_not}"
    p50 = table.questions[PROMOTIONS][0].taken.p50
    met = p50 < AT_ONCE_MS
    said = f"{PROMOTIONS}: p50 {p50:.0f} ms, aim {AT_ONCE_MS:.0f}"
    yield f"met     {said}" if met else f"missed  {said}: {COPY}"


def _line(table: Table, question: str, name: str) -> Line:
    return next(line for line in table.questions[question] if line.name == name)
