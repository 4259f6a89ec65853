"""How often each thing was asked, and what came of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LOST = "no answer"
MASKED = "an error of ours"
NOT_ANSWERED = (LOST, MASKED)


@dataclass
class Tally:
    """Operations by kind and outcome; one that nobody could answer is counted apart."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def count(self, kind: str, outcome: str) -> None:
        self.outcomes[kind, outcome] += 1

    @property
    def answered(self) -> int:
        """Refusals included: they are answers."""
        return self.outcomes.total() - self.unanswered

    @property
    def unanswered(self) -> int:
        return sum(
            count for (_, outcome), count in self.outcomes.items() if outcome in NOT_ANSWERED
        )

    def by_kind(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each kind with its outcomes, the most frequent first."""
        for kind in sorted({kind for kind, _ in self.outcomes}):
            found = {
                outcome: count
                for (each, outcome), count in self.outcomes.most_common()
                if each == kind
            }
            yield kind, found
