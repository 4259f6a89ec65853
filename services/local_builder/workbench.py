"""Where one build happens: its places on disk, and running a command there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.builder import Log
from services.sandbox import Area, Limits, Mount, Outcome, Sandbox, Step, reachable, run

ROOT = "/app"
PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """The places that builds of every language have, as mounts: ``place`` says where a command
    finds each.

    ``code`` is what gets packed. ``scratch`` is a copy at the same path that an installation may
    write to: build backends leave things beside the sources. ``secrets`` are masked in the log.
    """

    sandbox: Sandbox
    area: Area
    log: Log
    variables: Mapping[str, str] = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    code: Mount
    scratch: Mount
    temporary: Mount
    cache: Mount

    def place(self, mount: Mount) -> str:
        return self.sandbox.place(mount)

    def usable(self, source: Path, *, mode: int) -> Path:
        """The file, or a copy where no sandbox can bind it and the command could not read it."""
        if self.sandbox.bwrap or reachable(source, self.area.uid):
            return source
        copy = self.area.root / source.name
        copy.write_bytes(source.read_bytes())
        copy.chmod(mode)
        return copy

    async def run(
        self,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        directory: str,
        limits: Limits,
        variables: Mapping[str, str],
        gate: Path | None = None,
    ) -> Outcome:
        """Run ``command`` with the app's variables; ours win where both have a name."""
        step = Step(
            command=command,
            directory=directory,
            limits=limits,
            mounts=[self.temporary, *mounts],
            variables={**self.variables, **self._common(), **variables},
            secrets=self.secrets,
            gate=gate,
        )
        return await run(self.sandbox, step, area=self.area, log=self.log)

    def _common(self) -> dict[str, str]:
        temporary = self.place(self.temporary)
        return {"HOME": temporary, "LANG": "C.UTF-8", "PATH": PATH, "TMPDIR": temporary}
