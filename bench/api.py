"""What reads cost beside a handler written by hand: ``python -m bench.api [--big] [ROUNDS]``.

Real server processes on an embedded Postgres with fifty apps: one that keeps answers, as it is
served, and one that makes every answer anew; and the raw handler. The answers are compared field
by field before anything is measured, and the three are asked in turn. Judge by the processor
time of a request: requests a second move with whatever else the machine does.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from bench.filling import BIG, DEPLOYMENTS, fill
from bench.load import Taken, Target, ask_once, load
from bench.promote import describe_machine
from bench.questions import READS, Question
from bench.raw_handler import TOKEN
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.nemesis import free_port
from tests.support.processes import ServerProcess, Site, open_site

ROUNDS = 4
REQUESTS = 160
CLIENTS = 8
WARM_UP = 40


@contextmanager
def raw_handler(url: str) -> Generator[tuple[int, int]]:
    """Its port and its process."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.raw_handler", str(port), url])
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def ours(name: str, server: ServerProcess, question: Question) -> Target:
    port = int(server.base.rpartition(":")[2])
    process = server.program.process.pid
    return Target(name, port, "/graphql", question.graphql, server.token, process)


async def until_answered(target: Target) -> bytes:
    while True:
        try:
            return await ask_once(target)
        except OSError:
            await asyncio.sleep(0.05)


async def compare(targets: Sequence[Target]) -> None:
    """All have to answer the same; nothing is measured before."""
    answers = [orjson.loads(await until_answered(target)) for target in targets]
    for target, answer in zip(targets, answers, strict=True):
        assert answer == answers[0], f"{target.name} answers something else: {answer}"


async def measure(targets: Sequence[Target], rounds: int) -> list[Taken]:
    taken = [Taken() for _ in targets]
    for target in targets:
        await load(target, Taken(), requests=WARM_UP, clients=CLIENTS)
    for _ in range(rounds):
        for target, one in zip(targets, taken, strict=True):
            await load(target, one, requests=REQUESTS, clients=CLIENTS)
    return taken


def print_table(question: Question, targets: Sequence[Target], taken: Sequence[Taken]) -> None:
    print(f"\n{question.name}")
    print(f"{'':28}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}{'x req/s':>9}{'x CPU':>8}")
    raw = taken[0]
    for target, one in zip(targets, taken, strict=True):
        print(
            f"{target.name:28}{one.per_second:8.0f}{one.p50:9.2f}{one.p99:9.2f}{one.cpu_each:9.0f}"
            f"{one.per_second / raw.per_second:9.2f}{raw.cpu_each / one.cpu_each:8.2f}"
        )


async def run(site: Site, rounds: int, *, big: bool) -> None:
    async with site.serving("--no-worker") as keeping:
        fill(site.database_url, big=big)
        print(describe_machine(site))
        print(f"{BIG if big else DEPLOYMENTS:,} deployments in the busiest environment")
        site.settings["PINMARK_DATABASE_URL"] = site.database_url
        site.settings["PINMARK_KEPT_ANSWERS_MIB"] = "0"
        async with site.serving("--no-worker") as making:
            with raw_handler(site.database_url) as (port, process):
                for question in READS:
                    raw = Target("raw", port, question.raw_path, question.raw, TOKEN, process)
                    targets = [
                        raw,
                        ours("kept while nothing changes", keeping, question),
                        ours("made anew each time", making, question),
                    ]
                    await compare(targets)
                    print_table(question, targets, await measure(targets, rounds))


def main() -> None:
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_site(Path(folder), **UNHURRIED_VARIABLES) as site,
    ):
        asyncio.run(run(site, *(numbers or [ROUNDS]), big="--big" in sys.argv))


if __name__ == "__main__":
    main()
