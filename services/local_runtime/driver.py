"""The runtimes of this machine: each in a sandbox and an area of its own.

The process has no network: it listens on a Unix socket in a directory bound into its sandbox, and
reaches others only through the gate, which never leads back to this machine.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from anyio import to_thread

from models import Language
from services import local_builder
from services.builder import BuilderUnavailable
from services.local_builder import BUNDLE, ROOT, BadArtifact, find_node, unpack
from services.local_runtime.content import lay_content
from services.runtimes.driver import Log, RuntimePlan, RuntimeUnavailable
from services.sandbox import (
    GIB,
    MIB,
    Area,
    Limits,
    Mount,
    Outcome,
    Sandbox,
    SandboxBroken,
    SandboxUnavailable,
    Step,
    Stopped,
    find_sandbox,
    masking,
    open_area,
    open_gate,
    run,
    unprivileged_uid,
)
from services.sandbox.area import remove_tree
from services.sandbox.disk import disk_usage
from services.store import Store

PYTHON_WRAPPER = Path(__file__).with_name("python_wrapper.py")
NODE_WRAPPER = Path(__file__).with_name("node_wrapper.mjs")
IMPORT_RULE = Path(local_builder.__file__).with_name("import_check.py")
PATH = "/usr/local/bin:/usr/bin:/bin"
LOOK_SECONDS = 2.0
NICENESS = 5  # after the server, before builds
LARGEST_APP = 64 * GIB


@dataclass(frozen=True, kw_only=True)
class RuntimeLimits:
    """How much of the machine one runtime may use, and how much one call.

    ``disk`` is what it may write beside its own code and content.
    """

    memory: int = 1024 * MIB
    processes: int = 128
    open_files: int = 2048
    disk: int = 512 * MIB
    calls: int = 32
    call_seconds: float = 300
    body_bytes: int = MIB


@dataclass(frozen=True)
class LocalRuntimes:
    """Starts runtimes here; ``setting`` is PINMARK_SANDBOX."""

    store: Store
    setting: str = "auto"
    limits: RuntimeLimits = RuntimeLimits()

    @asynccontextmanager
    async def open(self, plan: RuntimePlan, *, log: Log) -> AsyncGenerator[LocalRuntime]:
        try:
            sandbox = await find_sandbox(self.setting)
        except SandboxUnavailable as unavailable:
            raise RuntimeUnavailable(str(unavailable)) from None
        uid = unprivileged_uid(str(plan.runtime_id))
        log = await to_thread.run_sync(masking, log, _secrets(plan))
        async with open_area(uid=uid) as area:
            await self._fetch(plan, area)
            await lay_content(area.root / "app/code", plan.content(), code_paths=plan.code_paths)
            limits = self.limits
            if sandbox.bwrap is None:  # all of the area is measured then
                size = await to_thread.run_sync(_size, area.root)
                limits = replace(limits, disk=limits.disk + size)
            async with open_gate(area.root / "gate.sock", log=log):
                yield LocalRuntime(sandbox, area, plan, limits, log)

    async def end_others(self) -> None:
        """There are none: what a supervisor started here ends with its process."""

    async def _fetch(self, plan: RuntimePlan, area: Area) -> None:
        archive, app = area.root / "artifact.tar.gz", area.directory("app")
        digest = await self.store.fetch(plan.artifact_path, archive)
        if digest != plan.artifact_digest:
            raise RuntimeUnavailable("The kept build is not what was put in the store.")
        try:
            await to_thread.run_sync(unpack, archive, app)
        except BadArtifact as bad:
            raise RuntimeUnavailable(f"The kept build cannot be unpacked: {bad}.") from None
        archive.unlink()


def _secrets(plan: RuntimePlan) -> list[str]:
    return [*plan.secrets, plan.signing_secret]


def _size(directory: Path) -> int:
    return disk_usage([directory], at_most=LARGEST_APP)


def _clear(path: Path) -> None:
    """Remove whatever the last process left at the path, be it a folder."""
    try:
        path.unlink(missing_ok=True)
    except (IsADirectoryError, PermissionError):
        remove_tree(path)


class LocalRuntime:
    """One runtime's place: unpacked code, its content, a socket and room for temporary files."""

    def __init__(
        self, sandbox: Sandbox, area: Area, plan: RuntimePlan, limits: RuntimeLimits, log: Log
    ) -> None:
        self._sandbox = sandbox
        self._area = area
        self._plan = plan
        self._limits = limits
        self._log = log
        self._app = Mount(source=area.root / "app", target=ROOT)
        self._socket = Mount(
            source=area.directory("socket", writable=True),
            target="/run/pinmark/socket",
            writable=True,
        )
        self._temporary = Mount(
            source=area.directory("temporary", writable=True), target="/tmp", writable=True
        )

    @property
    def address(self) -> str:
        return f"unix:{self._socket.source}/http.sock"

    async def run(self) -> str:
        await to_thread.run_sync(_clear, self._socket.source / "http.sock")
        command, programs = self._command()
        step = Step(
            command=command,
            directory=f"{self._sandbox.place(self._app)}/code",
            limits=Limits(
                seconds=None,
                memory=self._limits.memory,
                processes=self._limits.processes,
                open_files=self._limits.open_files,
                disk=self._limits.disk,
                lines=None,
                look_seconds=LOOK_SECONDS,
                niceness=NICENESS,
            ),
            mounts=[self._app, self._socket, self._temporary, *programs],
            variables={**self._plan.variables, **self._variables()},
            secrets=_secrets(self._plan),
            gate=self._area.root / "gate.sock",
        )
        try:
            outcome = await run(self._sandbox, step, area=self._area, log=self._log)
        except SandboxBroken as broken:
            raise RuntimeUnavailable(f"The sandbox did not start: {broken}.") from broken
        return self._how(outcome)

    def _command(self) -> tuple[Sequence[str], Sequence[Mount]]:
        """What to start, by the handler's language, and the files of ours that it needs."""
        match self._plan.language:
            case Language.PYTHON:
                return self._python()
            case Language.NODE:
                return self._node()

    def _python(self) -> tuple[Sequence[str], Sequence[Mount]]:
        wrapper, rule = self._program(PYTHON_WRAPPER), self._program(IMPORT_RULE)
        app = self._sandbox.place(self._app)
        orders = self._orders(code=f"{app}/code", import_rule=self._sandbox.place(rule))
        place = self._sandbox.place(wrapper)
        return [f"{app}/venv/bin/python", "-P", place, orders], [wrapper, rule]

    def _node(self) -> tuple[Sequence[str], Sequence[Mount]]:
        try:
            node = find_node(os.environ)
        except BuilderUnavailable as unavailable:
            raise RuntimeUnavailable(unavailable.reason) from None
        wrapper = self._program(NODE_WRAPPER)
        orders = self._orders(bundle=f"{self._sandbox.place(self._app)}/{BUNDLE}")
        heap = f"--max-old-space-size={self._limits.memory * 3 // 4 // MIB}"
        place = self._sandbox.place(wrapper)
        command = [str(node.executable), "--enable-source-maps", heap, place, orders]
        return command, [wrapper, *node.mounts]

    def _orders(self, **of_language: str) -> str:
        orders = {
            "handler": self._plan.handler_path,
            "socket": f"{self._sandbox.place(self._socket)}/http.sock",
            "calls": self._limits.calls,
            "seconds": self._limits.call_seconds,
            "body_bytes": self._limits.body_bytes,
        }
        return json.dumps(orders | of_language)

    def _program(self, program: Path) -> Mount:
        copy = self._area.root / program.name
        if not copy.exists():
            self._area.file(program.name, program.read_text())
        return Mount(source=copy, target=f"/run/pinmark/{program.name}")

    def _variables(self) -> dict[str, str]:
        temporary = self._sandbox.place(self._temporary)
        environment = f"{self._sandbox.place(self._app)}/venv"
        return {
            "HOME": temporary,
            "LANG": "C.UTF-8",
            "PATH": f"{environment}/bin:{PATH}",
            # Not kept elsewhere instead: that would hide the standard library's own bytecode.
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": temporary,
            "VIRTUAL_ENV": environment,
            "PINMARK_RUNTIME_SECRET": self._plan.signing_secret,
        }

    def _how(self, outcome: Outcome) -> str:
        match outcome.stopped:
            case Stopped.MEMORY:
                return f"It used more than {self._limits.memory // MIB} MiB of memory."
            case Stopped.PROCESSES:
                return f"It started {self._limits.processes} processes or more."
            case Stopped.DISK:
                return f"It wrote more than {self._limits.disk // MIB} MiB."
            case _:
                return f"It ended with exit code {outcome.exit_code}."
