"""One command to run confined, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.sandbox.bubblewrap import Mount
from services.sandbox.limits import Limits, Stopped


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command and all it may see and use.

    ``command[0]`` is an absolute path. ``secrets`` are masked in what it says. With a ``gate``
    (the socket of an open one) it has a way to the network, else none.
    """

    command: Sequence[str]
    directory: str
    limits: Limits
    mounts: Sequence[Mount] = ()
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: Collection[str] = field(default=(), repr=False)
    gate: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command ended: by itself with an exit code, or stopped at a limit.

    ``reports`` are what it told us on lines that begin with ``PINMARK_REPORT_MARK``.
    """

    exit_code: int
    stopped: Stopped | None
    reports: Sequence[str]
    last_lines: Sequence[str]
