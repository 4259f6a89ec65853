"""What each thing that keeps the API safe costs: ``python -m bench.safety [ROUNDS]``.

The server's application is called in this process, over a real Postgres, with one thing left out
and as it is, in turn; told is the difference in processor time of one request. Three ways to an
answer: it is kept; it is made anew of a document that is known; the document is new, too. As
many rounds leave out nothing at all: what they differ by is the noise.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from timeit import repeat
from unittest.mock import patch
from uuid import UUID

import orjson
import uvloop
from starlette.requests import Request

from bench.filling import fill
from bench.in_process import InProcess, serving_here
from bench.promote import describe_machine
from bench.questions import MENU, Question
from bench.taken_out import SAME_ID, Feature, Known, Patch, features
from pinmark.auth.credentials import comes_from_us
from pinmark.rate_limits import RateLimits
from pinmark.settings import Settings
from services import authentication
from services.principals import ALL_PERMISSIONS, Permission, Principal
from tests.support.limits import UNHURRIED_VARIABLES
from tests.support.processes import Site, open_site

ROUNDS = 40
FEWEST, HALF_A_ROUND = 4, 5_000
"""How many requests half a round has at least, and how many microseconds it works."""
VIEWER = Question("Q0 the least", "{ viewer { name } }", {}, "")
NUMBERS = count()
WHOLE = "the whole request, as it is"
NOISE = "nothing left out: the noise"
FROM_A_PAGE = {
    "type": "http",
    "scheme": "http",
    "server": ("127.0.0.1", 8000),
    "path": "/graphql",
    "headers": [
        (b"host", b"127.0.0.1:8000"),
        (b"origin", b"http://127.0.0.1:8000"),
        (b"sec-fetch-site", b"same-origin"),
    ],
}
UNCHANGED = Feature(NOISE, [Patch(RateLimits, "spend", RateLimits.spend)])


@dataclass(frozen=True)
class Way:
    """How a request comes to its answer."""

    name: str
    kept_mib: int
    new_document: bool

    def body(self, question: Question) -> bytes:
        if not self.new_document:
            return question.graphql
        return replace(question, query=f"{question.query} # {next(NUMBERS)}").graphql


WAYS = (Way("kept", 64, False), Way("made anew", 0, False), Way("new document", 0, True))


@dataclass
class Cost:
    """Of one feature on one way, in microseconds: a difference for each round."""

    differences: list[float] = field(default_factory=list[float])

    @property
    def median(self) -> float:
        return statistics.median(self.differences)

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the median is, at nineteen of twenty, by the ranks of what was seen."""
        ordered = sorted(self.differences)
        half, reach = len(ordered) / 2, 0.98 * len(ordered) ** 0.5
        return ordered[max(0, int(half - reach))], ordered[min(len(ordered) - 1, int(half + reach))]

    def told(self, noise: float) -> str:
        """In brackets where it may be nothing, or is no more than nothing differs by."""
        low, high = self.bounds
        figure = f"{self.median:.1f} ± {(high - low) / 2:.1f}"
        return f"({figure})" if low <= 0 <= high or abs(self.median) <= noise else figure


@dataclass
class Column:
    """One question on one way; a feature that is not on that way has no cost there."""

    title: str
    whole: list[float] = field(default_factory=list[float])
    costs: dict[str, Cost] = field(default_factory=dict[str, Cost])
    calls: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def noise(self) -> float:
        return max(abs(each) for each in self.costs[NOISE].bounds)

    def told(self, name: str) -> str:
        if name == WHOLE:
            return f"{statistics.median(self.whole):.0f}"
        if name == NOISE:
            return f"± {self.noise:.1f}"
        return self.costs[name].told(self.noise) if name in self.costs else "–"  # noqa: RUF001


def table(columns: Sequence[Column]) -> str:
    """In Markdown, a feature a line."""
    names = [WHOLE, *max((each.costs for each in columns), key=len)]
    lines = [["µs of processor time", *(each.title for each in columns)]]
    lines.append(["---", *("--:" for _ in columns)])
    lines += [[name, *(each.told(name) for each in columns)] for name in names]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


async def measure(server: InProcess, question: Question, way: Way, rounds: int) -> Column:
    asking = Asking(server, question, way)
    column = Column(f"{question.name[:2]}, {way.name}")
    tried = [UNCHANGED]
    for feature in features(await asking.known()):
        column.calls[feature.name] = await asking.calls(feature)
        if column.calls[feature.name]:
            tried.append(feature)
    column.costs |= {each.name: Cost() for each in tried}
    for number in range(rounds):
        for feature in tried:
            as_it_is, other = await asking.both(feature, usual_first=number % 2 == 0)
            column.whole.append(as_it_is)
            difference = other - as_it_is if feature.adds else as_it_is - other
            column.costs[feature.name].differences.append(difference)
    return column


@dataclass(frozen=True)
class Asking:
    """The same question on the same way, with everything or with something left out."""

    server: InProcess
    question: Question
    way: Way

    async def calls(self, feature: Feature) -> int:
        """How often the feature is called for such an answer, which is the same without it."""
        usual = await self._once()
        with feature.counted() as called:
            await self._once()
        with feature.left_out():
            other = await self._once()
        await self._once()
        assert orjson.loads(other)["data"] == orjson.loads(usual)["data"], feature.name
        return len(called)

    async def both(self, feature: Feature, *, usual_first: bool) -> tuple[float, float]:
        """What is spent as it is, and with the feature left out; one or the other first."""
        spent = [0.0, 0.0]
        for left_out in (False, True) if usual_first else (True, False):
            with feature.left_out() if left_out else nullcontext():
                spent[left_out] = await self._spent()
        return spent[False], spent[True]

    async def known(self) -> Known:
        """What the replacements are to say, as it is found out by asking."""
        answer, server = orjson.loads(await self._once()), self.server.server
        shown = f"Bearer {self.server.token}"
        principal = await server.authenticate(shown, request_id=SAME_ID.hex)
        revision = await server.revisions.read()
        assert principal is not None
        assert revision is not None
        return Known(principal, revision, answer["extensions"]["cost"]["requested"])

    async def _once(self) -> bytes:
        return await self.server.ask(self.way.body(self.question))

    async def _spent(self) -> float:
        """Microseconds of this process's processor for one request, of half a round's the quickest:
        whatever else the machine does, and the garbage collector, can only add to it. The first
        of them finds its way, and does not count.
        """
        taken: list[float] = []
        while len(taken) < FEWEST or sum(taken) < HALF_A_ROUND:
            body = self.way.body(self.question)
            began = time.process_time()
            await self.server.ask(body)
            taken.append(1e6 * (time.process_time() - began))
        return min(taken[1:])


def timed_alone(asked: int) -> str:
    """What a request with a token does not meet, and what is too little to be told apart."""
    principal = Principal(UUID(int=1), "owner", UUID(int=2), ALL_PERMISSIONS, owner=True)
    settings, app = Settings(), UUID(int=3)
    origin = _alone(lambda: comes_from_us(Request({**FROM_A_PAGE}), settings))
    permission = _alone(lambda: principal.can(Permission.ENVIRONMENT_READ, app))
    return (
        f"Timed alone: the Origin of a browser's session {origin:.1f} µs, "
        f"a permission {permission:.2f} µs, of which Q1 asks {asked}"
    )


def _alone(act: Callable[[], bool]) -> float:
    """Microseconds of processor time of what has to be true."""
    assert act()
    return 1e6 * min(repeat(act, timer=time.process_time, number=1000, repeat=20)) / 1000


async def run(site: Site, rounds: int) -> None:
    columns: list[Column] = []
    async with site.serving("--no-worker") as owner:
        fill(site.database_url, big=False)
        owner.program.freeze()  # it has started Postgres, and is not to write meanwhile
        print(describe_machine(site))
        for way in WAYS:
            async with serving_here(site, kept_mib=way.kept_mib) as server:
                columns += [await measure(server, each, way, rounds) for each in (VIEWER, MENU)]
        print(describe_machine(site))
    print(table(columns))
    print(timed_alone(columns[-1].calls["permissions"]))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with (
        tempfile.TemporaryDirectory() as folder,
        open_site(Path(folder), **UNHURRIED_VARIABLES) as site,
        patch.object(authentication, "REMEMBERED_SECONDS", 1e9),  # or a round has one more read
        patch.object(authentication, "CHECKED_SECONDS", 1e9),
    ):
        uvloop.run(run(site, rounds))


if __name__ == "__main__":
    main()
