"""Fault points are for tests alone, and harm nobody who did not ask."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from pinmark.settings import Settings
from services import faults
from services.faults import Fault, InjectedFault, Point


@dataclass
class Acting:
    """A transaction, as far as faults know it."""

    info: dict[Any, Any] = field(default_factory=dict[Any, Any])


def test_a_fault_is_refused_in_production() -> None:
    with pytest.raises(ValidationError, match="never in production"):
        Settings(production=True, fault="settle.commits:exit")


@pytest.mark.parametrize("written", ["settle.commits", "settle.commits:melt", "nowhere:exit", ""])
def test_a_fault_that_nobody_knows_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Settings(fault=written)


def test_nothing_happens_at_a_point_that_is_not_armed() -> None:
    session = Acting()
    faults.reach(Point.SETTLE_LOCKED, session)
    faults.reach_commit(session)
    assert session.info == {}


def test_a_fault_strikes_once_at_the_end_of_its_own_act() -> None:
    settling, promoting = Acting(), Acting()
    faults.arm(Fault.parse("settle.commits:raise"))
    try:
        faults.reach(Point.PROMOTE_LOCKED, promoting)
        faults.reach_commit(promoting)
        faults.reach(Point.SETTLE_LOCKED, settling)
        with pytest.raises(InjectedFault):
            faults.reach_commit(settling)
        faults.reach_commit(settling)
    finally:
        faults.arm(None)
