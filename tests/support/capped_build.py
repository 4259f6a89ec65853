"""One build in a process of its own, below limits of its own. Runs as a program.

``capped_build.py SETTING SOURCE OUTPUT CACHE SECONDS MEMORY PROCESSES``, where the last three are
the limits of the import check. What the builder's limits miss, the outer ones hold. Prints the
log, then one JSON line. A source with a ``handler.ts`` is a Node app, every other a Python app.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path

from services.builder import BuildFailed, BuildRequest
from services.local_builder import LocalBuilder
from services.sandbox import GIB, Limits

OUTER_MEMORY = 3 * GIB
OUTER_PROCESSES = 2_000


async def main() -> None:
    setting, source, output, cache, seconds, memory, processes = sys.argv[1:]
    request = request_for(Path(source), output=Path(output), cache=Path(cache))
    check = Limits(seconds=float(seconds), memory=int(memory), processes=int(processes))
    builder = LocalBuilder(sandbox=setting, environment=os.environ, check_limits=check)
    answer: dict[str, str | int] = {"uid": os.getuid()}
    try:
        build = await builder.build(request, log=say)
        answer["artifact"] = str(build.artifact)
    except BuildFailed as failed:
        answer["reason"] = failed.reason
    await say(json.dumps(answer))


def request_for(source: Path, *, output: Path, cache: Path) -> BuildRequest:
    is_node = (source / "handler.ts").exists()
    return BuildRequest(
        source=source,
        handler_path="handler.ts" if is_node else "handler.py",
        language="node" if is_node else "python",
        output=output,
        cache=cache,
    )


async def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (OUTER_MEMORY, OUTER_MEMORY))
    resource.setrlimit(resource.RLIMIT_NPROC, (OUTER_PROCESSES, OUTER_PROCESSES))
    asyncio.run(main())
