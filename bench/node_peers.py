"""Other servers of GraphQL over the same Postgres, each a process of node.

mercurius and graphql-yoga serve a schema written by hand with our names; PostGraphile the one that
it makes of our tables. They know one token, and have neither limits, permissions nor one moment.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson

from bench import postgraphile
from bench.load import Form, Target
from bench.mixing import Writes
from bench.questions import MENU, Question
from bench.raw_handler import TOKEN, iso
from tests.support.nemesis import free_port

DIRECTORY = Path(__file__).parent / "peers"
INSTALLED = DIRECTORY / "node_modules"
ENVIRONMENT = {**os.environ, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
TIMES = frozenset({"createdAt", "settledAt", "since"})
PROMOTE = """
mutation Promote($environment: ID!) {
  promote(environment: $environment) { deployment { id version } }
}
"""


def with_our_times(given: Any) -> Any:
    """The same with each time written as ours are, to the microsecond."""
    if isinstance(given, list):
        return [with_our_times(each) for each in cast(list[Any], given)]
    if isinstance(given, dict):
        return {name: _value(name, each) for name, each in cast(dict[str, Any], given).items()}
    return given


def _value(name: str, given: Any) -> Any:
    if name in TIMES and isinstance(given, str):
        return iso(datetime.fromisoformat(given))
    return with_our_times(given)


@dataclass(frozen=True)
class Kind:
    """One of them as it is installed; ``form`` puts what it answers to a question into ours."""

    package: str
    note: str = ""
    asked: Callable[[Question], bytes] = lambda question: question.graphql
    form: Callable[[Question], Form] = lambda question: with_our_times
    promotes: bool = True

    @property
    def name(self) -> str:
        package = orjson.loads((DIRECTORY / "package.json").read_bytes())
        return f"{self.package} {package['dependencies'][self.package]}{self.note}"


KINDS = (
    Kind("mercurius", note=", compiled"),
    Kind("graphql-yoga"),
    Kind(
        "postgraphile",
        asked=postgraphile.asked,
        form=lambda question: postgraphile.FORMS[question.name],
        promotes=False,  # what is written would have to be a function in the database
    ),
)


@dataclass(frozen=True)
class Peer:
    """One that runs."""

    kind: Kind
    port: int
    process: int

    def target(self, question: Question) -> Target:
        body, form = self.kind.asked(question), self.kind.form(question)
        return Target(self.kind.name, self.port, "/graphql", body, TOKEN, self.process, form)

    def writes(self, environments: Sequence[UUID]) -> Writes:
        """The menu, and what the raw handler writes at a promotion, written by the peer."""
        read = self.target(MENU)
        bodies = (
            orjson.dumps({"query": PROMOTE, "variables": {"environment": each.hex}})
            for each in environments
        )
        return Writes(read, [replace(read, body=body).request for body in bodies])


@contextmanager
def peers_over(url: str) -> Generator[list[Peer]]:
    """All of them over one Postgres; none where there is no node."""
    with ExitStack() as stack:
        node = shutil.which("node") if INSTALLED.is_dir() else None
        yield (
            []
            if node is None
            else [stack.enter_context(_running(node, kind, url)) for kind in KINDS]
        )


@contextmanager
def _running(node: str, kind: Kind, url: str) -> Generator[Peer]:
    port = free_port()
    script = DIRECTORY / f"{kind.package}.mjs"
    process = subprocess.Popen([node, script, str(port), url, TOKEN], env=ENVIRONMENT)
    try:
        yield Peer(kind, port, process.pid)
    finally:
        process.terminate()
        process.wait()


def about_peers() -> str:
    """What they run on, or why they are left out."""
    node = shutil.which("node")
    if node is None:
        return "No node here: mercurius, graphql-yoga and PostGraphile are left out"
    if not INSTALLED.is_dir():
        return "mercurius, graphql-yoga and PostGraphile are left out: make bench installs them"
    said = subprocess.run([node, "--version"], capture_output=True, check=True, text=True)
    return f"mercurius, graphql-yoga and PostGraphile by node {said.stdout.strip()}"
