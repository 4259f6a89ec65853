"""What the key of one environment reaches of another: nothing, by any route.

A real server process with ``staging`` and ``prod`` at different versions, each with content,
variables and a handler of its own; a client with a full key of ``prod`` tries for ``staging``.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
import pytest

from tests.support.graphql_ws import OperationFailed
from tests.support.processes import ServerProcess, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT

STAGING_WORDS = "words-of-staging"
STAGING_VALUE = "value-of-staging"
HANDLER = b"""
import os

def handler(event):
    if event["type"] == "shout":
        print("said-in-" + os.environ["PINMARK_ENVIRONMENT"], flush=True)
    return {"environment": os.environ["PINMARK_ENVIRONMENT"], "word": os.environ.get("WORD")}
"""


def content(word: str) -> dict[str, bytes | None]:
    prompt = f"---\nname: triage\ntext_config:\n  model_name: m\n---\n<System>{word}</System>\n"
    row = orjson.dumps({"input": {"word": word}, "expected_output": word})
    return {
        "handler.py": HANDLER,
        "agentmark/triage.prompt.mdx": prompt.encode(),
        "agentmark/rows.jsonl": row + b"\n",
        "agentmark/tone.mdx": word.encode(),
    }


@dataclass(frozen=True)
class Place:
    server: ServerProcess
    app: AppInUse
    staging_id: str
    """As the REST API has it."""
    key: str
    """Of prod, with everything that a key can hold."""

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.server.client.get(
            path, headers={"Authorization": f"Bearer {self.key}", **named}
        )

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return await self.server.graphql(query, token=self.key, **variables)


async def mutate(client: ServerProcess, mutation: str, selection: str, **input: Any) -> Any:
    name = mutation[0].upper() + mutation[1:]
    query = (
        f"mutation ($input: {name}Input!)"
        f" {{ {mutation}(input: $input) {{ __typename {selection} }} }}"
    )
    answer = (await client.data(query, input=input))[mutation]
    assert answer["__typename"] == f"{name}Success", answer
    return answer


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Place]:
    with open_site(tmp_path_factory.mktemp("isolation")) as site:
        repository = make_repository(site.repositories / "app.git")
        repository.commit({**FIRST_COMMIT, **content("words-of-prod")})
        async with site.serving() as server:
            app = await make_app(server, repository.path, environments=("staging", "prod"))
            for name in ("staging", "prod"):
                await mutate(
                    server,
                    "setEnvironmentVariable",
                    "",
                    environmentId=app.environments[name],
                    name="WORD",
                    value=f"value-of-{name}",
                    phase="RUNTIME",
                )
            await release(server, app, "prod")
            repository.commit(content(STAGING_WORDS))
            await release(server, app, "staging")
            made = await mutate(
                server,
                "createApiKey",
                "... on CreateApiKeySuccess { plaintext }",
                environmentId=app.environments["prod"],
                name="client",
                preset="FULL_ACCESS",
            )
            query = "query ($id: ID!) { node(id: $id) { ... on Environment { databaseId } } }"
            found = await server.data(query, id=app.environments["staging"])
            yield Place(server, app, found["node"]["databaseId"], made["plaintext"])


async def release(server: ServerProcess, app: AppInUse, target: str) -> None:
    accepted = await promote(
        server, source=app.environments["dev"], target=app.environments[target]
    )
    assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"


def tells_nothing(answer: object) -> bool:
    text = str(answer)
    return STAGING_WORDS not in text and STAGING_VALUE not in text


async def test_the_key_reads_its_own_environment_and_runs_its_handler(place: Place) -> None:
    for path in (
        "/v1/templates?path=triage.prompt.mdx",
        "/v1/datasets?path=rows.jsonl",
        "/v1/content/agentmark/tone.mdx",
    ):
        response = await place.get(path)
        assert response.status_code == 200, response.text
        assert "words-of-prod" in response.text
        assert response.headers["pinmark-environment"] == "prod"
    response = await place.server.client.post(
        "/v1/execute",
        json={"type": "prompt-run", "data": {}},
        headers={"Authorization": place.key},  # bare, as SDKs send it
    )
    assert response.json() == {"environment": "prod", "word": "value-of-prod"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/templates",
        "/v1/templates?path=triage.prompt.mdx",
        "/v1/templates?path=rows.jsonl",
        "/v1/datasets",
        "/v1/datasets?path=rows.jsonl",
        "/v1/config",
        "/v1/content/agentmark/tone.mdx",
        "/v1/content/agentmark/rows.jsonl",
        "/v1/content/agentmark/absent.mdx",
    ],
)
async def test_no_rest_route_reads_another_environment(place: Place, path: str) -> None:
    response = await place.get(path, X_Pinmark_Environment_Id=place.staging_id)
    assert response.status_code == 403
    assert tells_nothing(response.text)


async def test_the_handler_of_another_environment_does_not_run(place: Place) -> None:
    response = await place.server.client.post(
        "/v1/execute",
        json={"type": "prompt-run", "data": {}},
        headers={
            "Authorization": f"Bearer {place.key}",
            "X-Pinmark-Environment-Id": place.staging_id,
        },
    )
    assert response.status_code == 403
    assert tells_nothing(response.text)


@pytest.mark.parametrize(
    "selection",
    [
        "files { nodes { path content } }",
        'file(path: "agentmark/tone.mdx") { path content }',
        'file(path: "agentmark/rows.jsonl") { path content rowCount }',
        "variables { nodes { id name } }",
    ],
)
async def test_no_field_tells_another_environments_data(place: Place, selection: str) -> None:
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Environment {{ name {selection} }} }} }}"
    own = await place.ask(query, id=place.app.environments["prod"])
    assert "errors" not in own
    answer = await place.ask(query, id=place.app.environments["staging"])
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["PERMISSION_DENIED"]
    assert tells_nothing(answer)


async def test_no_comparison_tells_lines_of_another_environment(place: Place) -> None:
    query = """
        query ($source: ID!, $target: ID!, $path: String!) {
          comparison(sourceId: $source, targetId: $target) {
            fileDiff(path: $path) { hunks { lines { text } } }
          }
        }
    """
    environments = place.app.environments
    for source, target in (("staging", "prod"), ("prod", "staging")):
        for path in ("agentmark/tone.mdx", "agentmark/rows.jsonl", "handler.py"):
            answer = await place.ask(
                query, source=environments[source], target=environments[target], path=path
            )
            assert answer["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
            assert tells_nothing(answer)


async def test_variables_of_another_environment_are_neither_told_nor_changed(
    place: Place,
) -> None:
    listed = await place.server.data(
        "query ($id: ID!) { node(id: $id) { ... on Environment { variables { nodes { id } } } } }",
        id=place.app.environments["staging"],
    )
    (variable,) = listed["node"]["variables"]["nodes"]
    for mutation, input in (
        ("revealEnvironmentVariable", {"variableId": variable["id"]}),
        ("deleteEnvironmentVariable", {"variableId": variable["id"]}),
        (
            "setEnvironmentVariable",
            {"environmentId": place.app.environments["staging"], "name": "WORD", "value": "x"},
        ),
    ):
        name = mutation[0].upper() + mutation[1:]
        query = (
            f"mutation ($input: {name}Input!) {{ {mutation}(input: $input)"
            " { __typename ... on UserError { message } } }"
        )
        answer = (await place.ask(query, input=input))["data"][mutation]
        assert answer["__typename"] in {"NotFoundError", "PermissionDeniedError"}
        assert tells_nothing(answer)
    node = await place.ask("query ($id: ID!) { node(id: $id) { id } }", id=variable["id"])
    assert node["data"] == {"node": None}


async def test_what_another_environments_runtime_says_is_not_followed(place: Place) -> None:
    query = "subscription ($id: ID!) { runtimeLog(environmentId: $id) { lines { text } } }"
    async with place.server.socket(token=place.key) as socket:
        with pytest.raises(OperationFailed) as refused:
            await anext(socket.run(query, id=place.app.environments["staging"]))
    assert refused.value.errors[0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_key_makes_no_key_of_another_environment(place: Place) -> None:
    query = """
        mutation ($id: ID!) {
          createApiKey(input: { environmentId: $id, name: "mine", preset: SDK }) { __typename }
        }
    """
    own = await place.ask(query, id=place.app.environments["prod"])
    assert own["data"]["createApiKey"]["__typename"] == "CreateApiKeySuccess"
    other = await place.ask(query, id=place.app.environments["staging"])
    assert other["data"]["createApiKey"]["__typename"] == "PermissionDeniedError"
