"""Fault points: named steps at which a test has this process die, fail or freeze.

They lie on the way of every act that an environment's history is made of. Nothing happens at any
of them unless the composition root has armed one, which settings refuse in production.

A point of a transaction names its act. So ``….commits`` and ``….committed``, which every act
has, are reached by the end of the transaction and written down nowhere else.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self

_ACT = "faults.act"


class Point(StrEnum):
    """Where a fault can strike; ``act.step``, in the order in which an act comes by."""

    PROMOTE_LOOKED = "promote.looked"
    PROMOTE_READ = "promote.read"
    PROMOTE_LOCKED = "promote.locked"
    PROMOTE_STARTED = "promote.started"
    PROMOTE_COMMITS = "promote.commits"
    PROMOTE_COMMITTED = "promote.committed"

    ROLL_BACK_LOCKED = "roll_back.locked"
    ROLL_BACK_STARTED = "roll_back.started"
    ROLL_BACK_COMMITS = "roll_back.commits"
    ROLL_BACK_COMMITTED = "roll_back.committed"

    REDEPLOY_LOCKED = "redeploy.locked"
    REDEPLOY_STARTED = "redeploy.started"
    REDEPLOY_COMMITS = "redeploy.commits"
    REDEPLOY_COMMITTED = "redeploy.committed"

    RETRY_LOCKED = "retry.locked"
    RETRY_STARTED = "retry.started"
    RETRY_COMMITS = "retry.commits"
    RETRY_COMMITTED = "retry.committed"

    CANCEL_LOCKED = "cancel.locked"
    CANCEL_SETTLED = "cancel.settled"
    CANCEL_COMMITS = "cancel.commits"
    CANCEL_COMMITTED = "cancel.committed"

    DELETE_LOCKED = "delete.locked"
    DELETE_RELEASED = "delete.released"
    DELETE_ENDED = "delete.ended"
    DELETE_COMMITS = "delete.commits"
    DELETE_COMMITTED = "delete.committed"

    BEGIN_SYNC_TAKEN = "begin_sync.taken"
    BEGIN_SYNC_COMMITS = "begin_sync.commits"
    BEGIN_SYNC_COMMITTED = "begin_sync.committed"
    SYNC_READ = "sync.read"
    SYNC_WRITTEN = "sync.written"
    SYNC_COMMITS = "sync.commits"
    SYNC_COMMITTED = "sync.committed"

    BEGIN_BUILD_TAKEN = "begin_build.taken"
    BEGIN_BUILD_COMMITS = "begin_build.commits"
    BEGIN_BUILD_COMMITTED = "begin_build.committed"
    BUILD_DECIDED = "build.decided"
    BUILD_BUILT = "build.built"
    BUILD_KEPT = "build.kept"
    BUILD_HEALTHY = "build.healthy"

    SETTLE_LOCKED = "settle.locked"
    SETTLE_MOVED = "settle.moved"
    SETTLE_COMMITS = "settle.commits"
    SETTLE_COMMITTED = "settle.committed"

    FAIL_LOCKED = "fail.locked"
    FAIL_COMMITS = "fail.commits"
    FAIL_COMMITTED = "fail.committed"

    @property
    def act(self) -> str:
        return self.value.partition(".")[0]


class Transaction(Protocol):
    """A session, of which nothing is needed here but what is written on it."""

    @property
    def info(self) -> dict[Any, Any]: ...


class InjectedFault(Exception):
    """What an armed point raises: an error that no code expects."""


def _exit() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise() -> None:
    raise InjectedFault


def _hang() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


_STRIKES: dict[str, Callable[[], None]] = {"exit": _exit, "raise": _raise, "hang": _hang}
KINDS = tuple(_STRIKES)
"""Die at once, raise what nobody expects, or freeze whole until somebody wakes the process."""


@dataclass(frozen=True)
class Fault:
    """What happens, once, when the process first comes to the point."""

    point: Point
    kind: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """``settle.commits:exit`` as the fault it names, or ``ValueError``."""
        point, _, kind = written.partition(":")
        if kind not in _STRIKES:
            raise ValueError(f"a fault is a point and one of {', '.join(KINDS)}: point:kind")
        return cls(Point(point), kind)


_armed: Fault | None = None


def arm(fault: Fault | None) -> None:
    """Have ``fault`` strike once; None disarms."""
    global _armed
    _armed = fault


def is_armed() -> bool:
    """Whether a fault has yet to strike."""
    return _armed is not None


def reach(point: Point, session: Transaction | None = None) -> None:
    """Come by ``point``; with a session, its transaction is one of the point's act."""
    if _armed is None:
        return
    if session is not None:
        session.info[_ACT] = point.act
    _strike(point)


def reach_commit(session: Transaction) -> None:
    """Come to the end of a transaction: everything is written, nothing is committed."""
    _reach_end(session, "commits")


def reach_committed(session: Transaction) -> None:
    """Come out of a transaction that has been committed, and that nobody was told of yet."""
    _reach_end(session, "committed")


def _reach_end(session: Transaction, step: str) -> None:
    if _armed is not None and (act := session.info.get(_ACT)) is not None:
        _strike(f"{act}.{step}")


def _strike(reached: str) -> None:
    if _armed is not None and _armed.point == reached:
        strike = _STRIKES[_armed.kind]
        arm(None)
        strike()
