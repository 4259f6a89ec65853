"""What the API costs beside a handler written by hand: ``python -m bench.api [--big] [ROUNDS]``.

Real server processes on an embedded Postgres with fifty apps: one that keeps answers, as it is
served, and one that makes every answer anew; the raw handler; and other servers of GraphQL, where
node is. Their answers are compared field by field before anything is measured, and afterwards, and
all are asked in turn: two reads, reads with a promotion among every twenty, and promotions of a
thousand files. Judge by the processor time of a request: requests a second move with whatever else
the machine does. The table is written as a picture too.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from bench.aims import KEPT, MADE_ANEW, MIXED, PROMOTIONS, judged
from bench.filling import BIG, DEPLOYMENTS, fill
from bench.load import CLIENTS, Taken, Target, ask_once, connected, load, reading
from bench.mixing import (
    Writes,
    our_writes,
    promotion,
    quiet_environments,
    raw_writes,
    until_settled,
)
from bench.node_peers import Peer, about_peers, peers_over
from bench.promote import commit_files, describe_machine
from bench.questions import MENU, READS, Question
from bench.raw_handler import TOKEN
from bench.table import Table
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.nemesis import free_port
from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT

ROUNDS = 8
TIMES = 60
"""How often a client reads in one round; one that has everything made anew a tenth of that."""
TARGETS = [f"target-{number}" for number in range(CLIENTS)]
START_SECONDS = 60
PROMOTED = 4
"""Of a thousand files, in one round."""
AS_SET_BY_DEFAULT = {"PINMARK_REPOSITORY_POLL_SECONDS": "5"}
QUIET_APP = "app-01"
Round = Callable[[Taken], Awaitable[None]]
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "api-figures.svg"


@dataclass(frozen=True)
class Servers:
    """What is asked: the processes, and the apps that are promoted in."""

    keeping: ServerProcess
    making: ServerProcess
    raw_port: int
    raw_process: int
    peers: list[Peer]

    def raw(self, question: Question) -> Target:
        port, process = self.raw_port, self.raw_process
        return Target("raw", port, question.raw_path, question.raw, TOKEN, process)

    def targets(self, question: Question) -> list[Target]:
        return [
            self.raw(question),
            ours(KEPT, self.keeping, question),
            ours(MADE_ANEW, self.making, question),
            *(peer.target(question) for peer in self.peers),
        ]


def ours(name: str, server: ServerProcess, question: Question) -> Target:
    port = int(server.base.rpartition(":")[2])
    process = server.program.process.pid
    return Target(name, port, "/graphql", question.graphql, server.token, process)


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


async def until_answered(target: Target) -> bytes:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                return await ask_once(target)
            except OSError:
                await asyncio.sleep(0.05)


async def compare(targets: Sequence[Target]) -> None:
    """All have to answer the same, in one form; nothing is measured before."""
    answers = [orjson.loads(await until_answered(target)) for target in targets]
    first = answers[0]["data"]
    for target, answer in zip(targets, answers, strict=True):
        assert "errors" not in answer, f"{target.name} refuses: {answer}"
        assert target.form(answer["data"]) == first, f"{target.name} answers otherwise: {answer}"


@dataclass
class Measured:
    """One line of the table: who answers, and what a round of asking is."""

    name: str
    run: Round
    taken: Taken = field(default_factory=Taken)


def reads(target: Target) -> Measured:
    times = TIMES // 10 if target.name == MADE_ANEW else TIMES
    return Measured(target.name, lambda taken: load(target, taken, reading(target, taken, times)))


def mixed(writes: Writes, settle: Callable[[], Awaitable[None]] | None = None) -> Measured:
    async def run(taken: Taken) -> None:
        await load(writes.read, taken, writes.sending(taken))
        if settle is not None:
            await settle()

    return Measured(writes.read.name, run)


def promotions(server: ServerProcess, app: AppInUse) -> Measured:
    """From a pinned environment into another, one at a time; each settles before the next."""
    target = ours("promoteEnvironment", server, MENU)
    request = promotion(target, app, "staging", "prod")

    async def run(taken: Taken) -> None:
        async with connected(target.port, 1) as (client,):
            for _ in range(PROMOTED):
                with taken.taking(target.process):
                    answer = orjson.loads(await client.measured(request, taken))
                await settled(server, answer["data"]["promoteEnvironment"]["deployment"]["id"])

    return Measured(target.name, run)


async def measure(questions: Mapping[str, Sequence[Measured]], rounds: int) -> None:
    """Once to warm up, and then all lines in turn."""
    lines = [line for each in questions.values() for line in each]
    for line in lines:
        await line.run(Taken())
    for _ in range(rounds):
        for line in lines:
            await line.run(line.taken)


async def questions_to(site: Site, servers: Servers) -> dict[str, list[Measured]]:
    small = await promoted_app(site, servers.keeping, "mixed", files=False)
    large = await promoted_app(site, servers.keeping, "large", files=True)
    asked = {each.name: [reads(target) for target in servers.targets(each)] for each in READS}
    raw, keeping, making, *_ = servers.targets(MENU)

    async def settle() -> None:
        await until_settled(servers.keeping, small)

    quiet = quiet_environments(site.database_url, QUIET_APP, CLIENTS)
    asked[MIXED] = [
        mixed(raw_writes(raw, quiet)),
        *(mixed(our_writes(each, small, "staging", TARGETS), settle) for each in (keeping, making)),
        *(mixed(peer.writes(quiet)) for peer in servers.peers if peer.kind.promotes),
    ]
    asked[PROMOTIONS] = [promotions(servers.keeping, large)]
    return asked


async def promoted_app(site: Site, server: ServerProcess, name: str, *, files: bool) -> AppInUse:
    """An app whose ``staging`` is pinned, and others to promote it into."""
    repository = make_repository(site.repositories / f"{name}.git")
    if files:
        commit_files(repository)
    else:
        repository.commit(FIRST_COMMIT)
    places = ["staging", "prod", *TARGETS]
    app = await make_app(server, repository.path, environments=places, name=name)
    ids = app.environments
    made = await promote(server, source=ids["dev"], target=ids["staging"])
    outcome = await settled(server, made["id"])
    assert outcome["status"] == "DEPLOYED", outcome
    return app


async def run(site: Site, rounds: int, *, big: bool) -> None:
    async with site.serving("--no-worker") as keeping:
        fill(site.database_url, big=big)
        site.settings["PINMARK_DATABASE_URL"] = site.database_url
        site.working()
        site.settings["PINMARK_KEPT_ANSWERS_MIB"] = "0"
        async with site.serving("--no-worker") as making:
            with (
                raw_handler(site.database_url) as (port, process),
                peers_over(site.database_url) as peers,
            ):
                servers = Servers(keeping, making, port, process, peers)
                for question in READS:
                    await compare(servers.targets(question))
                asked = await questions_to(site, servers)
                table = Table([describe_machine(site), _size(big=big), about_peers()])
                await measure(asked, rounds)
                for question in READS:
                    await compare(servers.targets(question))
    for question, lines in asked.items():
        table.add(question, [(line.name, line.taken) for line in lines])
    print(table, *judged(table), sep="\n")
    if not big:
        PICTURE.write_text(table.picture())


def _size(*, big: bool) -> str:
    most = BIG if big else DEPLOYMENTS
    return f"{most:,} deployments in the busiest environment, {CLIENTS} connections"


def main() -> None:
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_site(Path(folder), **UNHURRIED_VARIABLES, **AS_SET_BY_DEFAULT) as site,
    ):
        asyncio.run(run(site, *(numbers or [ROUNDS]), big="--big" in sys.argv))


if __name__ == "__main__":
    main()
