"""Following a deployment to its end, whatever becomes of the connection meanwhile.

The stream goes on from its last cursor after each cut. Where streams do not get through although
the server answers, the deployment is asked for instead, again and again. What the end was is
always asked of the deployment itself.
"""

import signal
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TypeVar

from pinmark.client.api import Api, pauses_between
from pinmark.client.documents import BUILD_LOG, ONE_DEPLOYMENT, PROGRESS
from pinmark.client.failures import Data, NotFound, StreamLost, Unreachable
from pinmark.client.words import read_time

BARREN_STREAMS = 3
POLL_SECONDS = 1.0
FOR_EVER = 1 << 31

Item = TypeVar("Item")
Warn = Callable[[str], None]


@dataclass(frozen=True)
class Transition:
    """The steps of a deployment at one moment."""

    at: str
    status: str
    file_sync: str
    code_build: str
    cursor: str | None = None


class TimeIsUp(KeyboardInterrupt):
    """An interruption like any other, by the clock."""


@contextmanager
def at_most(seconds: float | None) -> Generator[None]:
    """Raise ``TimeIsUp`` in the block after so many seconds, whatever it waits for; and again, as
    long as something takes no notice.
    """
    if seconds is None:
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def find_deployment(api: Api, identity: str) -> Data:
    found = api.ask(ONE_DEPLOYMENT, id=identity)["deployment"]
    if found is None:
        raise NotFound(
            f"There is no deployment {identity} here.",
            hint="`pinmark deployments` lists them.",
            code="NOT_FOUND",
        )
    return found


def transitions(api: Api, identity: str, warn: Warn) -> Iterator[Transition]:
    """Each transition once and in order, until the deployment has settled."""

    def stream(after: str | None) -> Iterator[tuple[str | None, Transition]]:
        for cursor, event in api.follow(PROGRESS, id=identity, after=after):
            yield (
                cursor,
                Transition(
                    event["occurredAt"],
                    event["status"],
                    event["fileSyncStatus"],
                    event["codeBuildStatus"],
                    cursor,
                ),
            )

    if not (yield from _whole(api, identity, stream, warn)):
        warn("Streams do not get through; asking again and again instead.")
        yield from _polled(api, identity, warn)


def log_lines(api: Api, identity: str, warn: Warn) -> Iterator[Data]:
    """Each line of the build once, until it has ended. What hinders the log is a warning."""

    def stream(after: str | None) -> Iterator[tuple[str | None, list[Data]]]:
        for cursor, chunk in api.follow(BUILD_LOG, id=identity, after=after):
            yield cursor, chunk["lines"]

    whole = yield from _flat(_whole(api, identity, stream, warn))
    if not whole:
        warn("The log cannot be followed; the deployment still is.")


def lines_so_far(api: Api, identity: str, *, quiet: float = 1.0) -> Iterator[Data]:
    """The lines that are there now. A build that goes on has said them once it is quiet, or says
    what is newer than the question.
    """
    try:
        for _, chunk in api.follow(BUILD_LOG, id=identity, after=None, silence=quiet):
            yield from chunk["lines"]
            if read_time(chunk["lines"][-1]["at"]) > api.answered_at:
                return
    except StreamLost as lost:
        if lost.code != "UNREACHABLE":
            raise


def settled(api: Api, identity: str, warn: Warn) -> Data:
    """The deployment, once it has settled."""
    while True:
        found = _patiently(api, identity, warn)
        if found["status"] != "IN_PROGRESS":
            return found
        for _ in transitions(api, identity, warn):
            pass


def _flat(batches: Generator[list[Data], None, bool]) -> Generator[Data, None, bool]:
    while True:
        try:
            batch = next(batches)
        except StopIteration as end:
            return bool(end.value)
        yield from batch


def _whole(
    api: Api,
    identity: str,
    stream: Callable[[str | None], Iterator[tuple[str | None, Item]]],
    warn: Warn,
) -> Generator[Item, None, bool]:
    """Go through the stream over every cut; False when none gets through to us."""
    after: str | None = None
    barren = 0
    while barren < BARREN_STREAMS:
        try:
            for cursor, item in stream(after):
                after, barren = cursor, 0
                yield item
            return True
        except Unreachable as lost:
            barren += 1
            if lost.code == "UNREACHED" or barren == 1:
                warn(f"{lost.message} Going on as soon as it is back.")
        # While the server is away no stream can get through: that says nothing about streams.
        if _is_back(api, identity):
            barren = 0
    return False


def _is_back(api: Api, identity: str) -> bool:
    """Wait until the server answers; whether it had been away."""
    away = False
    for pause in pauses_between(FOR_EVER):
        time.sleep(pause)
        try:
            find_deployment(api, identity)
        except Unreachable:
            away = True
        else:
            return away
    return away


def _polled(api: Api, identity: str, warn: Warn) -> Iterator[Transition]:
    last: Transition | None = None
    while last is None or last.status == "IN_PROGRESS":
        found = _patiently(api, identity, warn)
        now = Transition(
            found["settledAt"] or found["createdAt"],
            found["status"],
            found["fileSync"]["status"],
            found["codeBuild"]["status"],
        )
        if now != last:
            last = now
            yield now
        time.sleep(POLL_SECONDS)


def _patiently(api: Api, identity: str, warn: Warn) -> Data:
    told = False
    pauses = pauses_between(FOR_EVER)
    while True:
        try:
            return find_deployment(api, identity)
        except Unreachable as away:
            if not told:
                warn(f"{away.message} Going on as soon as it is back.")
                told = True
            time.sleep(next(pauses))
