"""What waits can be told to end, whatever happens at that moment."""

import asyncio

import pytest

from pinmark import background
from pinmark.background import running
from services.waiting import wait_at_most


async def test_a_cancellation_beside_the_event_is_not_lost() -> None:
    event = asyncio.Event()
    waiting = asyncio.ensure_future(wait_at_most(60, event))
    await asyncio.sleep(0)
    event.set()
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_wait_ends_with_the_event_and_without_it() -> None:
    event = asyncio.Event()
    await wait_at_most(0.001, event)
    assert not event.is_set()
    event.set()
    await wait_at_most(60, event)


async def test_background_work_that_loses_its_cancellation_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "TOLD_AGAIN_SECONDS", 0.001)
    lost: list[asyncio.CancelledError] = []

    async def lose_the_first() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError as cancellation:
                lost.append(cancellation)
                if len(lost) > 1:
                    raise

    async with running(lose_the_first()):
        await asyncio.sleep(0)
    assert len(lost) == 2
