"""esbuild, the bundler of Node builds: pinned here, fetched once, kept for every app.

``bundler/package-lock.json`` pins it by hash for every platform. No Python package of it is kept
up, and the front end's copy is only in a checkout, so the first Node build of an installation
fetches it by ``npm ci``: in a sandbox and an area of its own, where no app's file or variable is,
through the same gate as an app's packages. What was fetched is moved into place whole.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from services.builder import BuilderUnavailable, Log
from services.local_builder.node_installation import Node
from services.local_builder.node_packages import install_packages
from services.local_builder.node_registry import NodeRegistry
from services.local_builder.workbench import Workbench
from services.sandbox import Area, Limits, Mount, Sandbox, open_area, unprivileged_uid

PINNED = Path(__file__).with_name("bundler")
FILES = ("package.json", "package-lock.json")
VERSION: str = json.loads((PINNED / "package.json").read_text())["dependencies"]["esbuild"]
LOCK = sha256((PINNED / "package-lock.json").read_bytes()).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True)
class Bundler:
    """``kept`` is the directory that tools are kept in; ``below`` where they are fetched."""

    kept: Path
    below: Path | None

    @property
    def place(self) -> Path:
        """The directory whose ``node_modules`` hold esbuild; there at all, it is whole."""
        return self.kept / f"esbuild-{VERSION}-{LOCK}"

    async def fetch(
        self, sandbox: Sandbox, node: Node, registry: NodeRegistry, *, limits: Limits, log: Log
    ) -> None:
        """Have the bundler in its place, or raise ``BuilderUnavailable``."""
        if self.place.is_dir():
            return
        await log(f"Fetching the bundler, esbuild {VERSION}: it is not here yet.")
        async with open_area(uid=unprivileged_uid("bundler"), below=self.below) as area:
            bench = _bench(sandbox, area, registry, log)
            if reason := await install_packages(bench, node, registry, limits):
                raise BuilderUnavailable(
                    f"esbuild {VERSION}, which bundles Node handlers, could not be fetched: "
                    f"{reason}."
                )
            await asyncio.to_thread(self._keep, bench.scratch.source)

    def _keep(self, installed: Path) -> None:
        self.kept.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".fetched-", dir=self.kept) as temporary:
            whole = Path(temporary, "whole")
            shutil.copytree(installed, whole, symlinks=True)
            try:
                whole.rename(self.place)
            except OSError:
                if not self.place.is_dir():  # else another build was faster
                    raise


def _bench(sandbox: Sandbox, area: Area, registry: NodeRegistry, log: Log) -> Workbench:
    scratch = area.directory("scratch", writable=True)
    for name in FILES:
        area.give(area.file(f"scratch/{name}", (PINNED / name).read_text()))
    place = Mount(source=scratch, target="/bundler", writable=True)
    temporary = area.directory("temporary", writable=True)
    cache = area.directory("cache", writable=True)
    return Workbench(
        sandbox=sandbox,
        area=area,
        log=log,
        variables={},
        secrets=registry.secrets,
        code=replace(place, writable=False),
        scratch=place,
        temporary=Mount(source=temporary, target="/tmp", writable=True),
        cache=Mount(source=cache, target="/run/pinmark/cache", writable=True),
    )
