"""Playwright over a demo server of its own; run as a program, it takes the pictures."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import anyio

from tests.support.processes import Site
from tests.support.wheels import build_wheel, install, programs_without_node

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "dashboard"
LANDED = """
The pictures are in dashboard/screenshots. Those of the README are renewed by
  cp dashboard/screenshots/readme/*.png docs/pictures/
"""


async def installed_site(folder: Path) -> Site:
    """What somebody has who installed the wheel on a machine that has no node."""
    environment = folder / "installed"
    command = await install(await build_wheel(folder / "wheel"), environment)
    programs = programs_without_node(folder / "programs")
    path = f"{command.parent}{os.pathsep}{programs}"
    return Site(folder, {"PATH": path, "VIRTUAL_ENV": str(environment)}, command=command)


async def run_specs(
    site: Site, *, project: str, shown: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run one project of ``playwright.config.ts``; ``shown`` prints as it goes."""
    async with site.serving("--demo") as server:
        return await anyio.run_process(
            ["npx", "--no-install", "playwright", "test", f"--project={project}"],
            cwd=DASHBOARD,
            env={
                **os.environ,
                "PINMARK_URL": server.base,
                "PINMARK_DATA_DIR": str(site.data),
                "PINMARK_PROGRAM": str(site.command),
                "PINMARK_PYTHON": sys.executable,
                "PINMARK_READER": await _signed_in_reader(site),
                "PLAYWRIGHT_OUTPUT": str(site.root / "playwright"),
            },
            check=False,
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.PIPE,
        )


async def _signed_in_reader(site: Site) -> str:
    printed = await anyio.run_process(
        [sys.executable, "-m", "tests.e2e.reader"],
        cwd=ROOT,
        env={**os.environ, "PINMARK_DATA_DIR": str(site.data)},
    )
    return printed.stdout.decode().split()[-1]


async def take_pictures() -> int:
    with tempfile.TemporaryDirectory(prefix="pinmark-pictures-") as folder:
        taken = await run_specs(Site(Path(folder)), project="pictures", shown=True)
    sys.stdout.write(LANDED)
    return taken.returncode


if __name__ == "__main__":
    sys.exit(anyio.run(take_pictures))
