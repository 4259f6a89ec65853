"""How much the fault tests do: a short piece by default, all of it in ``make faults``."""

import os
from collections.abc import Callable
from dataclasses import dataclass

SEED = int(os.environ.get("PINMARK_FAULT_SEED", "20"))
OPERATIONS = int(os.environ.get("PINMARK_FAULT_OPERATIONS", "100"))
KILLS = max(3, OPERATIONS // 100)
WHOLE = OPERATIONS >= 1000
"""Whether everything is asked for, and not only a piece of it."""
STRIKE_EVERY = 50 if WHOLE else 15
"""So many operations are answered between two faults of a storm."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Figures:
    """What a run did, for whoever started it."""

    name: str
    numbers: dict[str, object]

    def __str__(self) -> str:
        told = ", ".join(f"{name} {number}" for name, number in self.numbers.items())
        return f"{self.name}: {told}"


FIGURES: list[Figures] = []


def report(name: str, **numbers: object) -> None:
    """Have the figures printed at the end of the run."""
    FIGURES.append(Figures(name, numbers))
