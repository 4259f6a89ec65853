"""The hub: wakes those who follow, and forgets those who stopped."""

import asyncio

import pytest
from anyio import fail_after

from services.doorbell import EVERYTHING
from services.hub import Hub, Wake, until_all_look


async def test_a_wake_that_comes_during_a_read_is_kept() -> None:
    hub = Hub()
    with hub.following(["app:1"]) as wake, fail_after(60):
        wake.clear()
        hub.ring("app:1")  # while the follower reads
        await wake.wait(at_most=3600)


async def test_only_followers_of_the_topic_are_woken() -> None:
    hub = Hub()
    with hub.following(["app:1"]) as one, hub.following(["app:2", "log:2"]) as two, fail_after(60):
        waiting = asyncio.create_task(two.wait(at_most=3600))
        hub.ring("app:1 log:3")
        await one.wait(at_most=3600)
        assert not waiting.done()
        hub.ring("app:1 log:2")
        await waiting


async def test_a_ring_for_everything_wakes_everybody() -> None:
    hub = Hub()
    with hub.following(["app:1"]) as one, hub.following(["log:2"]) as two, fail_after(60):
        hub.ring(EVERYTHING)
        await one.wait(at_most=3600)
        await two.wait(at_most=3600)


async def test_a_wait_without_a_wake_ends_all_the_same() -> None:
    with Hub().following(["app:1"]) as wake:
        await wake.wait(at_most=0.001)


async def test_nothing_is_kept_of_those_who_stopped_following() -> None:
    hub = Hub()
    with hub.following(["app:1"]), hub.following(["app:1", "log:2"]):
        assert hub.follower_count == 3
    assert hub.follower_count == 0
    hub.ring("app:1")


async def test_a_cancellation_beside_a_wake_is_not_lost() -> None:
    wake = Wake()

    async def follow() -> None:
        while True:
            wake.clear()
            await wake.wait(at_most=60)

    for _ in range(200):
        task = asyncio.ensure_future(follow())
        await asyncio.sleep(0)
        wake.set()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), 5)


def test_whenever_they_began_to_wait_all_look_at_the_same_moment() -> None:
    moments = {now + until_all_look(now) for now in (15.0, 15.5, 22.25, 29.75)}

    assert moments == {30.0}
