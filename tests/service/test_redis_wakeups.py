"""Redis as the doorbell: whatever becomes of it, everything is told once and in order.

Followers here are woken or wait for ever, so that what is lost shows; a real Redis is killed.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path

import pytest
from anyio import fail_after

from models import App, AppEventKind
from pinmark.assembly import open_installation
from pinmark.notifications import Wakeups, open_wakeups
from pinmark.notifications.redis import RedisBackend, open_redis_bell
from pinmark.settings import Settings
from schema.ids import encode_id
from services import events
from services.doorbell import CHANNEL, EVERYTHING
from services.events import newest_sequence
from services.following import follow_app
from services.hub import Hub, Wake
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import make_environment
from tests.support.collecting import following, until_followers
from tests.support.redis_server import RedisServer, running_redis
from tests.support.servers import running_server
from tests.support.subscriptions import APP_EVENTS

HANG_SECONDS = 400
TOLD = 500
NEVER = 3600.0


@pytest.fixture
def redis(tmp_path: Path) -> Generator[RedisServer]:
    with running_redis(tmp_path / "redis") as redis:
        yield redis


@pytest.fixture(autouse=True)
def _no_safety_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Wake.wait.__kwdefaults__ is not None
    monkeypatch.setitem(Wake.wait.__kwdefaults__, "at_most", NEVER)


@pytest.fixture
def by_redis(settings: Settings, redis: RedisServer) -> Settings:
    return Settings.model_validate({**settings.model_dump(), "broadcast_url": redis.url})


@pytest.fixture
async def writer(by_redis: Settings, database_url: str) -> AsyncGenerator[Installation]:
    """An installation whose commits ring through Redis."""
    async with open_installation(by_redis, database_url) as writer:
        yield writer


async def tell(writer: Installation, app: App, actor: Principal) -> None:
    """One more event of the app."""
    async with writer.database.transaction() as session:
        kind = AppEventKind.ENVIRONMENT_CREATED
        events.append(session, app_id=app.id, kind=kind, actor=actor.actor)


async def told(reader: Installation, wakeups: Wakeups, app: App, *, last: int) -> list[int]:
    """The numbers of the app's events from its first, as a follower is given them."""
    found: list[int] = []
    stream = follow_app(reader.database, wakeups.hub, app_id=app.id, after=None)
    async with aclosing(stream) as following:
        async for event in following:
            found.append(event.seq)
            if event.seq >= last:
                return found
    return found


@asynccontextmanager
async def hearing(by_redis: Settings, url: str, count: int) -> AsyncGenerator[list[Wakeups]]:
    """The wake-ups of so many server processes."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(open_wakeups(url, by_redis.broadcast))
            for _ in range(count)
        ]


@pytest.mark.long
async def test_a_redis_killed_again_and_again_loses_repeats_and_disorders_nothing(
    by_redis: Settings,
    database_url: str,
    redis: RedisServer,
    writer: Installation,
    owner: Principal,
    app: App,
) -> None:
    with fail_after(HANG_SECONDS):
        async with hearing(by_redis, database_url, 2) as servers:
            async with writer.database.moment() as session:
                first = await newest_sequence(session, app_id=app.id)
            last = first + TOLD
            followers = [
                asyncio.create_task(told(writer, wakeups, app, last=last)) for wakeups in servers
            ]
            for wakeups in servers:
                await until_followers(wakeups.hub, 1)
            for number in range(TOLD):
                if number % 100 == 50:
                    await asyncio.to_thread(redis.restart)
                await tell(writer, app, owner)
            outcomes = await asyncio.gather(*followers)

            assert all(found == list(range(first + 1, last + 1)) for found in outcomes)
            assert all(wakeups.alive for wakeups in servers)


async def test_what_one_server_writes_a_client_of_another_is_told_at_once(
    by_redis: Settings,
    database_url: str,
    writer: Installation,
    owner: Principal,
    app: App,
) -> None:
    names = [f"made-{number:02}" for number in range(10)]
    with fail_after(HANG_SECONDS):
        async with (
            running_server(by_redis, database_url, with_worker=False) as server,
            following(
                server, APP_EVENTS, enough=len(names), app=encode_id("App", app.id)
            ) as reading,
        ):
            for name in names:
                await make_environment(writer, owner, app, name)
            seen = await reading
    assert [event["environment"]["name"] for event in seen] == names


async def test_followers_that_come_at_once_are_all_woken_and_so_is_who_comes_as_the_last_leaves(
    by_redis: Settings, database_url: str, redis: RedisServer
) -> None:
    async def woken(hub: Hub) -> None:
        with hub.following(["app:1"]) as wake:
            await wake.wait()

    with fail_after(HANG_SECONDS):
        async with (
            hearing(by_redis, database_url, 1) as (wakeups,),
            open_redis_bell(redis.url) as bell,
        ):
            for _ in range(30):
                at_once = [asyncio.create_task(woken(wakeups.hub)) for _ in range(5)]
                await until_followers(wakeups.hub, 5)
                bell.ring(["app:1"])
                await asyncio.wait(at_once, return_when=asyncio.FIRST_COMPLETED)
                late = asyncio.create_task(woken(wakeups.hub))  # while those before it leave
                await asyncio.gather(*at_once)
                await until_followers(wakeups.hub, 1)
                bell.ring(["app:1"])
                await late
            assert wakeups.hub.follower_count == 0


async def test_a_lone_subscriber_hears_and_a_backend_that_is_back_tells_everybody_to_look(
    redis: RedisServer,
) -> None:
    backend = RedisBackend(redis.url)
    await backend.connect()
    try:
        with fail_after(HANG_SECONDS):
            await backend.subscribe(CHANNEL)
            assert (await backend.next_published()).message == EVERYTHING
            await backend.publish(CHANNEL, "app:1")
            assert (await backend.next_published()).message == "app:1"

            await asyncio.to_thread(redis.restart)
            assert (await backend.next_published()).message == EVERYTHING
            await backend.publish(CHANNEL, "app:2")
            assert (await backend.next_published()).message == "app:2"
            assert backend.connections == 2
    finally:
        await backend.disconnect()
    assert not backend.listening


async def test_more_messages_than_anybody_takes_become_one_order_to_look(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pinmark.notifications.listening.MAXIMUM_QUEUE", 10)
    backend = RedisBackend(redis.url)
    backend._queue = asyncio.Queue(10)  # pyright: ignore[reportPrivateUsage]
    await backend.connect()
    try:
        with fail_after(HANG_SECONDS):
            await backend.subscribe(CHANNEL)
            await backend.wait_until_listening()
            for number in range(30):
                await backend.publish(CHANNEL, f"app:{number}")
            await backend.publish(CHANNEL, "the last")
            seen: list[str] = []
            while "the last" not in seen:
                seen.append((await backend.next_published()).message)
            assert EVERYTHING in seen
            assert len(seen) <= 10
    finally:
        await backend.disconnect()


async def test_a_frozen_redis_is_noticed_and_followers_look_by_themselves_meanwhile(
    by_redis: Settings,
    database_url: str,
    redis: RedisServer,
    writer: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("listening", "redis"):
        monkeypatch.setattr(f"pinmark.notifications.{module}.CONNECT_SECONDS", 0.5)
        monkeypatch.setattr(f"pinmark.notifications.{module}.PING_SECONDS", 0.2)
    with fail_after(HANG_SECONDS):
        async with hearing(by_redis, database_url, 1) as (wakeups,):
            async with writer.database.moment() as session:
                first = await newest_sequence(session, app_id=app.id)
            follower = asyncio.create_task(told(writer, wakeups, app, last=first + 2))
            await until_followers(wakeups.hub, 1)
            redis.freeze()
            await tell(writer, app, owner)
            await tell(writer, app, owner)  # nobody who writes waits for Redis
            assert await follower == [first + 1, first + 2]

            _, by_way_of_redis = wakeups.listeners
            while by_way_of_redis.listening:  # followers may have looked before it is noticed
                await asyncio.sleep(0.01)
            assert wakeups.alive, "a server without Redis still serves"
            redis.wake()
            await by_way_of_redis.wait_until_listening()


async def test_a_server_starts_without_its_redis_and_finds_it_later(
    by_redis: Settings, database_url: str, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pinmark.notifications.wakeups.CONNECT_SECONDS", 0.2)
    redis.kill()
    with fail_after(HANG_SECONDS):
        async with hearing(by_redis, database_url, 1) as (wakeups,):
            _, by_way_of_redis = wakeups.listeners
            assert not by_way_of_redis.listening
            await asyncio.to_thread(redis.start)
            await by_way_of_redis.wait_until_listening()


async def test_a_forwarder_that_ended_makes_the_server_unready(
    by_redis: Settings, database_url: str
) -> None:
    async with running_server(by_redis, database_url, with_worker=False) as server:
        assert (await server.client.get("/readyz")).json()["listener"] is True
        task = random.choice(server.parts.wakeups._tasks)  # pyright: ignore[reportPrivateUsage]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        response = await server.client.get("/readyz")
    assert (response.status_code, response.json()["listener"]) == (503, False)
