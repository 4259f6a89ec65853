"""Templates: taken apart, listed, and refused in words that help."""

from hashlib import sha256

import pytest

from tests.support.reading import FIRST, OBJECT_PROMPT, SECOND, ReadingPlace, error_of


async def test_a_template_is_answered_with_what_it_says_and_what_served_it(
    place: ReadingPlace,
) -> None:
    response = await place.get("/v1/templates?path=support/plan.prompt.mdx&promptKind=object")

    commit = response.headers["pinmark-commit"]
    data = response.json()["data"]
    assert list(response.json()) == ["data"]
    assert data.pop("sha256") == sha256(OBJECT_PROMPT).hexdigest()
    assert data.pop("size") == len(OBJECT_PROMPT)
    assert data == {
        "path": "support/plan.prompt.mdx",
        "kind": "prompt",
        "prompt_kind": "object",
        "content": OBJECT_PROMPT.decode(),
        "frontmatter": {
            "name": "plan",
            "object_config": {"model_name": "large", "temperature": 0.5},
            "test_settings": {"dataset": "./rows.jsonl", "since": "2024-01-01"},
        },
        "body": "\n<User>Plan it.</User>\n",
        "commit_sha": commit,
        "environment": "staging",
        "version": 1,
    }
    assert response.headers["pinmark-environment"] == "staging"
    assert response.headers["pinmark-version"] == "1"
    assert len(response.headers["x-request-id"]) == 32


async def test_dev_serves_what_was_synced_last_and_a_pin_what_was_promoted(
    place: ReadingPlace,
) -> None:
    path = "/v1/templates?path=triage.prompt.mdx"
    pinned, newest = await place.get(path), await place.get(path, of="dev")
    assert pinned.json()["data"]["content"].encode() == FIRST["agentmark/triage.prompt.mdx"]
    assert newest.json()["data"]["content"].encode() == SECOND["agentmark/triage.prompt.mdx"]
    assert newest.headers["pinmark-version"] == "0"
    assert newest.headers["pinmark-commit"] == place.repository.head
    assert pinned.headers["pinmark-commit"] != place.repository.head


async def test_a_component_may_have_frontmatter_that_is_of_no_use(place: ReadingPlace) -> None:
    odd = await place.data("/v1/templates?path=components/odd.mdx")
    assert (odd["kind"], odd["frontmatter"], odd["body"]) == ("component", None, odd["content"])
    tone = await place.data("/v1/templates?path=components/tone.mdx")
    assert (tone["prompt_kind"], tone["frontmatter"], tone["body"]) == (None, {}, "Be kind.\n")


@pytest.mark.parametrize("kind", ["text", "image", "speech"])
async def test_a_prompt_of_another_kind_than_asked_for_is_not_there(
    place: ReadingPlace, kind: str
) -> None:
    response = await place.get(f"/v1/templates?path=support/plan.prompt.mdx&promptKind={kind}")
    assert error_of(response) == (404, "not_found")
    assert kind in response.json()["error"]["message"]
    component = await place.get(f"/v1/templates?path=components/tone.mdx&promptKind={kind}")
    assert error_of(component) == (404, "not_found")


async def test_without_a_path_templates_are_listed_by_path(place: ReadingPlace) -> None:
    response = await place.get("/v1/templates")
    assert response.json()["pagination"] == {"total": 4, "limit": 50, "offset": 0}
    listed = [(each["path"], each["kind"], each["prompt_kind"]) for each in response.json()["data"]]
    assert listed == [
        ("components/odd.mdx", "component", None),
        ("components/tone.mdx", "component", None),
        ("support/plan.prompt.mdx", "prompt", "object"),
        ("triage.prompt.mdx", "prompt", "text"),
    ]
    page = (await place.get("/v1/templates?limit=1&offset=2")).json()
    assert [each["path"] for each in page["data"]] == ["support/plan.prompt.mdx"]
    assert page["pagination"] == {"total": 4, "limit": 1, "offset": 2}


async def test_the_list_narrows_to_one_kind_of_prompt(place: ReadingPlace) -> None:
    for _ in range(2):  # what was read once is known by its digest
        page = (await place.get("/v1/templates?promptKind=text", of="dev")).json()
        paths = [each["path"] for each in page["data"]]
        assert paths == ["only-in-dev.prompt.mdx", "triage.prompt.mdx"]
        assert page["pagination"]["total"] == 2
    none = (await place.get("/v1/templates?promptKind=speech")).json()
    assert (none["data"], none["pagination"]["total"]) == ([], 0)


async def test_a_path_that_is_close_is_suggested_from_the_same_snapshot_alone(
    place: ReadingPlace,
) -> None:
    async def hints(path: str) -> list[str]:
        response = await place.get(path)
        assert error_of(response) == (404, "not_found")
        assert response.headers["pinmark-version"] == "1"
        return response.json()["error"]["suggestions"]

    assert await hints("/v1/templates?path=suport/plan.prompt.mdx") == ["support/plan.prompt.mdx"]
    assert await hints("/v1/datasets?path=support/row.jsonl") == ["support/rows.jsonl"]
    schema = (await hints("/v1/content/agentmark/shemas/ticket.json"))[0]
    assert schema == "agentmark/schemas/ticket.json"
    assert await hints("/v1/templates?path=only-in-dev.prompt.mdx") == []
    assert await hints("/v1/templates?path=secret-of-another.prompt.mdx") == []
    assert await hints("/v1/templates?path=zzzz.mdx") == []
    message = (await place.get("/v1/templates?path=triage.promt.mdx")).json()["error"]["message"]
    assert message == "No such template. Did you mean triage.prompt.mdx?"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/triage.prompt.mdx",
        "../agentmark.json",
        "a/../triage.prompt.mdx",
        "./triage.prompt.mdx",
        "a//b.mdx",
        "a\\b.mdx",
        "a%00.mdx",
        "a%0a.mdx",
        "triage",
        "schemas/ticket.json",
        "x" * 497 + ".mdx",
    ],
)
async def test_a_path_that_is_none_is_told_so(place: ReadingPlace, path: str) -> None:
    response = await place.get(f"/v1/templates?path={path}")
    assert error_of(response) == (400, "invalid_query_params")
    assert list(response.json()["error"]["details"]) == ["path"]


async def test_all_that_is_wrong_is_told_at_once(place: ReadingPlace) -> None:
    response = await place.get("/v1/templates?promptKind=video&limit=0&offset=-1&path=x")
    assert error_of(response) == (400, "invalid_query_params")
    details = response.json()["error"]["details"]
    assert sorted(details) == ["limit", "offset", "path", "promptKind"]
    for limit in ("1001", "1.5", "", "9" * 5000, "%D9%A1"):
        assert error_of(await place.get(f"/v1/templates?limit={limit}"))[0] == 400


async def test_a_path_of_500_characters_is_looked_for(place: ReadingPlace) -> None:
    response = await place.get(f"/v1/templates?path={'x' * 496}.mdx")
    assert error_of(response) == (404, "not_found")


async def test_the_configuration_is_answered_as_it_is_written(place: ReadingPlace) -> None:
    response = await place.get("/v1/config", of="dev")
    assert response.json() == {
        "data": {
            "version": "2.1.0",
            "agentmarkPath": ".",
            "mcpServers": {"big": 123456789012345678901234567890},
        },
        "commit_sha": place.repository.head,
        "environment": "dev",
        "version": 0,
    }
    pinned = await place.get("/v1/config")
    assert pinned.json()["data"] == {"version": "2.0.0", "agentmarkPath": "."}
    assert pinned.json()["version"] == 1
