"""How long a comparison of two commits of 10,000 files takes: ``python -m bench.compare [ROUNDS]``.

A real server process on an embedded Postgres, asked over HTTP: when ten files differ, and when
all of them do. On the way, how long a push of 10,000 files takes until ``dev`` serves it, the
fetch, the reading and the snapshot together.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import anyio

from bench.promote import describe, describe_machine, prompt
from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT

FILES = 10_000
FEW = 10
ROUNDS = 20
WARM_UP = 3
LOOK_SECONDS = 0.02

COMPARISON = """
query ($source: ID!, $target: ID!) {
  comparison(sourceId: $source, targetId: $target) {
    sourceCommit { sha } targetVersion commitRelation
    commits { totalCount }
    content { counts { kind added changed removed } files(first: 100) { nodes { path change } } }
    code { files { totalCount } }
    build { wouldHitCache }
  }
}
"""
SYNCED = "query ($id: ID!) { node(id: $id) { ... on Environment { contentCommit { sha } } } }"


def commit_edition(repository: Repository, edition: int, count: int) -> str:
    files: dict[str, bytes | None] = {
        f"agentmark/{number // 100}/{number}.prompt.mdx": prompt(number, edition)
        for number in range(count)
    }
    return repository.commit(files, message=f"Edition {edition} of {count} files")


async def until_synced(client: ServerProcess, dev: str, sha: str) -> None:
    while True:
        node = (await client.data(SYNCED, id=dev))["node"]
        if node["contentCommit"] == {"sha": sha}:
            return
        await anyio.sleep(LOOK_SECONDS)


async def measure(client: ServerProcess, dev: str, staging: str, *, rounds: int) -> list[float]:
    taken: list[float] = []
    for _ in range(WARM_UP + rounds):
        begun = time.perf_counter()
        await client.data(COMPARISON, source=dev, target=staging)
        taken.append(time.perf_counter() - begun)
    return taken[WARM_UP:]


async def run(site: Site, rounds: int) -> None:
    repository = make_repository(site.repositories / "app.git")
    repository.commit(FIRST_COMMIT)
    async with site.serving() as server:
        app = await make_app(server, repository.path, environments=["staging"])
        print(describe_machine(site))
        await report(server, app, repository, rounds)


async def report(server: ServerProcess, app: AppInUse, repository: Repository, rounds: int) -> None:
    dev, staging = app.environments["dev"], app.environments["staging"]

    async def push(edition: int, count: int) -> float:
        sha = commit_edition(repository, edition, count)
        begun = time.perf_counter()
        await until_synced(server, dev, sha)
        return time.perf_counter() - begun

    print(f"{FILES} files pushed until dev serves them: {await push(1, FILES):.1f} s")
    accepted = await promote(server, source=dev, target=staging)
    outcome = await settled(server, accepted["id"])
    assert outcome["status"] == "DEPLOYED", outcome
    print(f"Milliseconds to the answer of comparison, {FILES} files, {rounds} rounds:")
    for edition, count in ((2, FEW), (3, FILES)):
        await push(edition, count)
        taken = await measure(server, dev, staging, rounds=rounds)
        print(describe(f"{count} of them differ", taken))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder)) as site:
        asyncio.run(run(site, rounds))


if __name__ == "__main__":
    main()
