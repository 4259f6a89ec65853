"""Pinmark as an operator runs it: processes on a data directory, killed, frozen, started again."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx2
import psycopg

from pinmark.embedded_postgres import read_running_url
from services.sandbox.tree import Process, descendants, until_gone
from tests.support.servers import Client

PINMARK = Path(sys.executable).with_name("pinmark")
LOOK_SECONDS = 0.01
END_SECONDS = 60.0
# Ours would be theirs, and a program that may not keep its bytecode takes twice as long to start.
NOT_HANDED_ON = ("PINMARK_", "PYTHONDONTWRITEBYTECODE")
LET_A_MINUTE_PASS = """
    UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'
    WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing')
"""
ADDRESS = "  GraphQL       "
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass
class Program:
    """One `pinmark …` process; ``left`` is what it had below it when it was killed."""

    process: subprocess.Popen[bytes]
    output: Path
    log: Path
    left: list[Process] = field(default_factory=list[Process])

    @property
    def said(self) -> str:
        return self.output.read_text() + self.log.read_text()

    def below(self) -> list[Process]:
        """Everything it has started that still runs."""
        return descendants(self.process.pid)[1:]

    def kill(self) -> None:
        """``kill -9``; what it has started is told by nobody but the kernel."""
        self.left = self.left or self.below()
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    @property
    def is_frozen(self) -> bool:
        """Whether it was stopped, by us or by itself."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "T"

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def terminate(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.terminate()
        return await self.ended()

    async def ended(self) -> int:
        """Its exit code, once it has ended for whatever reason."""
        while True:
            code = self.process.poll()
            if code is not None:
                return code
            await anyio.sleep(LOOK_SECONDS)


@dataclass(frozen=True)
class ServerProcess(Client):
    """A server in a process of its own, and what talks to it."""

    program: Program


@dataclass
class Site:
    """A data directory below ``root``, and every process that was started on it.

    ``variables`` are given to each of them beside the usual ones; ``command`` is what is run, that
    of the tests' own environment unless told.
    """

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    programs: list[Program] = field(default_factory=list[Program])
    settings: dict[str, str] = field(default_factory=dict[str, str])
    command: Path = PINMARK

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def repositories(self) -> Path:
        """Where repositories may be linked from."""
        return self.root / "repositories"

    @property
    def database_url(self) -> str:
        """Of the Postgres that is named, or of the embedded one as it runs."""
        url = self.variables.get("PINMARK_DATABASE_URL") or read_running_url(self.data / "postgres")
        assert url is not None
        return url

    @property
    def postgres(self) -> int:
        """The process of the embedded Postgres."""
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])

    def let_a_minute_pass(self) -> None:
        """Age the last heartbeat of every worker that has a job; all are dead or frozen."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(LET_A_MINUTE_PASS)

    def start(self, *arguments: str) -> Program:
        number = len(self.programs)
        output, log = self.root / f"{number}.output", self.root / f"{number}.log"
        ours = {
            "PINMARK_DATA_DIR": str(self.data),
            "PINMARK_REPOSITORY_ROOTS": str(self.repositories),
            "PINMARK_REPOSITORY_POLL_SECONDS": "0.2",
            "PINMARK_DRAIN_SECONDS": "0.2",
            **self.variables,
        }
        others = {name: at for name, at in os.environ.items() if not name.startswith(NOT_HANDED_ON)}
        with output.open("wb") as said, log.open("wb") as logged:
            process = subprocess.Popen(
                [self.command, *arguments],
                cwd=self.root,
                env={**others, **ours, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=logged,
                preexec_fn=_die_with_the_tests,
            )
        self.programs.append(Program(process, output, log))
        return self.programs[-1]

    @asynccontextmanager
    async def serving(self, *options: str) -> AsyncGenerator[ServerProcess]:
        """A server that is ready; the block may kill it, and its end does."""
        program = self.start("serve", "--port", "0", *options)
        try:
            base = await address_of(program)
            token = (self.data / "owner.token").read_text().strip()
            async with httpx2.AsyncClient(base_url=base, timeout=60) as client:
                await until_ready(client)
                yield ServerProcess(base, token, client, program)
        finally:
            program.kill()

    def working(self) -> Program:
        """A worker beside the server; it takes jobs once it is up."""
        return self.start("worker")


def _die_with_the_tests() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


async def address_of(program: Program) -> str:
    """Where the server listens, as it says itself."""
    while True:
        for line in program.output.read_text().splitlines():
            if line.startswith(ADDRESS):
                return line.removeprefix(ADDRESS).split("/graphql")[0]
        assert program.process.poll() is None, program.said
        await anyio.sleep(LOOK_SECONDS)


async def until_ready(client: httpx2.AsyncClient) -> None:
    while True:
        if (await client.get("/readyz")).status_code == 200:
            return
        await anyio.sleep(LOOK_SECONDS)


@contextmanager
def open_site(root: Path, **variables: str) -> Generator[Site]:
    """A site that leaves no process behind, whatever becomes of the block."""
    site = Site(root, variables)
    site.repositories.mkdir(parents=True)
    try:
        yield site
    finally:
        for program in site.programs:
            program.kill()
        left = [process for program in site.programs for process in program.left]
        if not until_gone(left, seconds=END_SECONDS):
            _kill_all(left)
            raise AssertionError("processes were left behind")


def _kill_all(processes: list[Process]) -> None:
    for process in processes:
        if not until_gone([process], seconds=0):
            os.kill(process.pid, signal.SIGKILL)
