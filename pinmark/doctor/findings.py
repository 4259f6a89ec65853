"""What a check found, as a line or as JSON; never a secret, never more than a line."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pinmark.log_lines import without_secrets

LONGEST = 500


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""

    @property
    def line(self) -> str:
        advice = f" → {self.advice}" if self.advice else ""
        return f"{self.verdict:<4}  {self.check:<20}  {self.found}{advice}"


Check = Callable[[], Awaitable[Finding]]


def ok(check: str, found: str) -> Finding:
    return Finding(check, Verdict.OK, _plain(found))


def warn(check: str, found: str, advice: str) -> Finding:
    return Finding(check, Verdict.WARN, _plain(found), advice)


def fail(check: str, found: str, advice: str) -> Finding:
    return Finding(check, Verdict.FAIL, _plain(found), advice)


def has_failed(findings: Sequence[Finding]) -> bool:
    return any(finding.verdict is Verdict.FAIL for finding in findings)


def as_document(findings: Sequence[Finding]) -> dict[str, Any]:
    """For programs: every finding, and the worst verdict of them."""
    order = list(Verdict)
    worst = max((finding.verdict for finding in findings), key=order.index, default=Verdict.OK)
    return {"verdict": worst, "checks": [asdict(finding) for finding in findings]}


def _plain(text: str) -> str:
    words = " ".join(without_secrets(text).split())
    printable = "".join(each if each.isprintable() else "?" for each in words)
    return printable if len(printable) <= LONGEST else f"{printable[:LONGEST]}…"
