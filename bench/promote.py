"""How long a promotion of 1,000 files takes to be answered: ``python -m bench.promote [ROUNDS]``.

A real server process on an embedded Postgres that keeps what it acknowledges, asked over HTTP,
one promotion after another, each settled before the next. Three kinds: from dev when its HEAD
was synced before, from dev when HEAD was pushed a moment ago, and from a pinned environment.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import psycopg

from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT

FILES = 1000
ROUNDS = 50
WARM_UP = 5

Prepare = Callable[[], Awaitable[object]]


def prompt(number: int, edition: int = 0) -> bytes:
    """A prompt of about a kilobyte, different in every file and edition."""
    lines = "\n".join(f"Rule {rule}: mind ticket {number}.{edition}." for rule in range(30))
    return (
        f"---\nname: prompt-{number}\ntext_config:\n  model_name: small\n---\n\n"
        f"<System>\n{lines}\n</System>\n<User>{{props.ticket}}</User>\n"
    ).encode()


def commit_files(repository: Repository) -> None:
    prompts: dict[str, bytes | None] = {
        f"agentmark/{number // 50}/{number}.prompt.mdx": prompt(number)
        for number in range(FILES - 2)  # the first commit has two more
    }
    repository.commit({**FIRST_COMMIT, **prompts}, message="A thousand files")


async def seconds_to_answer(client: ServerProcess, source: str, target: str) -> float:
    """From sending one promotion to having its answer; it has settled when this returns."""
    begun = time.perf_counter()
    accepted = await promote(client, source=source, target=target)
    taken = time.perf_counter() - begun
    outcome = await settled(client, accepted["id"])
    assert outcome["status"] == "DEPLOYED", outcome
    return taken


async def measure(
    client: ServerProcess, source: str, target: str, *, rounds: int, prepare: Prepare
) -> list[float]:
    taken: list[float] = []
    for _ in range(WARM_UP + rounds):
        await prepare()
        taken.append(await seconds_to_answer(client, source, target))
    return taken[WARM_UP:]


def describe(name: str, taken: Sequence[float]) -> str:
    milliseconds = sorted(1000 * each for each in taken)
    p90 = statistics.quantiles(milliseconds, n=10)[8]
    return (
        f"{name:44} p50 {statistics.median(milliseconds):7.1f}   p90 {p90:7.1f}"
        f"   max {milliseconds[-1]:7.1f}"
    )


def describe_machine(site: Site) -> str:
    with psycopg.connect(site.database_url) as connection:
        facts = {
            name: connection.execute(f"SHOW {name}").fetchone()  # pyright: ignore[reportArgumentType, reportCallIssue]
            for name in ("server_version", "fsync", "synchronous_commit")
        }
    said = {name: row[0] for name, row in facts.items() if row is not None}
    return (
        f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, Postgres {said['server_version']} "
        f"(fsync {said['fsync']}, synchronous_commit {said['synchronous_commit']})"
    )


async def run(site: Site, rounds: int) -> None:
    repository = make_repository(site.repositories / "app.git")
    commit_files(repository)
    async with site.serving() as server:
        app = await make_app(server, repository.path, environments=["staging", "prod"])
        print(describe_machine(site))
        print(f"Milliseconds to the answer of promoteEnvironment, {FILES} files, {rounds} rounds:")
        await report(server, app, repository, rounds)


async def report(server: ServerProcess, app: AppInUse, repository: Repository, rounds: int) -> None:
    dev, staging, prod = (app.environments[name] for name in ("dev", "staging", "prod"))
    editions = iter(range(1, sys.maxsize))

    async def nothing() -> None:
        return

    async def push() -> None:
        repository.commit({"agentmark/0/0.prompt.mdx": prompt(0, next(editions))})

    known = await measure(server, dev, staging, rounds=rounds, prepare=nothing)
    print(describe("dev → staging, fetched, HEAD synced before", known))
    pushed = await measure(server, dev, staging, rounds=rounds, prepare=push)
    print(describe("dev → staging, fetched, HEAD just pushed", pushed))
    pinned = await measure(server, staging, prod, rounds=rounds, prepare=nothing)
    print(describe("staging → prod, pinned", pinned))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder)) as site:
        asyncio.run(run(site, rounds))


if __name__ == "__main__":
    main()
