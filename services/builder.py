"""What turns an app's code at a commit into one artifact a runtime can start.

A builder knows nothing of deployments: it is given exported code and answers with a file, or
says in one sentence why there is none. Cancelling the task that runs ``build`` kills everything
the build started and removes what it left behind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Log = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class BuildRequest:
    """The inputs of one build: exported code, which file is the handler, and where things go.

    ``language`` is ``python`` or ``node``. ``source`` is only read. ``output`` receives the
    artifact. ``cache`` keeps downloaded packages between builds of the same app and is never
    shared with another app. The values of ``variables`` are masked in the log. What still runs of
    an earlier build of the same ``name`` is of no use any more.
    """

    source: Path
    handler_path: str
    language: str
    output: Path
    cache: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Build:
    """A finished build: one compressed tar, byte for byte the same for the same inputs."""

    artifact: Path
    size: int


class BuildFailed(Exception):
    """The code does not build; ``reason`` says why in one sentence, the log has the rest."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BuilderUnavailable(BuildFailed):
    """Nothing is wrong with the code: this machine cannot build. INFRASTRUCTURE, not BUILD."""


class Builder(Protocol):
    """Builds an app's code."""

    async def version(self, language: str) -> str:
        """What enters the key of every kept build of the language: equal versions, equal builds."""
        ...

    async def build(self, request: BuildRequest, *, log: Log) -> Build:
        """The finished build, or ``BuildFailed``. ``log`` is awaited once a line, in order."""
        ...
