"""Subscriptions on real sockets: each transition once, in order, and again from any cursor."""

from typing import Any

import pytest
from anyio import fail_after

from models import App, Deployment, Environment
from schema.ids import encode_id
from services.cancellations import Cancellation, cancel_deployment
from services.cursors import encode_event, encode_line
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import (
    deployments_of,
    make_environment,
    promoted,
    promoted_and_settled,
    settle,
)
from tests.support.collecting import collect, following
from tests.support.graphql_ws import OperationFailed
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, WITH_HANDLER
from tests.support.servers import RunningServer
from tests.support.subscriptions import APP_EVENTS, BUILD_LOG, PROGRESS
from tests.support.worlds import World

Step = tuple[str, str, str]


def steps(events: list[dict[str, str]]) -> list[Step]:
    return [
        (event["status"], event["fileSyncStatus"], event["codeBuildStatus"]) for event in events
    ]


BUILT = [
    ("IN_PROGRESS", "SYNCED", "PENDING"),
    ("IN_PROGRESS", "SYNCED", "BUILDING"),
    ("DEPLOYED", "SYNCED", "DEPLOYED"),
]
PUSHED = [
    ("IN_PROGRESS", "PENDING", "PENDING"),
    ("IN_PROGRESS", "SYNCING", "PENDING"),
    ("IN_PROGRESS", "SYNCED", "PENDING"),
    ("IN_PROGRESS", "SYNCED", "BUILDING"),
    ("DEPLOYED", "SYNCED", "SKIPPED"),
]


async def test_a_deployment_is_followed_live_to_its_end_by_everybody(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    flying: Deployment,
) -> None:
    identity = encode_id("Deployment", flying.id)
    async with (
        following(idle_server, PROGRESS, id=identity) as first,
        following(idle_server, PROGRESS, id=identity) as second,
    ):
        await settle(installation, flying)
        events = await first
        assert await second == events
    assert steps(events) == BUILT
    assert {event["deployment"]["id"] for event in events} == {identity}
    assert events[0]["actor"]["name"] == "owner"
    assert await collect(idle_server, PROGRESS, id=identity) == events


@pytest.mark.parametrize("seen", [1, 2, 3])
async def test_a_follower_goes_on_after_its_cursor_on_a_new_socket(
    idle_server: RunningServer,
    installation: Installation,
    seen: int,
    flying: Deployment,
) -> None:
    identity = encode_id("Deployment", flying.id)
    async with following(idle_server, PROGRESS, id=identity, enough=seen) as reading:
        await settle(installation, flying)
        before = await reading
    after = await collect(idle_server, PROGRESS, id=identity, after=before[-1]["cursor"])
    assert steps(before + after) == BUILT


async def test_a_push_tells_both_of_its_steps(
    idle_server: RunningServer, installation: Installation, dev: Environment
) -> None:
    (pushed,) = await deployments_of(installation, dev)
    events = await collect(idle_server, PROGRESS, id=encode_id("Deployment", pushed.id))
    assert steps(events) == PUSHED


async def test_a_cancelled_deployment_ends_its_followers_and_says_who(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
) -> None:
    flying = await promoted(installation, owner, source=dev, target=staging)
    identity = encode_id("Deployment", flying.id)
    async with following(idle_server, PROGRESS, id=identity) as reading:
        async with installation.database.transaction() as session:
            request = Cancellation(deployment_id=flying.id)
            await cancel_deployment(session, principal=owner, request=request)
        events = await reading
    assert steps(events)[-1] == ("FAILED", "SYNCED", "FAILED")
    assert events[-1]["actor"]["name"] == "owner"


async def test_an_app_is_followed_from_now_on_or_from_a_cursor(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    identity = encode_id("App", app.id)
    async with following(idle_server, APP_EVENTS, app=identity, enough=3) as reading:
        for name in ("first", "second", "third"):
            await make_environment(installation, owner, app, name)
        events = await reading
    assert [event["environment"]["name"] for event in events] == ["first", "second", "third"]
    assert {event["kind"] for event in events} == {"ENVIRONMENT_CREATED"}
    rest = await collect(idle_server, APP_EVENTS, app=identity, after=events[0]["cursor"], enough=2)
    assert rest == events[1:]


async def test_an_app_tells_everything_that_happens_to_it(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
) -> None:
    await promoted_and_settled(installation, owner, source=dev, target=staging)
    events = await collect(
        idle_server,
        APP_EVENTS,
        app=encode_id("App", app.id),
        after=encode_event(app.id, 0),
        enough=11,
    )
    assert [
        (event["kind"], event["environment"] and event["environment"]["name"]) for event in events
    ] == [
        ("APP_CREATED", "dev"),
        ("REPOSITORY_LINKED", None),
        *[("DEPLOYMENT_STARTED", "dev"), *[("DEPLOYMENT_PROGRESSED", "dev")] * 3],
        ("DEPLOYMENT_SETTLED", "dev"),
        ("ENVIRONMENT_CREATED", "staging"),
        ("DEPLOYMENT_STARTED", "staging"),
        ("DEPLOYMENT_PROGRESSED", "staging"),
        ("DEPLOYMENT_SETTLED", "staging"),
    ]


async def test_one_cursor_space_joins_both_streams_of_an_app(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
) -> None:
    deployment = await promoted_and_settled(installation, owner, source=dev, target=staging)
    progress = await collect(idle_server, PROGRESS, id=encode_id("Deployment", deployment.id))
    events = await collect(
        idle_server,
        APP_EVENTS,
        app=encode_id("App", app.id),
        after=progress[0]["cursor"],
        enough=2,
    )
    assert [event["cursor"] for event in events] == [event["cursor"] for event in progress[1:]]


def lines_of(chunks: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(line["number"], line["text"]) for chunk in chunks for line in chunk["lines"]]


@pytest.mark.parametrize("files", [WITH_HANDLER, BROKEN_HANDLER], ids=["built", "failed"])
async def test_a_build_log_is_whole_numbered_and_ends_with_the_build(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    repository: Repository,
    dev: Environment,
    staging: Environment,
    files: dict[str, bytes | None],
) -> None:
    repository.commit(files)
    flying = await promoted(installation, owner, source=dev, target=staging)
    identity = encode_id("Deployment", flying.id)
    async with following(idle_server, BUILD_LOG, id=identity) as reading:
        await settle(installation, flying)
        live = lines_of(await reading)
    assert [number for number, _ in live] == list(range(1, len(live) + 1))
    assert live[0][1].startswith("build cache: MISS")
    assert len(live) > 1
    assert lines_of(await collect(idle_server, BUILD_LOG, id=identity)) == live
    for number in (1, len(live) - 1, len(live)):
        cursor = encode_line(flying.id, number)
        rest = await collect(idle_server, BUILD_LOG, id=identity, after=cursor)
        assert lines_of(rest) == live[number:]


JUNK_CURSORS = ["", "junk", "é", "\0", "=" * 2000, "W10", "bnVsbA", "WyJldmVudCJd", "🦄"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (APP_EVENTS, {"app": "app:triage"}),
        (PROGRESS, {"id": "deployment:settled"}),
        (BUILD_LOG, {"id": "deployment:settled"}),
    ],
    ids=["appEvents", "deploymentProgress", "buildLog"],
)
async def test_a_cursor_of_elsewhere_is_refused(
    world: World, query: str, variables: dict[str, str]
) -> None:
    foreign = await world.server.data('{ app(name: "lost") { eventCursor } }')
    own = await world.server.data(
        '{ app(name: "triage") { eventCursor environments { pageInfo { endCursor } } } }'
    )
    ahead = [encode_event(world.triage_id, 10_000), encode_event(world.triage_id, -1)]
    cursors = [
        *JUNK_CURSORS,
        *ahead,
        foreign["app"]["eventCursor"],
        own["app"]["environments"]["pageInfo"]["endCursor"],
        *([own["app"]["eventCursor"]] if query is BUILD_LOG else []),
    ]
    given = {name: world.resolve(value) for name, value in variables.items()}
    for cursor in cursors:
        assert await refusal(world, query, **given, after=cursor) == "INVALID_CURSOR", cursor


@pytest.mark.parametrize("wrong", ["", "junk", "é", "a\0b", "app:triage", "deployment:settled"])
@pytest.mark.parametrize(
    ("query", "argument"),
    [(APP_EVENTS, "app"), (PROGRESS, "id"), (BUILD_LOG, "id")],
    ids=["appEvents", "deploymentProgress", "buildLog"],
)
async def test_what_cannot_be_followed_is_not_found(
    world: World, query: str, argument: str, wrong: str
) -> None:
    if wrong.startswith("app" if query is APP_EVENTS else "deployment"):
        wrong = "environment:triage/dev"
    assert await refusal(world, query, **{argument: world.resolve(wrong)}) == "NOT_FOUND"


async def refusal(world: World, query: str, **variables: str) -> str:
    with fail_after(60):
        async with world.server.socket() as socket:
            with pytest.raises(OperationFailed) as failed:
                await anext(socket.run(query, **variables))
    (error,) = failed.value.errors
    return error["extensions"]["code"]
