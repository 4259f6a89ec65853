"""Beginning something here and now: as far as it goes, and no task for what needs none."""

import asyncio

import pytest

from pinmark.groups.beginning import begin


class Broken(Exception):
    """What the work of a test fails with."""


async def test_what_never_waits_is_done_at_once() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("all")

    assert begin(work()) is None
    assert done == ["all"]


async def test_the_rest_goes_on_where_it_waited() -> None:
    done: list[str] = []
    first, second = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        done.append("begun")
        await first.wait()
        done.append("half")
        await second.wait()
        done.append("all")

    rest = begin(work())
    assert rest is not None
    assert done == ["begun"]

    async def go_on() -> None:
        await rest

    first.set()
    going_on = asyncio.create_task(go_on())
    await asyncio.sleep(0)
    second.set()
    await going_on
    assert done == ["begun", "half", "all"]


async def test_what_it_raises_is_raised_at_once_or_by_the_rest() -> None:
    gate = asyncio.Event()

    async def work(*, wait: bool) -> None:
        if wait:
            await gate.wait()
        raise Broken

    with pytest.raises(Broken):
        begin(work(wait=False))
    rest = begin(work(wait=True))
    assert rest is not None
    gate.set()
    with pytest.raises(Broken):
        await rest


async def test_a_cancellation_reaches_what_waits_and_it_can_tidy_up() -> None:
    tidied: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tidied.append("yes")

    rest = begin(work())
    assert rest is not None

    async def go_on() -> None:
        await rest

    going_on = asyncio.create_task(go_on())
    await asyncio.sleep(0)
    going_on.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going_on
    assert tidied == ["yes"]
