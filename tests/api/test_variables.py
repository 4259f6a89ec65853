"""Environment variables over the API: names for all who may look, values for none but who asks."""

import json
from collections.abc import Generator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import strawberry
import structlog
from anyio import fail_after

import models
from models import App, Environment
from schema.ids import encode_id
from schema.variables import SetEnvironmentVariableInput
from services.builder import BuildRequest
from services.principals import Permission
from tests.support.mutations import mutate
from tests.support.permissions import forbid
from tests.support.servers import Data, RunningServer
from tests.support.subscriptions import APP_EVENTS

SECRET = "hunter2-and-the-like"
HANG_SECONDS = 60
VARIABLE = "variable { id name phase createdAt updatedAt updatedBy { name } environment { name } }"
VARIABLES = """
query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Environment {
  variables(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { name phase }
  }
  viewerCanReadVariables viewerCanWriteVariables viewerCanRevealVariables
  deletionPreview { variablesReleased }
} } }
"""


def gid(environment: Environment) -> str:
    return encode_id("Environment", environment.id)


async def put(
    server: RunningServer, environment: Environment, name: str, value: str, **more: str
) -> Data:
    input = {"environmentId": gid(environment), "name": name, "value": value, **more}
    selection = f"... on SetEnvironmentVariableSuccess {{ {VARIABLE} }}"
    answer = await mutate(server, "setEnvironmentVariable", input, more=selection)
    assert answer["__typename"] == "SetEnvironmentVariableSuccess", answer
    return answer["variable"]


async def test_a_variable_is_set_found_revealed_and_deleted(
    idle_server: RunningServer, staging: Environment
) -> None:
    variable = await put(idle_server, staging, "API_KEY", SECRET)
    assert (variable["name"], variable["phase"]) == ("API_KEY", "RUNTIME")
    assert variable["updatedBy"] == {"name": "owner"}
    assert variable["environment"] == {"name": "staging"}
    assert (await put(idle_server, staging, "API_KEY", SECRET)) == variable

    found = "query ($id: ID!) { node(id: $id) { id ... on EnvironmentVariable { name } } }"
    node = (await idle_server.data(found, id=variable["id"]))["node"]
    assert node == {"id": variable["id"], "name": "API_KEY"}
    revealed = await mutate(
        idle_server,
        "revealEnvironmentVariable",
        {"variableId": variable["id"]},
        more="... on RevealEnvironmentVariableSuccess { value variable { name } }",
    )
    assert (revealed["value"], revealed["variable"]) == (SECRET, {"name": "API_KEY"})
    deleted = await mutate(
        idle_server,
        "deleteEnvironmentVariable",
        {"variableId": variable["id"]},
        more="... on DeleteEnvironmentVariableSuccess "
        "{ deletedVariableId environment { variables { totalCount } } }",
    )
    assert deleted["deletedVariableId"] == variable["id"]
    assert deleted["environment"] == {"variables": {"totalCount": 0}}
    assert (await idle_server.data(found, id=variable["id"]))["node"] is None


async def test_variables_are_listed_by_name_a_page_at_a_time(
    idle_server: RunningServer, staging: Environment
) -> None:
    for name, phase in (("C", "BUILD"), ("a", "BOTH"), ("B", "RUNTIME")):
        await put(idle_server, staging, name, SECRET, phase=phase)

    first = (await idle_server.data(VARIABLES, id=gid(staging), first=2))["node"]
    after = first["variables"]["pageInfo"]["endCursor"]
    rest = (await idle_server.data(VARIABLES, id=gid(staging), after=after))["node"]

    assert first["variables"]["totalCount"] == 3
    assert first["variables"]["pageInfo"]["hasNextPage"]
    assert first["variables"]["nodes"] == [
        {"name": "B", "phase": "RUNTIME"},
        {"name": "C", "phase": "BUILD"},
    ]
    assert rest["variables"]["nodes"] == [{"name": "a", "phase": "BOTH"}]
    assert first["deletionPreview"] == {"variablesReleased": 3}
    assert first["viewerCanReadVariables"]
    assert first["viewerCanWriteVariables"]
    assert first["viewerCanRevealVariables"]


async def test_who_may_not_look_is_told_so(
    idle_server: RunningServer, staging: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = await put(idle_server, staging, "API_KEY", SECRET)
    forbid(idle_server, monkeypatch, Permission.VARIABLE_READ)

    answer = await idle_server.graphql(VARIABLES, id=gid(staging))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["PERMISSION_DENIED"]
    node = await idle_server.data("query ($id: ID!) { node(id: $id) { id } }", id=variable["id"])
    assert node == {"node": None}


async def test_a_page_is_told_that_variables_changed(
    idle_server: RunningServer, app: App, staging: Environment
) -> None:
    with fail_after(HANG_SECONDS):
        found = await idle_server.data('{ app(name: "triage") { eventCursor } }')
        await put(idle_server, staging, "API_KEY", SECRET)
        async with idle_server.socket() as socket:
            after = found["app"]["eventCursor"]
            events = socket.run(APP_EVENTS, app=encode_id("App", app.id), after=after)
            event = (await anext(events))["appEvents"]
    assert event["kind"] == "VARIABLES_CHANGED"
    assert event["environment"] == {"name": "staging"}


SET = """
mutation ($input: SetEnvironmentVariableInput!) {
  setEnvironmentVariable(input: $input) { __typename }
}
"""
WHOLE: dict[str, Any] = {"environmentId": "x", "name": "A", "value": SECRET}
WRONG_INPUTS: list[Any] = [
    SECRET,
    [SECRET],
    {"value": SECRET},
    {**WHOLE, "value": [SECRET]},
    {**WHOLE, "value": {"is": SECRET}},
    {**WHOLE, "phase": SECRET},
    {**WHOLE, "phase": [SECRET]},
    {**WHOLE, "name": {"is": SECRET}},
    {**WHOLE, "environmentId": [SECRET]},
    {**WHOLE, "more": 1},
]
WRONG_LITERALS = [
    f'"{SECRET}"',
    f'{{environmentId: "x", value: "{SECRET}"}}',
    f'{{environmentId: "x", name: "A", value: ["{SECRET}"]}}',
    f'{{environmentId: "x", name: "A", value: {{is: "{SECRET}"}}}}',
    f'{{environmentId: "x", name: "A", value: {SECRET.replace("-", "_")}}}',
    f'{{environmentId: "x", name: "A", value: "1", phase: "{SECRET}"}}',
    f'{{environmentId: "x", name: "A", value: "{SECRET}", more: 1}}',
    f'{{environmentId: "x", name: "A", value: "{SECRET}',
]


def test_what_carries_a_value_does_not_show_it() -> None:
    given = SetEnvironmentVariableInput(
        environment_id=strawberry.ID("x"), name="A", value=SECRET, phase=models.VariablePhase.BOTH
    )
    build = BuildRequest(
        source=Path(),
        handler_path="handler.py",
        language="python",
        output=Path(),
        cache=Path(),
        variables={"A": SECRET},
    )
    for one in (given, given.request(), build):
        assert SECRET not in repr(one)


@pytest.fixture
def logs() -> Generator[list[MutableMapping[str, Any]]]:
    with structlog.testing.capture_logs() as logs:
        yield logs


def check_silent(answer: Data, logs: list[MutableMapping[str, Any]]) -> None:
    [error, *_] = answer["errors"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}
    assert error["message"].endswith(".")
    for text in (SECRET, SECRET.replace("-", "_")):
        assert text not in json.dumps(answer)
        assert text not in repr(logs)


@pytest.mark.parametrize("wrong", WRONG_INPUTS, ids=range(len(WRONG_INPUTS)))
async def test_what_does_not_fit_its_type_is_not_repeated(
    idle_server: RunningServer, logs: list[MutableMapping[str, Any]], wrong: Any
) -> None:
    check_silent(await idle_server.graphql(SET, input=wrong), logs)


@pytest.mark.parametrize("wrong", WRONG_LITERALS, ids=range(len(WRONG_LITERALS)))
async def test_what_does_not_fit_in_the_document_is_not_repeated(
    idle_server: RunningServer, logs: list[MutableMapping[str, Any]], wrong: str
) -> None:
    document = f"mutation {{ setEnvironmentVariable(input: {wrong}) {{ __typename }} }}"
    check_silent(await idle_server.graphql(document), logs)
