"""Calls of a handler while versions change: ``python -m bench.runtimes [SECONDS] [CALLERS]``.

A real server process on an embedded Postgres. Callers call prod's handler as fast as they are
answered while a version is promoted into it, its process is killed, and a version that does not
start is promoted. Printed: how many calls failed, how long calls took, and how long a runtime
takes from asked for to healthy.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from signal import SIGKILL

from bench.promote import describe_machine
from tests.support.processes import ServerProcess, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import Repository, make_repository
from tests.support.runtimes import (
    DIES_IN_PROD,
    SAYS_WHO_IT_IS,
    Load,
    call,
    runtime_processes,
    under_load,
)
from tests.support.samples import FIRST_COMMIT

SECONDS = 10.0
CALLERS = 8
ALONE = 200


async def ship(server: ServerProcess, app: AppInUse) -> tuple[str, float]:
    """Promote dev into prod; how it ended and how long that took."""
    begun = time.perf_counter()
    accepted = await promote(
        server, source=app.environments["dev"], target=app.environments["prod"]
    )
    outcome = await settled(server, accepted["id"])
    return outcome["failureClass"] or outcome["status"], time.perf_counter() - begun


async def push(
    server: ServerProcess, app: AppInUse, repository: Repository, handler: bytes
) -> None:
    sha = repository.commit({"handler.py": handler})

    async def built() -> bool:
        return (await app.now(server))["dev"]["codeCommit"] == {"sha": sha}

    await until(built)


async def disturb(
    server: ServerProcess, app: AppInUse, repository: Repository, seconds: float
) -> list[str]:
    """A promotion, a kill and a bad version, spread over ``seconds``."""
    story: list[str] = []
    over = time.perf_counter() + seconds
    await push(server, app, repository, SAYS_WHO_IT_IS + b"\n# second\n")
    ended, taken = await ship(server, app)
    story.append(f"promotion with a build:         {ended:9} {taken:6.2f} s")
    ended, taken = await ship(server, app)
    story.append(f"promotion of a kept build:      {ended:9} {taken:6.2f} s")
    for pid in runtime_processes(server.program.process.pid)[:1]:
        os.kill(pid, SIGKILL)
    story.append("kill -9 of a handler process")
    await push(server, app, repository, DIES_IN_PROD)
    ended, taken = await ship(server, app)
    story.append(f"version that does not start:    {ended:9} {taken:6.2f} s")
    await asyncio.sleep(max(0.0, over - time.perf_counter()))
    return story


async def alone(server: ServerProcess, environment: str) -> list[float]:
    taken: list[float] = []
    for _ in range(ALONE):
        begun = time.perf_counter()
        await call(server, environment)
        taken.append(1000 * (time.perf_counter() - begun))
    return sorted(taken)


def describe(load: Load, seconds: float) -> str:
    return (
        f"{load.calls} calls in {seconds:.1f} s, {len(load.failures)} failed; "
        f"by version: {dict(load.versions)}"
    )


async def main(seconds: float, callers: int) -> None:
    with tempfile.TemporaryDirectory() as directory, open_site(Path(directory)) as site:
        repository = make_repository(site.repositories / "app.git")
        repository.commit({**FIRST_COMMIT, "handler.py": SAYS_WHO_IT_IS})
        async with site.serving() as server:
            app = await make_app(server, repository.path, environments=("prod",))
            prod = app.environments["prod"]
            print(describe_machine(site))
            await ship(server, app)
            quiet = await alone(server, prod)
            print(f"one caller: p50 {statistics.median(quiet):.1f} ms, max {quiet[-1]:.1f} ms")
            begun = time.perf_counter()
            async with under_load(server, prod, callers=callers) as load:
                story = await disturb(server, app, repository, seconds)
            print("\n".join(story))
            print(f"{callers} callers: {describe(load, time.perf_counter() - begun)}")
            for failure in load.failures[:3]:
                print("  ", failure)


if __name__ == "__main__":
    asyncio.run(
        main(
            float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS,
            int(sys.argv[2]) if len(sys.argv) > 2 else CALLERS,
        )
    )
