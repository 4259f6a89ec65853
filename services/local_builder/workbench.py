"""Where one build happens: its places on disk, and running a command there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.builder import Log
from services.local_builder.registry import CERTIFICATE_VARIABLES, Registry
from services.sandbox import Area, Limits, Mount, Outcome, Sandbox, Step, run

ROOT = "/app"
PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """The places of one build, as mounts: ``place`` says where a command finds each.

    ``code`` is what gets packed. ``scratch`` is a copy at the same path that an installation may
    write to: build backends leave things beside the sources.
    """

    sandbox: Sandbox
    area: Area
    log: Log
    variables: Mapping[str, str]
    registry: Registry
    uv: Mount
    code: Mount
    scratch: Mount
    environment: Mount
    temporary: Mount
    cache: Mount
    check: Mount

    def place(self, mount: Mount) -> str:
        return self.sandbox.place(mount)

    @property
    def python(self) -> str:
        return f"{self.place(self.environment)}/bin/python"

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
            mounts=[*mounts, self.temporary],
            variables={**self.variables, **self._common(), **variables},
            secrets=self._secrets(),
            gate=gate,
        )
        return await run(self.sandbox, step, area=self.area, log=self.log)

    def uv_variables(self) -> dict[str, str]:
        """How uv is kept to this Python, this environment and this cache."""
        variables = {
            **self.registry.variables,
            "UV_CACHE_DIR": self.place(self.cache),
            "UV_LINK_MODE": "copy",  # no link crosses from one mount to another
            "UV_NO_PROGRESS": "1",
            "UV_PROJECT_ENVIRONMENT": self.place(self.environment),
            "UV_PYTHON": str(self.sandbox.interpreter.executable),
            "UV_PYTHON_DOWNLOADS": "never",
        }
        if certificates := self.registry.certificates:
            variables |= dict.fromkeys(CERTIFICATE_VARIABLES, self.place(certificates))
        return variables

    def _common(self) -> dict[str, str]:
        temporary = self.place(self.temporary)
        return {
            "HOME": temporary,
            "LANG": "C.UTF-8",
            "PATH": f"{self.place(self.environment)}/bin:{PATH}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": temporary,
            "VIRTUAL_ENV": self.place(self.environment),
        }

    def _secrets(self) -> list[str]:
        values = [line for value in self.variables.values() for line in value.splitlines()]
        return [*values, *self.registry.secrets]
