"""How a step ended, in words for the end of a sentence."""

from __future__ import annotations

import json

from services.sandbox import GIB, Limits, Outcome, Stopped


def limit_reached(outcome: Outcome, limits: Limits) -> str | None:
    """The limit that stopped a command; None when it ended by itself."""
    match outcome.stopped:
        case Stopped.TIME:
            return f"it took longer than {limits.seconds or 0:g} seconds"
        case Stopped.MEMORY:
            return f"it needs more than {limits.memory / GIB:.2g} GiB of memory"
        case Stopped.PROCESSES:
            return f"it started {limits.processes} processes or more"
        case Stopped.DISK:
            return f"it wrote more than {limits.disk / GIB:.2g} GiB"
        case None:
            return None


def exit_of(outcome: Outcome) -> str:
    if outcome.exit_code > 128:
        return f"with signal {outcome.exit_code - 128}"
    return f"with exit status {outcome.exit_code}"


def reported_reason(report: str) -> str:
    """What a check says; a handler can forge it, but only into a failure of its own."""
    try:
        return str(json.loads(report)["reason"] or "")
    except (ValueError, KeyError, TypeError):
        return "the import check was disturbed by the handler"


def sentence(reason: str) -> str:
    return reason if reason.endswith("?") else f"{reason}."
