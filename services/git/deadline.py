"""When a transfer is given up: after a moment, and after so many bytes."""

import time
from dataclasses import dataclass

from services.errors import RepositoryUnreachable


@dataclass(frozen=True)
class Deadline:
    """``seconds`` from its making; the clock is the monotonic one, so any thread may ask."""

    seconds: float
    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(seconds, time.monotonic() + seconds)

    @property
    def remaining(self) -> float:
        return max(0.0, self.at - time.monotonic())

    @property
    def refusal(self) -> RepositoryUnreachable:
        return RepositoryUnreachable(f"it was not read within {self.seconds:g} seconds")

    def check(self) -> None:
        if time.monotonic() >= self.at:
            raise self.refusal


@dataclass
class Budget:
    """How many bytes a host may still send."""

    left: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise RepositoryUnreachable("it sends more than is allowed")
