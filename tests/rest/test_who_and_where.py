"""Who may read, from which environment, and by which method: refused alike on every path."""

from uuid import uuid4

import pytest

from services.principals import Permission
from tests.support.permissions import forbid
from tests.support.reading import ReadingPlace, error_of

TEMPLATES = (
    "/v1/templates",
    "/v1/templates?path=triage.prompt.mdx",
    "/v1/config",
    "/v1/content/agentmark/triage.prompt.mdx",
    "/v1/content/agentmark/schemas/ticket.json",
    "/v1/content/agentmark.json",
    "/v1/content/agentmark/absent.mdx",
    "/v1/content/nothing",
)
DATASETS = (
    "/v1/datasets",
    "/v1/datasets?path=tickets.jsonl",
    "/v1/templates?path=tickets.jsonl",
    "/v1/content/agentmark/tickets.jsonl",
    "/v1/content/agentmark/absent.jsonl",
)
ALL = (*TEMPLATES, *DATASETS)


@pytest.mark.parametrize("path", [*ALL, "/v1/templates?path=/&limit=x"])
async def test_a_stranger_learns_nothing(place: ReadingPlace, path: str) -> None:
    client, where = place.server.client, str(place.environments["staging"].id)
    bare = await client.get(path, headers={"X-Pinmark-Environment-Id": where})
    assert error_of(bare) == (401, "missing_auth_header")
    assert bare.headers["www-authenticate"] == "Bearer"
    for wrong in ("Bearer x", "x", "Basic eDp4"):
        assert error_of(await place.get(path, Authorization=wrong)) == (401, "invalid_api_key")


@pytest.mark.parametrize("path", ALL)
async def test_the_environment_is_named_and_serves_something(
    place: ReadingPlace, path: str
) -> None:
    assert error_of(await place.get(path, of="empty")) == (404, "environment_not_pinned")
    assert error_of(await place.get(path, of="bare")) == (404, "content_not_synced")
    gone = await place.get(path, of="gone")
    unknown = await place.get(path, X_Pinmark_Environment_Id=str(uuid4()))
    junk = await place.get(path, X_Pinmark_Environment_Id="staging")
    for response in (gone, unknown, junk):
        assert error_of(response) == (404, "not_found")
        assert response.json() == unknown.json()
        assert "pinmark-version" not in response.headers
    token = {"Authorization": place.server.token}
    nowhere = await place.server.client.get(path, headers=token)
    assert error_of(nowhere) == (400, "missing_environment_id")


async def test_a_key_is_taken_without_bearer_too(place: ReadingPlace) -> None:
    for path in ALL:
        with_bearer = await place.get(path)
        bare = await place.get(path, Authorization=place.server.token)
        assert (bare.status_code, bare.content) == (with_bearer.status_code, with_bearer.content)


@pytest.mark.parametrize(
    ("permission", "needing", "others"),
    [
        (Permission.TEMPLATE_READ, TEMPLATES, DATASETS),
        (Permission.DATASET_READ, DATASETS, TEMPLATES),
    ],
)
async def test_each_kind_of_content_needs_its_own_permission(
    place: ReadingPlace,
    monkeypatch: pytest.MonkeyPatch,
    permission: Permission,
    needing: tuple[str, ...],
    others: tuple[str, ...],
) -> None:
    before = {path: (await place.get(path)).content for path in others}
    forbid(place.server, monkeypatch, permission)
    for path in needing:
        response = await place.get(path)
        assert error_of(response) == (403, "forbidden"), path
        assert permission.value in response.json()["error"]["message"]
    for path in others:
        assert (await place.get(path)).status_code in {200, 404}
        if "absent" not in path and "nothing" not in path:
            assert (await place.get(path)).content == before[path]

    forbid(place.server, monkeypatch, permission, Permission.ENVIRONMENT_READ)
    absent = await place.get("/v1/config", X_Pinmark_Environment_Id=str(uuid4()))
    for path in needing:
        response = await place.get(path)
        assert (response.status_code, response.json()) == (404, absent.json()), path


async def test_what_is_suggested_is_what_may_be_read(
    place: ReadingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = "/v1/content/agentmark/support/rows.json"
    dataset, prompt = "agentmark/support/rows.jsonl", "agentmark/support/plan.prompt.mdx"

    async def hints() -> list[str]:
        return (await place.get(near)).json()["error"]["suggestions"]

    assert await hints() == [dataset, prompt]
    forbid(place.server, monkeypatch, Permission.DATASET_READ)
    assert await hints() == [prompt]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/templates", "GET, HEAD, OPTIONS"),
        ("/v1/datasets", "GET, HEAD, OPTIONS"),
        ("/v1/config", "GET, HEAD, OPTIONS"),
        ("/v1/content/agentmark.json", "GET, HEAD, OPTIONS"),
        ("/v1/execute", "POST, OPTIONS"),
        ("/v1/environments", "GET, HEAD, POST, OPTIONS"),
        ("/v1/environments/none", "GET, HEAD, DELETE, OPTIONS"),
    ],
)
async def test_another_method_is_told_which_there_are(
    place: ReadingPlace, path: str, allowed: str
) -> None:
    for method in {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"} - set(allowed.split(", ")):
        response = await place.get(path, method=method)
        assert error_of(response) == (405, "method_not_allowed")
        assert response.headers["allow"] == allowed
        assert response.headers["x-request-id"]
    told = await place.get(path, method="OPTIONS")
    assert (told.status_code, told.content, told.headers["allow"]) == (204, b"", allowed)


async def test_a_path_that_is_not_there_is_told_in_the_same_shape(place: ReadingPlace) -> None:
    for path in ("/v1/", "/v1/nothing", "/v1/templates/", "/v1/execute/x"):
        for method in ("GET", "POST", "DELETE"):
            assert error_of(await place.get(path, method=method)) == (404, "not_found")


async def test_every_list_and_page_answers_to_head(place: ReadingPlace) -> None:
    for path in ALL:
        whole, head = await place.get(path), await place.get(path, method="HEAD")
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["content-length"] == whole.headers["content-length"]


async def test_a_bug_is_masked_and_named_by_the_request(
    place: ReadingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("pinmark.rest.reading.find_served", broken)
    response = await place.get("/v1/config")
    assert error_of(response) == (500, "internal_error")
    assert "secret" not in response.text
    assert response.json()["error"]["request_id"] == response.headers["x-request-id"]
