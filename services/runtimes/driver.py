"""What runs a deployment's handler, told apart from who decides that it should run.

A driver knows nothing of environments' pins or of the database: it is given a plan and prepares
a place where the runtime can be started, as often as it takes. Leaving the block of ``open``, or
cancelling the task that runs ``run``, ends everything that was started.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from models import Language

Log = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class RuntimePlan:
    """All that a runtime is made of.

    The code is that of the artifact at ``artifact_path`` in the store, whose tracked files are
    ``code_paths``; its content is what ``content`` reads: path and bytes, file by file. Of
    ``variables`` the values of ``secrets`` are masked in the log. ``signing_secret`` is for the
    calls that are sent to it.
    """

    runtime_id: UUID
    language: Language
    handler_path: str
    artifact_path: str
    artifact_digest: str
    code_paths: Collection[str]
    content: Callable[[], AsyncIterator[tuple[str, bytes]]]
    signing_secret: str = field(repr=False)
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: Collection[str] = field(default=(), repr=False)


class RuntimeUnavailable(Exception):
    """Nothing is wrong with the app: this machine cannot run it. INFRASTRUCTURE, not RUNTIME."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PreparedRuntime(Protocol):
    """A place where a runtime can be started, one process after another."""

    @property
    def address(self) -> str:
        """Where it listens once it runs, as ``connection`` understands it."""
        ...

    async def run(self) -> str:
        """Run it until it ends, and say in one sentence how it ended."""
        ...


class RuntimeDriver(Protocol):
    """Runs handlers somewhere."""

    def open(self, plan: RuntimePlan, *, log: Log) -> AbstractAsyncContextManager[PreparedRuntime]:
        """Prepare everything, or raise ``RuntimeUnavailable``."""
        ...

    async def end_others(self) -> None:
        """End whatever still runs of a supervisor before this one; nothing of ours runs yet."""
        ...
