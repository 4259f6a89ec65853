"""The rules of HTTP, kept alike by every operation."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from pinmark.rest import OPERATIONS
from pinmark.rest.operations import Operation
from tests.support.reading import error_of
from tests.support.repositories import Repository
from tests.support.rest import RestApp, rest_app
from tests.support.servers import RunningServer

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
WITH_A_BODY = [each for each in OPERATIONS if each.body is not None]
KNOWN = [each for each in OPERATIONS if not each.is_public]
SCOPED = [each for each in OPERATIONS if each.scoped]


def name(operation: Operation) -> str:
    return operation.name


def path_of(operation: Operation) -> str:
    """Its path, about something that is not there."""
    path = operation.path.removeprefix("/v1")
    for part in ("environment_id", "deployment_id", "app_id", "api_key_id", "variable_id"):
        path = path.replace(f"{{{part}}}", str(uuid4()))
    return path.replace("{name}", "TOKEN").replace("{path}", "agentmark.json")


@pytest.fixture
async def app(server: RunningServer, repository: Repository) -> RestApp:
    return await rest_app(server, repository.path)


@pytest.fixture
def bare(place: Any) -> RestApp:
    """What asks the standing server, about the app that serves different content."""
    return RestApp(place.server, str(place.app.id), place.server.token)


@pytest.mark.parametrize("path", sorted({each.path for each in OPERATIONS}))
async def test_every_path_takes_its_own_methods_and_says_which(bare: RestApp, path: str) -> None:
    here = [each for each in OPERATIONS if each.path == path]
    taken = {each.method for each in here}
    if "GET" in taken:
        taken.add("HEAD")
    told = await bare.ask("OPTIONS", path_of(here[0]))
    assert told.status_code == 204
    assert set(told.headers["allow"].split(", ")) == taken | {"OPTIONS"}
    for method in set(METHODS) - taken:
        refused = await bare.ask(method, path_of(here[0]))
        assert refused.status_code == 405
        assert refused.headers["allow"] == told.headers["allow"]


@pytest.mark.parametrize("operation", KNOWN, ids=name)
async def test_a_stranger_is_turned_away_before_anything_else(
    bare: RestApp, operation: Operation
) -> None:
    path = f"/v1{path_of(operation)}"
    nobody = await bare.client.client.request(operation.method, path)
    assert error_of(nobody) == (401, "missing_auth_header")
    junk = await bare.ask(operation.method, path_of(operation), Authorization="Bearer junk")
    assert error_of(junk) == (401, "invalid_api_key")
    assert junk.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", SCOPED, ids=name)
async def test_a_member_names_the_app_and_one_that_is_not_theirs_is_not_there(
    bare: RestApp, operation: Operation
) -> None:
    given = body_for(operation)
    query = query_for(operation)
    path = f"{path_of(operation)}{query}"
    token = {"Authorization": f"Bearer {bare.token}"}
    without = await bare.client.client.request(
        operation.method, f"/v1{path}", json=given, headers=token
    )
    assert error_of(without) == (401, "missing_app_id")
    for app in (str(uuid4()), "junk"):
        foreign = await bare.ask(operation.method, path, given, X_Agentmark_App_Id=app)
        assert error_of(foreign) == (404, "not_found")


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=name)
async def test_a_body_is_an_object_of_json_that_is_not_too_large(
    bare: RestApp, operation: Operation
) -> None:
    path = f"/v1{path_of(operation)}"
    headers = {"Authorization": bare.token, "X-Pinmark-App-Id": bare.id}
    if operation.of_environment:
        headers["X-Pinmark-Environment-Id"] = str(uuid4())

    async def send(content: bytes, media_type: str = "application/json") -> httpx2.Response:
        return await bare.client.client.request(
            operation.method,
            path,
            content=content,
            headers={**headers, "Content-Type": media_type},
        )

    form = await send(b"a=b", "application/x-www-form-urlencoded")
    assert error_of(form) == (415, "unsupported_media_type")
    assert form.headers["accept"] == "application/json"
    assert error_of(await send(b" " * (1024 * 1024 + 1))) == (413, "payload_too_large")
    for wrong in (b"", b"{", b"[]", b"null", b'"text"', b"{}\0", b"\xff"):
        assert error_of(await send(wrong)) == (400, "invalid_request_body"), wrong


@pytest.mark.parametrize("operation", [each for each in SCOPED if each.body], ids=name)
async def test_nul_bytes_are_refused_wherever_they_are(bare: RestApp, operation: Operation) -> None:
    fields = body_for(operation)
    assert fields is not None
    texts = [name for name, value in fields.items() if isinstance(value, str) and "_id" not in name]
    for field in texts:
        refused = await bare.ask(operation.method, path_of(operation), fields | {field: "a\0"})
        assert error_of(refused) == (400, "invalid_request_body")
        assert list(refused.json()["error"]["details"]) == [field]


async def test_all_that_is_wrong_with_a_body_is_told_by_its_path(bare: RestApp) -> None:
    body = {"permissions": ["template.read", 3], "expires_at": "soon", "nme": "CI"}
    refused = await bare.ask("POST", "/api-keys", body)
    assert error_of(refused) == (400, "invalid_request_body")
    assert sorted(refused.json()["error"]["details"]) == [
        "expires_at",
        "name",
        "nme",
        "permissions.1",
    ]


async def test_an_id_that_is_none_is_told_so(bare: RestApp) -> None:
    for junk in ("1", "None", uuid4().hex, f"{{{uuid4()}}}", f"{uuid4()}x"):
        refused = await bare.ask("GET", f"/environments/{junk}")
        assert error_of(refused) == (400, "invalid_path_params")
        assert list(refused.json()["error"]["details"]) == ["environment_id"]


async def test_a_page_has_its_bounds(bare: RestApp) -> None:
    whole = (await bare.ask("GET", "/environments")).json()
    assert whole["pagination"] == {"total": len(whole["data"]), "limit": 50, "offset": 0}
    part = (await bare.ask("GET", "/environments?limit=1&offset=1")).json()
    assert part["data"] == whole["data"][1:2]
    assert part["pagination"] == {"total": len(whole["data"]), "limit": 1, "offset": 1}
    assert (await bare.ask("GET", "/environments?limit=1000")).status_code == 200
    for wrong in ("limit=0", "limit=1001", "limit=x", "offset=-1", "limit=1&limit=2", "limit=1.0"):
        refused = await bare.ask("GET", f"/environments?{wrong}")
        assert error_of(refused) == (400, "invalid_query_params"), wrong


async def test_who_takes_no_json_is_told_before_anything_is_done(bare: RestApp) -> None:
    refused = await bare.ask("POST", "/environments", {"name": "never"}, Accept="text/html")
    assert error_of(refused) == (406, "not_acceptable")
    names = [each["name"] for each in await bare.data("GET", "/environments")]
    assert "never" not in names


async def test_what_is_made_says_where_it_is_and_a_repeated_request_makes_nothing(
    app: RestApp,
) -> None:
    asked = ("POST", "/environments", {"name": "staging"})
    first = await app.ask(*asked, Idempotency_Key="k-1")
    again = await app.ask(*asked, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    made = first.json()["data"]
    assert first.headers["location"] == again.headers["location"]
    assert (
        await app.client.client.get(
            first.headers["location"],
            headers={"Authorization": app.token, "X-Pinmark-App-Id": app.id},
        )
    ).json()["data"]["id"] == made["id"]
    other = await app.ask("POST", "/environments", {"name": "prod"}, Idempotency_Key="k-1")
    assert error_of(other) == (409, "idempotency_conflict")
    for wrong in ("", "k" * 201):
        refused = await app.ask("POST", "/environments", {"name": "prod"}, Idempotency_Key=wrong)
        assert error_of(refused) == (400, "invalid_request_body")
        assert list(refused.json()["error"]["details"]) == ["Idempotency-Key"]
    assert made["api_key_creation_url"].endswith("/triage/settings/api-keys?env=staging")
    assert await app.data("GET", "/api-keys") == []


async def test_an_environment_is_changed_as_it_was_looked_at_or_not_at_all(app: RestApp) -> None:
    dev, made = await app.environment("dev"), await app.make("staging")
    path = f"/environments/{made['id']}"
    seen = (await app.ask("GET", path)).headers["etag"]
    body = {"source_environment_id": dev["id"]}
    weak = await app.ask("POST", f"{path}/promote", body, If_Match=f"W/{seen}")
    assert error_of(weak) == (412, "precondition_failed")
    accepted = await app.ask("POST", f"{path}/promote", body, If_Match=f'"other", {seen}')
    assert accepted.status_code == 202
    deployment_id = accepted.json()["data"]["deployment_id"]
    assert accepted.headers["location"] == f"/v1/deployments/{deployment_id}"
    assert int(accepted.headers["retry-after"]) >= 1
    await app.ended(deployment_id)

    version = {"target_version": 1}
    name = {"confirmation_name": "staging"}
    for method, act, sent in (
        ("POST", "/promote", body),
        ("POST", "/rollback", version),
        ("POST", "/redeploy", None),
        ("DELETE", "", name),
    ):
        stale = await app.ask(method, f"{path}{act}", sent, If_Match=seen)
        assert error_of(stale) == (412, "precondition_failed"), act
    now = (await app.ask("GET", path)).headers["etag"]
    assert now != seen
    assert (await app.ask("POST", f"{path}/promote", body, If_Match="*")).status_code == 202
    stale = await app.ask("DELETE", path, name, If_Match=now)
    assert error_of(stale) == (412, "precondition_failed")


async def test_a_busy_environment_says_which_deployment_is_in_the_way(
    bare: RestApp,
) -> None:
    dev, made = await bare.environment("dev"), await bare.make("in-flight")
    path = f"/environments/{made['id']}"
    body = {"source_environment_id": dev["id"]}
    first = await bare.data("POST", f"{path}/promote", body)
    for method, act, sent in (
        ("POST", "/promote", body),
        ("POST", "/rollback", {"target_version": 1}),
        ("DELETE", "", {"confirmation_name": "in-flight"}),
    ):
        refused = await bare.ask(method, f"{path}{act}", sent)
        assert error_of(refused) == (409, "promotion_in_flight")
        assert refused.json()["error"]["deployment_id"] == first["deployment_id"]
    running = await bare.data("GET", "/deployments?status=running")
    assert first["deployment_id"] in [each["id"] for each in running]
    ended = await bare.data("POST", f"/deployments/{first['deployment_id']}/cancel")
    assert (ended["deployment_status"], ended["failure_class"]) == ("failure", "cancelled")
    late = await bare.ask("POST", f"/deployments/{first['deployment_id']}/cancel")
    assert error_of(late) == (409, "already_settled")
    gone = await bare.data("DELETE", path, {"confirmation_name": "in-flight"})
    assert gone["cascade"]["deployments_deleted"] == 0
    assert error_of(await bare.ask("GET", path)) == (404, "not_found")
    assert len(await bare.data("GET", f"{path}/deployments")) == 1


def body_for(operation: Operation) -> dict[str, Any] | None:
    """A body as the description's example has it."""
    if operation.body is None:
        return None
    extra: Any = operation.body.model_config.get("json_schema_extra")
    return extra["examples"][0]


def query_for(operation: Operation) -> str:
    """What the query cannot be without."""
    needed = {
        "source_environment_id": str(uuid4()),
        "path": "agentmark.json",
        "time": "2026-01-01T00:00:00Z",
    }
    fields = operation.query.model_fields if operation.query is not None else {}
    given = [f"{name}={needed[name]}" for name, field in fields.items() if field.is_required()]
    return f"?{'&'.join(given)}" if given else ""
