"""Playwright over a demo server of its own; run as a program, it takes the pictures."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import anyio

from tests.support.processes import PINMARK, Site

DASHBOARD = Path(__file__).parents[2] / "dashboard"


async def run_specs(
    folder: Path, *, project: str, shown: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run one project of ``playwright.config.ts``; ``shown`` prints as it goes."""
    site = Site(folder)
    async with site.serving("--demo") as server:
        return await anyio.run_process(
            ["npx", "--no-install", "playwright", "test", f"--project={project}"],
            cwd=DASHBOARD,
            env={
                **os.environ,
                "PINMARK_URL": server.base,
                "PINMARK_DATA_DIR": str(site.data),
                "PINMARK_PROGRAM": str(PINMARK),
                "PLAYWRIGHT_OUTPUT": str(folder / "playwright"),
            },
            check=False,
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.PIPE,
        )


async def take_pictures() -> int:
    with tempfile.TemporaryDirectory(prefix="pinmark-pictures-") as folder:
        return (await run_specs(Path(folder), project="pictures", shown=True)).returncode


if __name__ == "__main__":
    sys.exit(anyio.run(take_pictures))
