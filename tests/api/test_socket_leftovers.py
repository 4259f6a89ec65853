"""After a socket nothing of it is left: no follower, no task, no generator, no connection."""

import asyncio
import gc
from collections import Counter
from types import AsyncGeneratorType
from typing import Any, cast

import pytest
from anyio import fail_after

from pinmark.graphql_ws import Connection
from tests.support.collecting import until_followers
from tests.support.graphql_ws import GraphQLSocket
from tests.support.servers import RunningServer
from tests.support.subscriptions import APP_EVENTS, BUILD_LOG, PROGRESS
from tests.support.worlds import World

OURS = {"_follow", "follow_app", "follow_deployment", "follow_build_log", "stream", "_stream"}


def leftovers() -> Counter[str]:
    """What lives of sockets in this process, the generators of operations included."""
    gc.collect()
    found: Counter[str] = Counter()
    for thing in gc.get_objects():
        if isinstance(thing, Connection):
            found["Connection"] += 1
        elif isinstance(thing, AsyncGeneratorType):
            generator = cast(AsyncGeneratorType[Any, Any], thing)
            if generator.__name__ in OURS and generator.ag_frame is not None:
                found[generator.__name__] += 1
    return found


def operations() -> int:
    """The tasks of this process that run an operation of a socket, or of several."""
    names = (getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks())
    return sum(name.startswith(("Connection.", "Groups.")) for name in names)


async def follow_everything(world: World, socket: GraphQLSocket) -> None:
    for identity, query, variables in (
        ("events", APP_EVENTS, {"app": world.apps["triage"]}),
        ("progress", PROGRESS, {"id": world.deployments["flying"]}),
        ("log", BUILD_LOG, {"id": world.deployments["flying"]}),
    ):
        payload = {"query": query, "variables": variables}
        await socket.send({"id": identity, "type": "subscribe", "payload": payload})


async def until_quiet(server: RunningServer) -> None:
    await until_followers(server.parts.wakeups.hub, 0)
    with fail_after(60):
        while operations():  # nobody tells when a task is gone
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("way", ["closed", "dropped", "refused"])
async def test_nothing_of_a_socket_survives_it(world: World, way: str) -> None:
    hub = world.server.parts.wakeups.hub
    await until_quiet(world.server)
    before = leftovers()
    async with world.server.socket() as socket:
        await follow_everything(world, socket)
        await until_followers(hub, 3)
        assert operations() > 0
        match way:
            case "dropped":
                socket.connection.transport.abort()
            case "refused":
                await socket.send({"type": "connection_init"})
            case _:
                pass
    await until_quiet(world.server)
    with fail_after(60):
        while leftovers() != before:  # the server's end of the socket closes too
            await asyncio.sleep(0.1)


async def test_a_completed_operation_leaves_nothing_though_its_socket_stays(world: World) -> None:
    hub = world.server.parts.wakeups.hub
    await until_quiet(world.server)
    async with world.server.socket() as socket:
        await follow_everything(world, socket)
        await until_followers(hub, 3)
        for identity in ("events", "progress", "log"):
            await socket.send({"id": identity, "type": "complete"})
        await until_followers(hub, 0)
        with fail_after(60):
            while world.server.parts.groups.count:  # nobody tells when an execution has ended
                await asyncio.sleep(0)
        assert not {name for name in leftovers() if name.startswith("follow_")}
