"""Equal subscriptions are one execution, and nobody notices but by how little it costs."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import pytest
from anyio import fail_after
from graphql import get_named_type
from sqlmodel import col, select
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect

from models import App, AuditEntry, AuditOutcome, Deployment, Environment, Role
from pinmark import graphql_ws
from pinmark.finished_frames import FrameWriter
from pinmark.groups.followed import SAME_FOR_ALL, followed_by, served
from pinmark.operations import Operation, stream
from pinmark.outgoing import Outgoing
from pinmark.settings import Settings
from schema import events as event_types
from schema.context import Context
from schema.ids import encode_id
from services import following
from services.cancellations import Cancellation, cancel_deployment
from services.cursors import encode_event
from services.doorbell import CREDENTIALS
from services.hub import Hub
from services.installation import Installation
from services.principals import ALL_PERMISSIONS, Permission, Principal
from tests.api.conftest import without_polling
from tests.support.apps import (
    events_of,
    linked_app,
    make_environment,
    promoted_and_settled,
    push,
)
from tests.support.collecting import until_followers
from tests.support.graphql_ws import GraphQLSocket
from tests.support.keys import make_key
from tests.support.people import give_role, join
from tests.support.repositories import Repository
from tests.support.samples import WITH_HANDLER
from tests.support.servers import RunningServer, running_server
from tests.support.subscriptions import APP_EVENTS, PROGRESS

HANG_SECONDS = 60
MANY = 20
OF_ANOTHER_RIGHT = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor environment { name files { totalCount } } }
}
"""
OF_WHO_ASKS = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor environment { viewerCanPromote } }
}
"""
DENIED = """
subscription ($id: ID!) {
  deploymentProgress(id: $id) { status deployment { environment { name } } }
}
"""
TEN_TIMES = "".join(f"f{n}: file(path: $path) {{ content }} " for n in range(10))
MUCH = f"""
subscription ($app: ID!, $path: String!) {{
  appEvents(appId: $app) {{ cursor environment {{ {TEN_TIMES} }} }}
}}
"""
LARGE = b'{"input": {"text": "' + b"x" * 900_000 + b'"}}\n'


async def subscribe(socket: GraphQLSocket, identity: str, query: str, **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    await socket.send({"id": identity, "type": "subscribe", "payload": payload})


@asynccontextmanager
async def sockets(
    server: RunningServer, tokens: list[str], query: str, **variables: Any
) -> AsyncGenerator[list[GraphQLSocket]]:
    """A socket for each token; all of them follow, each under an id of its own."""
    already = server.parts.wakeups.hub.follower_count
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(server.socket(token=each)) for each in tokens]
        for number, socket in enumerate(opened):
            await subscribe(socket, f"id-{number}", query, **variables)
        await until_followers(server.parts.wakeups.hub, already + len(tokens))
        yield opened


async def until_executions(server: RunningServer, count: int) -> None:
    """Wait until all that is followed is followed by so many executions."""
    with fail_after(HANG_SECONDS):
        while server.parts.groups.count != count:  # nobody tells who has joined whom
            await asyncio.sleep(0.01)


async def messages(opened: list[GraphQLSocket]) -> list[dict[str, Any]]:
    with fail_after(HANG_SECONDS):
        return [await socket.receive() for socket in opened]


async def cursors(socket: GraphQLSocket, count: int) -> list[str]:
    """The cursors of the next events of the app."""
    told = await messages([socket] * count)
    return [each["payload"]["data"]["appEvents"]["cursor"] for each in told]


def counted(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> list[None]:
    """Every call of a function from here on."""
    calls: list[None] = []
    original: Callable[..., Any] = getattr(place, name)

    def call(*given: Any, **named: Any) -> Any:
        calls.append(None)
        return original(*given, **named)

    monkeypatch.setattr(place, name, call)
    return calls


async def test_an_event_is_executed_once_for_all_who_follow_the_same(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    identity = encode_id("App", app.id)
    async with sockets(idle_server, [idle_server.token] * MANY, APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        executed = counted(monkeypatch, event_types, "load_environment")
        await make_environment(installation, owner, app, "staging")

        told = await messages(opened)

    assert len(executed) == 1
    assert [each["id"] for each in told] == [f"id-{number}" for number in range(MANY)]
    assert {each["type"] for each in told} == {"next"}
    assert all(each["payload"] == told[0]["payload"] for each in told)
    assert told[0]["payload"]["data"]["appEvents"]["environment"] == {"name": "staging"}
    assert set(told[0]["payload"]["extensions"]) == {"cost"}


async def test_all_who_take_what_they_are_told_are_sent_finished_frames(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    identity = encode_id("App", app.id)
    async with sockets(idle_server, [idle_server.token] * MANY, APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        framed = counted(monkeypatch, FrameWriter, "write")
        sent = counted(monkeypatch, Outgoing, "send")
        await make_environment(installation, owner, app, "staging")
        await messages(opened)

    assert (len(framed), len(sent)) == (MANY, 0)


async def test_a_server_that_knows_no_finished_frames_tells_all_of_them_the_same(
    settings: Settings, database_url: str, installation: Installation, owner: Principal, app: App
) -> None:
    identity, names = encode_id("App", app.id), ["first", "second", "third"]
    quiet = without_polling(settings)
    async with (
        running_server(
            quiet, database_url, with_worker=False, sockets=WebSocketsSansIOProtocol
        ) as server,
        sockets(server, [server.token] * MANY, APP_EVENTS, app=identity) as opened,
    ):
        await until_executions(server, 1)
        for name in names:
            await make_environment(installation, owner, app, name)
        for number, socket in enumerate(opened):
            told = await messages([socket] * len(names))
            assert {each["id"] for each in told} == {f"id-{number}"}
            found = [each["payload"]["data"]["appEvents"]["environment"]["name"] for each in told]
            assert found == names


async def test_who_cannot_be_written_to_is_nobody_elses_trouble(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = FrameWriter.write

    def break_the_first(writer: FrameWriter, frame: bytes) -> bool:
        monkeypatch.setattr(FrameWriter, "write", write)
        raise RuntimeError("of the transport")

    identity = encode_id("App", app.id)
    async with sockets(idle_server, [idle_server.token] * 5, APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        monkeypatch.setattr(FrameWriter, "write", break_the_first)
        await make_environment(installation, owner, app, "staging")
        broken, *others = opened
        assert await broken.close_code() == 1006
        await make_environment(installation, owner, app, "prod")
        for socket in others:
            told = await messages([socket] * 2)
            assert [
                each["payload"]["data"]["appEvents"]["environment"]["name"] for each in told
            ] == ["staging", "prod"]
        assert idle_server.parts.wakeups.hub.follower_count == 4


async def test_whoever_begins_further_back_catches_up_alone_and_then_joins(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    identity = encode_id("App", app.id)
    await make_environment(installation, owner, app, "first")
    async with (
        sockets(idle_server, [idle_server.token] * 2, APP_EVENTS, app=identity) as up_to_date,
        sockets(
            idle_server,
            [idle_server.token] * 2,
            APP_EVENTS,
            app=identity,
            after=encode_event(app.id, 0),
        ) as behind,
    ):
        await until_executions(idle_server, 1)
        await make_environment(installation, owner, app, "second")
        table = [encode_event(app.id, each.seq) for each in await events_of(installation, app)]
        for socket in up_to_date:
            assert await cursors(socket, 1) == table[-1:]
        for socket in behind:
            assert await cursors(socket, len(table)) == table


async def test_who_has_other_rights_is_told_what_they_may_be_told(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    staging: Environment,
) -> None:
    reads = ["environment.read", "app.read"]
    key = await make_key(installation, owner, staging, permissions=reads)
    identity, tokens = encode_id("App", app.id), [idle_server.token, key.plaintext] * 3
    async with sockets(idle_server, tokens, OF_ANOTHER_RIGHT, app=identity) as opened:
        await until_executions(idle_server, 2)
        await make_environment(installation, owner, app, "qa")

        told = await messages(opened)

    for may, may_not in zip(told[::2], told[1::2], strict=True):
        files = may["payload"]["data"]["appEvents"]["environment"]["files"]
        assert files == {"totalCount": 0}
        assert may_not["payload"]["data"]["appEvents"]["environment"] is None
        (error,) = may_not["payload"]["errors"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"


async def test_members_of_one_role_share_what_says_nothing_of_them_and_nothing_else(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    ada = await join(installation, owner, "ada", Role.ADMIN)
    eve = await join(installation, owner, "eve", Role.ADMIN)
    identity, tokens = encode_id("App", app.id), [ada.token, eve.token]
    async with sockets(idle_server, tokens, APP_EVENTS, app=identity):
        await until_executions(idle_server, 1)
    await until_executions(idle_server, 0)
    async with sockets(idle_server, tokens, OF_WHO_ASKS, app=identity) as opened:
        await make_environment(installation, owner, app, "qa")
        await messages(opened)
        assert idle_server.parts.groups.count == 2


async def test_whose_rights_change_goes_on_alone_without_a_gap(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    ada = await join(installation, owner, "ada", Role.ADMIN)
    eve = await join(installation, owner, "eve", Role.ADMIN)
    identity = encode_id("App", app.id)
    names = ["first", "second", "third", "fourth"]
    async with sockets(idle_server, [ada.token, eve.token], APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        await make_environment(installation, owner, app, names[0])
        await make_environment(installation, owner, app, names[1])
        await give_role(installation, owner, eve.id, Role.READ)
        idle_server.parts.wakeups.hub.ring(CREDENTIALS)
        await until_executions(idle_server, 2)
        await make_environment(installation, owner, app, names[2])
        await make_environment(installation, owner, app, names[3])

        for socket in opened:
            told = await messages([socket] * 4)
            assert [
                each["payload"]["data"]["appEvents"]["environment"]["name"] for each in told
            ] == names


async def test_a_failing_field_is_told_to_each(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(*given: object) -> None:
        raise RuntimeError("of the field")

    identity = encode_id("App", app.id)
    async with sockets(idle_server, [idle_server.token] * 5, APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        with monkeypatch.context() as broken:
            broken.setattr(event_types, "load_environment", fails)
            await make_environment(installation, owner, app, "staging")
            told = await messages(opened)
        await make_environment(installation, owner, app, "prod")
        after = await messages(opened)

    for each in told:
        assert each["payload"]["data"]["appEvents"]["environment"] is None
        assert [error["extensions"]["code"] for error in each["payload"]["errors"]] == [
            "INTERNAL_SERVER_ERROR"
        ]
    assert all("errors" not in each["payload"] for each in after)


async def test_a_failing_subscription_is_told_to_each_and_ends_it_alone(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(*given: object, **named: object) -> None:
        raise RuntimeError("of the source")

    identity = encode_id("App", app.id)
    async with sockets(idle_server, [idle_server.token] * 5, APP_EVENTS, app=identity) as opened:
        await until_executions(idle_server, 1)
        with monkeypatch.context() as broken:
            broken.setattr(following.events, "read_app_events", fails)
            await make_environment(installation, owner, app, "staging")
            told = await messages(opened)
        for socket in opened:
            assert [data async for data in socket.run("{ viewer { name } }")]

    assert [each["id"] for each in told] == [f"id-{number}" for number in range(5)]
    for each in told:
        (error,) = each["payload"]
        assert each["type"] == "error"
        assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_the_end_is_told_to_each(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    flying: Deployment,
) -> None:
    identity = encode_id("Deployment", flying.id)
    async with sockets(idle_server, [idle_server.token] * 5, PROGRESS, id=identity) as opened:
        await until_executions(idle_server, 1)
        async with installation.database.transaction() as session:
            request = Cancellation(deployment_id=flying.id)
            await cancel_deployment(session, principal=owner, request=request)
        for number, socket in enumerate(opened):
            *told, last = await messages([socket] * 3)
            assert last == {"type": "complete", "id": f"id-{number}"}
            assert [each["payload"]["data"]["deploymentProgress"]["status"] for each in told] == [
                "IN_PROGRESS",
                "FAILED",
            ]
    await until_executions(idle_server, 0)


async def test_what_is_denied_in_a_shared_answer_is_written_down_for_each(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    staging: Environment,
    flying: Deployment,
) -> None:
    keys = [
        await make_key(installation, owner, staging, name=name, permissions=["deployment.read"])
        for name in ("one", "other")
    ]
    tokens = [key.plaintext for key in keys]
    identity = encode_id("Deployment", flying.id)

    async def denied() -> list[str]:
        async with installation.database.moment() as session:
            statement = select(AuditEntry).where(
                col(AuditEntry.outcome) == AuditOutcome.REFUSED,
                col(AuditEntry.action) == Permission.ENVIRONMENT_READ,
            )
            return sorted(each.actor.name for each in (await session.exec(statement)).all())

    async with sockets(idle_server, tokens, DENIED, id=identity) as opened:
        await messages(opened)
        await until_executions(idle_server, 1)
        before = await denied()
        async with installation.database.transaction() as session:
            request = Cancellation(deployment_id=flying.id)
            await cancel_deployment(session, principal=owner, request=request)
        for socket in opened:
            assert [each["type"] for each in await messages([socket] * 2)][-1] == "complete"

    assert before == ["one", "other"]
    assert await denied() == ["one", "one", "other", "other"]


@asynccontextmanager
async def one_slow_of_four(
    server: RunningServer, installation: Installation, owner: Principal, repository: Repository
) -> AsyncGenerator[tuple[GraphQLSocket, list[list[str]], list[str]]]:
    """Four are told five times of megabytes, and one takes nothing: that one, what the others
    were told, and what there was to tell.
    """
    repository.commit({"agentmark/large.jsonl": LARGE})
    app = await linked_app(installation, owner, repository, name="large")
    variables = {"app": encode_id("App", app.id), "path": "agentmark/large.jsonl"}
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(roomy(server)) for _ in range(4)]
        for socket in opened:
            await subscribe(socket, "1", MUCH, **variables)
        await until_followers(server.parts.wakeups.hub, 4)
        await until_executions(server, 1)
        slow, *others = opened
        slow.connection.transport.pause_reading()
        repository.commit({"agentmark/other.jsonl": LARGE})
        await push(installation, app)
        told = await asyncio.gather(*(cursors(socket, 5) for socket in others))
        table = [encode_event(app.id, each.seq) for each in await events_of(installation, app)]
        yield slow, told, table[-5:]


async def test_who_reads_slowly_holds_nobody_back_and_is_told_to_come_again(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graphql_ws, "SEND_SECONDS", 2.0)
    given_up = counted(monkeypatch, graphql_ws, "too_slow")
    async with one_slow_of_four(idle_server, installation, owner, repository) as found:
        slow, told, table = found
        assert told == [table] * 3
        with fail_after(HANG_SECONDS):
            while not given_up:
                await asyncio.sleep(0.01)
        slow.connection.transport.resume_reading()
        assert await slow.close_code() == 1013


async def test_who_reads_on_in_time_is_told_everything_all_the_same(
    idle_server: RunningServer, installation: Installation, owner: Principal, repository: Repository
) -> None:
    async with one_slow_of_four(idle_server, installation, owner, repository) as found:
        slow, told, table = found
        assert told == [table] * 3
        assert idle_server.parts.wakeups.hub.follower_count == 3
        slow.connection.transport.resume_reading()
        assert await cursors(slow, 5) == table
        await until_executions(idle_server, 1)
        assert idle_server.parts.wakeups.hub.follower_count == 4


@asynccontextmanager
async def roomy(server: RunningServer) -> AsyncGenerator[GraphQLSocket]:
    """A socket that takes messages however large they are."""
    address = server.base.replace("http", "ws", 1) + "/graphql"
    async with connect(
        address,
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
        max_size=None,
    ) as connection:
        socket = GraphQLSocket(connection)
        await socket.initialise(server.token)
        yield socket


class Faceless(Principal):
    """Somebody with rights and nothing else: who they are, nobody may ask."""

    def __getattribute__(self, name: str) -> Any:
        if name in {"id", "name", "session_id", "good_until", "actor", "identity"}:
            raise AssertionError(f"somebody asked for the {name} of who follows")
        return super().__getattribute__(name)


def name_of(type_: Any) -> str:
    return str(get_named_type(type_))  # pyright: ignore[reportUnknownArgumentType]


def selection_of(type_name: str, depth: int) -> str:
    """Every field that says nothing of who asks, and what is in them."""
    fields: Any = served.type_map[type_name]
    chosen: list[str] = []
    for name in sorted(SAME_FOR_ALL[type_name]):
        inner = name_of(fields.fields[name].type)
        if inner not in SAME_FOR_ALL:
            chosen.append(name)
        elif depth:
            chosen.append(f"{name} {{ {selection_of(inner, depth - 1)} }}")
    return " ".join(chosen)


@pytest.mark.parametrize(
    ("field", "argument", "subject"),
    [
        ("appEvents", "appId", "app"),
        ("deploymentProgress", "id", "deployment"),
        ("buildLog", "deploymentId", "deployment"),
    ],
)
async def test_what_is_the_same_for_all_is_told_without_asking_who_they_are(
    installation: Installation,
    owner: Principal,
    repository: Repository,
    dev: Environment,
    staging: Environment,
    app: App,
    field: str,
    argument: str,
    subject: str,
) -> None:
    repository.commit(WITH_HANDLER)
    deployment = await promoted_and_settled(installation, owner, source=dev, target=staging)
    subjects = {
        "app": encode_id("App", app.id),
        "deployment": encode_id("Deployment", deployment.id),
    }
    after = f', after: "{encode_event(app.id, 0)}"' if subject == "app" else ""
    subscriptions: Any = served.subscription_type
    type_name = name_of(subscriptions.fields[field].type)
    document = (
        f'subscription {{ {field}({argument}: "{subjects[subject]}"{after}) '
        f"{{ {selection_of(type_name, 4)} }} }}"
    )
    nobody = Faceless(owner.id, "", owner.organization_id, ALL_PERMISSIONS, owner=True)
    context = Context(installation, Hub(), nobody, dashboard_url="")
    followed = followed_by(Operation(document), "")
    assert followed is not None
    assert followed.same_for_all

    told: list[Any] = []
    with fail_after(HANG_SECONDS):
        async with aclosing(stream(context, Operation(document), request_id="")) as answers:
            async for answer in answers:
                told.append(answer)
                if len(told) == 10:
                    break

    assert told
    assert not [answer["errors"] for answer in told if "errors" in answer]
