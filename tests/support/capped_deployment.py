"""The work on one deployment in a process of its own, below limits of its own. Runs as a program.

``capped_deployment.py DATA_DIR DATABASE_URL DEPLOYMENT MEMORY PROCESSES``, where the last two are
the limits of the import check. What the builder's limits miss, the outer ones hold.
"""

import asyncio
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from pinmark.assembly import open_installation
from pinmark.settings import Settings
from services.builds import build_code
from services.local_builder import LocalBuilder
from services.sandbox import Limits
from tests.support.capped_build import OUTER_MEMORY, OUTER_PROCESSES

HANG_SECONDS = 60


async def main() -> None:
    data, url, deployment, memory, processes = sys.argv[1:]
    limits = Limits(seconds=HANG_SECONDS, memory=int(memory), processes=int(processes))
    builder = LocalBuilder(environment=os.environ, check_limits=limits)
    async with open_installation(Settings(data_dir=Path(data)), url) as installation:
        await build_code(replace(installation, builder=builder), UUID(deployment))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (OUTER_MEMORY, OUTER_MEMORY))
    resource.setrlimit(resource.RLIMIT_NPROC, (OUTER_PROCESSES, OUTER_PROCESSES))
    asyncio.run(main())
