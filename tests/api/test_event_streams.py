"""graphql-sse by the book: one operation a request, each answer an event, an id to go on from."""

from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from anyio import fail_after, sleep

from models import utc_now
from pinmark import graphql_sse
from services.doorbell import CREDENTIALS
from services.principals import Permission
from tests.support.asked_keys import ask_for_key
from tests.support.event_streams import StreamEvent, all_events, events_of, open_stream
from tests.support.mutations import mutate
from tests.support.permissions import forbid
from tests.support.subscriptions import APP_EVENTS, PROGRESS
from tests.support.worlds import World

HANG_GUARD = 30
VIEWER = "{ viewer { name } }"
WITHOUT_CURSORS = "subscription ($id: ID!) { deploymentProgress(id: $id) { status } }"
READS_APPS = ["environment.read", "app.read"]


def code_of(event: StreamEvent) -> str:
    assert event.kind == "next"
    return event.data["errors"][0]["extensions"]["code"]


async def progress(world: World, **given: Any) -> list[StreamEvent]:
    return await all_events(world.server, PROGRESS, id=world.deployments["settled"], **given)


async def test_a_settled_deployment_is_told_whole_and_completed(world: World) -> None:
    *told, last = await progress(world)

    assert last == StreamEvent("complete")
    statuses = [event.data["data"]["deploymentProgress"]["status"] for event in told]
    assert statuses[-1] == "DEPLOYED"
    assert set(statuses[:-1]) == {"IN_PROGRESS"}


async def test_each_event_has_its_cursor_as_id(world: World) -> None:
    *told, _ = await progress(world)

    assert [event.id for event in told] == [
        event.data["data"]["deploymentProgress"]["cursor"] for event in told
    ]


async def test_an_event_has_an_id_though_no_cursor_was_asked_for(world: World) -> None:
    *told, _ = await all_events(world.server, WITHOUT_CURSORS, id=world.deployments["settled"])

    assert [event.id for event in told] == [event.id for event in (await progress(world))[:-1]]


async def test_the_last_id_goes_on_behind_it_and_so_does_after(world: World) -> None:
    whole = await progress(world)

    assert await progress(world, last_event_id=whole[0].id) == whole[1:]
    assert await progress(world, after=whole[0].id) == whole[1:]
    assert await progress(world, last_event_id=whole[-2].id) == [StreamEvent("complete")]


async def test_what_was_received_last_goes_before_what_the_operation_began_with(
    world: World,
) -> None:
    whole = await progress(world)

    went_on = await progress(world, after=whole[0].id, last_event_id=whole[1].id)
    assert went_on == whole[2:]


async def test_a_last_id_that_is_no_cursor_is_told_so(world: World) -> None:
    told, last = await progress(world, last_event_id="nonsense")

    assert (code_of(told), last.kind) == ("INVALID_CURSOR", "complete")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_query_is_one_event_and_its_end(world: World, method: str) -> None:
    told, last = await all_events(world.server, VIEWER, method=method)

    assert (told.kind, told.data["data"]) == ("next", {"viewer": {"name": "owner"}})
    assert last == StreamEvent("complete")


@pytest.mark.parametrize("query", ["", "{ viewer", "{ viewer { password } }", "{ a: }"])
async def test_what_cannot_run_is_told_on_the_stream(world: World, query: str) -> None:
    told, last = await all_events(world.server, query)

    assert code_of(told) in {"GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"}
    assert "data" not in told.data
    assert last == StreamEvent("complete")


async def test_get_runs_no_mutation(world: World) -> None:
    query = 'mutation { createApp(input: {name: "by-get"}) { __typename } }'
    told, last = await all_events(world.server, query, method="GET")

    assert (code_of(told), last.kind) == ("BAD_USER_INPUT", "complete")
    assert (await world.server.data('{ app(name: "by-get") { id } }')) == {"app": None}


@pytest.mark.parametrize(
    ("params", "status"),
    [({}, 400), ({"query": VIEWER, "variables": "{"}, 400), ({"query": VIEWER}, 200)],
    ids=str,
)
async def test_get_takes_the_operation_from_the_address(
    world: World, params: dict[str, str], status: int
) -> None:
    headers = {"Authorization": f"Bearer {world.server.token}", "Accept": "text/event-stream"}
    response = await world.server.client.get("/graphql", params=params, headers=headers)
    assert response.status_code == status


async def test_nobody_is_streamed_to_without_a_token(world: World) -> None:
    async with open_stream(world.server, VIEWER, token="wrong") as response:
        assert response.status_code == 401
        assert response.headers["content-type"].startswith("application/json")


async def test_a_stream_passes_proxies_and_is_kept_by_none(world: World) -> None:
    async with open_stream(world.server, VIEWER) as response:
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-accel-buffering"] == "no"
        assert response.headers["x-request-id"]


EVERYTHING_URQL_KNOWS = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)


async def test_a_client_that_lists_all_it_knows_gets_json_for_queries_and_streams_for_streams(
    world: World,
) -> None:
    async with open_stream(world.server, VIEWER, accept=EVERYTHING_URQL_KNOWS) as response:
        assert response.headers["content-type"].startswith("application/graphql-response+json")
    identity = world.deployments["settled"]
    async with open_stream(
        world.server, PROGRESS, accept=EVERYTHING_URQL_KNOWS, id=identity
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/event-stream;q=0, */*"])
async def test_a_subscription_is_refused_to_who_names_no_stream(world: World, accept: str) -> None:
    identity = world.deployments["settled"]
    async with open_stream(world.server, PROGRESS, accept=accept, id=identity) as response:
        answer = await response.aread()
    assert b"text/event-stream" in answer
    assert b"BAD_USER_INPUT" in answer


async def test_an_idle_stream_is_kept_alive(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_sse, "KEEP_ALIVE_SECONDS", 0.02)
    comments = 0
    async with open_stream(world.server, APP_EVENTS, app=world.apps["triage"]) as response:
        with fail_after(HANG_GUARD):
            async for line in response.aiter_lines():
                comments += line == ":"
                if comments == 3:
                    return


async def test_a_revoked_key_ends_its_stream_and_is_told_why(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", permissions=READS_APPS)
    async with open_stream(
        own_world.server, APP_EVENTS, token=made["plaintext"], app=own_world.apps["triage"]
    ) as response:
        await mutate(own_world.server, "revokeApiKey", {"apiKeyId": made["apiKey"]["id"]})
        with fail_after(HANG_GUARD):
            *_, told, last = [event async for event in events_of(response)]
    assert (code_of(told), told.id, last.kind) == ("UNAUTHENTICATED", None, "complete")


async def test_a_key_that_ends_by_itself_takes_its_stream_along(own_world: World) -> None:
    ends = utc_now() + timedelta(seconds=5)
    made = await ask_for_key(
        own_world, "triage/staging", permissions=READS_APPS, expiresAt=ends.isoformat()
    )
    async with open_stream(
        own_world.server, APP_EVENTS, token=made["plaintext"], app=own_world.apps["triage"]
    ) as response:
        with fail_after(HANG_GUARD):
            *_, told, last = [event async for event in events_of(response)]
    assert (code_of(told), last.kind) == ("UNAUTHENTICATED", "complete")
    assert utc_now() >= ends


async def test_who_may_follow_no_more_is_told_so(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stream(own_world.server, APP_EVENTS, app=own_world.apps["triage"]) as response:
        forbid(own_world.server, monkeypatch, Permission.ENVIRONMENT_READ)
        own_world.server.parts.wakeups.hub.ring(CREDENTIALS)
        with fail_after(HANG_GUARD):
            *_, told, last = [event async for event in events_of(response)]
    assert (code_of(told), last.kind) == ("PERMISSION_DENIED", "complete")


async def test_a_client_that_goes_leaves_nothing_behind(own_world: World) -> None:
    hub = own_world.server.parts.wakeups.hub
    before = hub.follower_count
    async with (
        open_stream(own_world.server, APP_EVENTS, app=own_world.apps["triage"]) as response,
        aclosing(response.aiter_bytes()) as body,
    ):
        await anext(body)
        with fail_after(HANG_GUARD):
            while hub.follower_count == before:
                await sleep(0.01)
    with fail_after(HANG_GUARD):
        while hub.follower_count > before:
            await sleep(0.01)
