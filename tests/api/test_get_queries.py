"""A query by GET has a tag, and who shows it is told that nothing has changed."""

from typing import Any

import pytest
from httpx2 import Response

from models import App, Environment
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import make_environment
from tests.support.people import join
from tests.support.servers import RunningServer

NAMES = '{ app(name: "triage") { environments { nodes { name } } } }'
VIEWER = "{ viewer { name sessions { totalCount } } }"
JSON_FORMS = ["application/json", "application/graphql-response+json"]


async def get(
    server: RunningServer, query: str, *, token: str | None = None, **headers: str
) -> Response:
    sent = {"Authorization": f"Bearer {token or server.token}", "Accept": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await server.client.get("/graphql", params={"query": query}, headers=sent)


async def until_unchanged(server: RunningServer, **headers: str) -> Response:
    """A server writes its heartbeats now and then, which makes it another revision."""
    for _ in range(20):
        tag = (await get(server, NAMES, **headers)).headers["etag"]
        again = await get(server, NAMES, If_None_Match=f'"other", {tag}', **headers)
        if again.status_code == 304:
            assert again.headers["etag"] == tag
            return again
    raise AssertionError("it changed each time")


async def test_get_answers_what_post_answers(
    staging: Environment, idle_server: RunningServer
) -> None:
    by_get = await get(idle_server, NAMES)

    assert by_get.status_code == 200
    assert by_get.json() == await idle_server.graphql(NAMES)


async def test_variables_and_the_operations_name_come_in_the_address(
    staging: Environment, idle_server: RunningServer
) -> None:
    response = await idle_server.client.get(
        "/graphql",
        params={
            "query": "query A($app: String!) { app(name: $app) { name } } query B { __typename }",
            "variables": '{"app": "triage"}',
            "operationName": "A",
        },
        headers={"Authorization": f"Bearer {idle_server.token}", "Accept": "application/json"},
    )

    assert response.json()["data"] == {"app": {"name": "triage"}}


async def test_who_has_the_answer_is_told_that_it_is_still_the_one(
    staging: Environment, idle_server: RunningServer
) -> None:
    unchanged = await until_unchanged(idle_server)

    assert unchanged.content == b""
    assert unchanged.headers["cache-control"] == "private, no-cache"
    assert unchanged.headers["vary"] == "Accept, Authorization, Cookie"
    assert unchanged.headers["x-request-id"]


async def test_after_a_write_the_tag_is_another(
    installation: Installation, owner: Principal, app: App, idle_server: RunningServer
) -> None:
    for number in range(5):
        before = await get(idle_server, NAMES)
        await make_environment(installation, owner, app, f"e{number}")

        after = await get(idle_server, NAMES, If_None_Match=before.headers["etag"])

        assert after.status_code == 200
        assert f"e{number}" in after.text


async def test_a_tag_is_nobody_elses(
    installation: Installation, owner: Principal, app: App, idle_server: RunningServer
) -> None:
    person = await join(installation, owner, "ada")
    query = "{ viewer { name } }"
    for _ in range(5):
        owners = await get(idle_server, query)
        adas = await get(
            idle_server, query, token=person.token, If_None_Match=owners.headers["etag"]
        )
        assert (adas.status_code, adas.json()["data"]["viewer"]["name"]) == (200, "ada")


async def test_each_form_has_a_tag_of_its_own(
    staging: Environment, idle_server: RunningServer
) -> None:
    for accept, other in (JSON_FORMS, JSON_FORMS[::-1]):
        tag = (await until_unchanged(idle_server, Accept=accept)).headers["etag"]
        answer = await get(idle_server, NAMES, Accept=other, If_None_Match=tag)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
            200,
            other,
        )


async def test_what_can_change_by_itself_has_no_tag(idle_server: RunningServer) -> None:
    answer = await get(idle_server, VIEWER)

    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_an_answer_with_an_error_has_no_tag(idle_server: RunningServer) -> None:
    answer = await get(idle_server, "{ apps(first: -1) { totalCount } }")

    assert answer.json()["errors"]
    assert "etag" not in answer.headers


async def test_get_changes_nothing(idle_server: RunningServer) -> None:
    mutation = 'mutation { createApp(input: {name: "by-get"}) { __typename } }'
    answer = await get(idle_server, mutation)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert await idle_server.data('{ app(name: "by-get") { id } }') == {"app": None}


async def test_a_subscription_by_get_wants_a_stream(idle_server: RunningServer) -> None:
    query = 'subscription { appEvents(appId: "x") { __typename } }'
    answer: dict[str, Any] = (await get(idle_server, query)).json()

    assert "text/event-stream" in answer["errors"][0]["message"]


async def test_nobody_is_answered_without_a_token(idle_server: RunningServer) -> None:
    answer = await get(idle_server, NAMES, token="wrong")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/avif,image/webp,*/*"]
)
async def test_a_link_or_an_image_runs_nothing(idle_server: RunningServer, accept: str) -> None:
    answer = await get(idle_server, NAMES, Accept=accept)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
