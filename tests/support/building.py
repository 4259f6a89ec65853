"""Building apps in tests: sources written down in the test, logs kept, processes counted."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from services.builder import Build, BuildRequest
from services.local_builder import LocalBuilder
from services.sandbox import Limits
from services.sandbox.tree import Process, descendants

SEVERAL_SECONDS = Limits(seconds=120)  # a hang guard, far above what a step takes
HANDLER = "def handler(event):\n    return event\n"
IDNA_HASH = "946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3"


def pinned_idna(digest: str = IDNA_HASH) -> str:
    return f"idna==3.10 --hash=sha256:{digest}\n"


@dataclass
class Bench:
    """An app's directories below one root, and the lines its builds have logged."""

    root: Path
    sandbox: str = "auto"
    tools: Path | None = None
    lines: list[str] = field(default_factory=list[str])
    said: asyncio.Event = field(default_factory=asyncio.Event)

    async def build(
        self,
        files: Mapping[str, str],
        *,
        handler_path: str = "handler.py",
        language: str = "python",
        variables: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        install_limits: Limits = SEVERAL_SECONDS,
        check_limits: Limits = SEVERAL_SECONDS,
    ) -> Build:
        """Build an app of ``files`` with a builder of its own."""
        builder = LocalBuilder(
            sandbox=self.sandbox,
            environment=os.environ if environment is None else environment,
            install_limits=install_limits,
            check_limits=check_limits,
            tools=self.tools,
        )
        request = self.request(
            files, handler_path=handler_path, language=language, variables=variables or {}
        )
        return await builder.build(request, log=self.log)

    def request(
        self,
        files: Mapping[str, str],
        *,
        handler_path: str = "handler.py",
        language: str = "python",
        variables: Mapping[str, str] | None = None,
    ) -> BuildRequest:
        number = len(list(self.root.glob("source-*")))
        source, output = self.root / f"source-{number}", self.root / f"output-{number}"
        output.mkdir()
        write(files, source)
        return BuildRequest(
            source=source,
            handler_path=handler_path,
            language=language,
            output=output,
            cache=self.root / "cache",
            variables=variables or {},
        )

    async def log(self, line: str) -> None:
        self.lines.append(line)
        self.said.set()

    async def until(self, line: str) -> None:
        """Wait until a build has logged ``line``."""
        while line not in self.lines:
            self.said.clear()
            await self.said.wait()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def write(files: Mapping[str, str], below: Path) -> None:
    below.mkdir()
    for name, content in files.items():
        path = below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def own_processes() -> list[Process]:
    """Everything below this process but the database that other tests of the run have started."""
    return [each for each in descendants(os.getpid())[1:] if name_of(each) != "postgres"]


def name_of(process: Process) -> str:
    try:
        return Path(f"/proc/{process.pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def areas() -> set[Path]:
    """The working areas that exist now, of this and every other run."""
    return set(Path(gettempdir()).glob("pinmark-area-*"))


def own_address() -> str:
    """An address of this machine that is not loopback, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by connecting
        except OSError:
            return "127.0.0.2"
        return str(probe.getsockname()[0])
