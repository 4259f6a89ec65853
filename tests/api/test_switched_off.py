"""An app that is switched off for a member answers as one that does not exist, byte for byte."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from anyio import fail_after
from graphql import GraphQLInputObjectType, build_schema

from models import Role
from pinmark.graphql import schema
from schema.ids import decode_any, encode_id
from services.principals import ALL_PERMISSIONS
from tests.api.conftest import running_world
from tests.api.refusals import CASES, JUNK
from tests.support.graphql_ws import OperationFailed
from tests.support.mutations import refusal_of, type_prefix
from tests.support.people import give_access, join
from tests.support.worlds import World

APP, ENVIRONMENT = "triage", "staging"
QUERIES = {
    "app": "{ app(name: $app) { id name environments { totalCount } } }",
    "environment": "{ environment(app: $app, name: $environment) { id } }",
    "comparison": "{ comparison(sourceId: $dev, targetId: $staging) { source { id } } }",
    "deployment": "{ deployment(id: $deployment) { id status } }",
    "node": "{ node(id: $node) { __typename id } }",
    "nodes": "{ nodes(ids: $nodes) { __typename id } }",
}
DECLARED = {
    "app": "String!",
    "environment": "String!",
    "dev": "ID!",
    "staging": "ID!",
    "deployment": "ID!",
    "node": "ID!",
    "nodes": "[ID!]!",
}
SUBSCRIPTIONS = {
    "deploymentProgress": ("id", "deployment:flying", "{ status }"),
    "appEvents": ("appId", "app:triage", "{ kind }"),
    "buildLog": ("deploymentId", "deployment:flying", "{ cursor }"),
    "runtimeLog": ("environmentId", "environment:triage/staging", "{ cursor }"),
}
FIELDS = {
    "appId": "app:",
    "environmentId": "environment:",
    "sourceId": "environment:",
    "targetId": "environment:",
    "deploymentId": "deployment:",
    "apiKeyId": "api_key:",
}
"""The fields of inputs that name something of an app, and what does in the world."""


@dataclass
class Hidden:
    """A world, and an admin for whom ``triage`` is switched off in it."""

    world: World
    token: str
    member_id: str
    elsewhere: dict[str, str] = field(default_factory=dict[str, str])

    def absent(self, identity: str) -> str:
        """An id of the same kind that nothing has; always the same one for the same thing."""
        found = decode_any(identity)
        assert found is not None
        return self.elsewhere.setdefault(identity, encode_id(found[0], uuid4()))

    def named(self, name: str) -> tuple[str, str]:
        """A thing of the hidden app by its name in the world, and one that is not there."""
        there = self.world.resolve(name)
        return there, self.absent(there)

    async def post(self, query: str, variables: dict[str, Any]) -> bytes:
        response = await self.world.server.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code == 200
        return response.content


@pytest.fixture(scope="module")
async def hidden(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Hidden]:
    directory: Path = tmp_path_factory.mktemp("hidden")
    async with running_world(postgres, template, directory) as world:
        admin = await join(world.installation, world.owner, "admin", Role.ADMIN)
        app = await world.app_row(APP)
        await give_access(world.installation, world.owner, admin.id, app)
        yield Hidden(world, admin.token, encode_id("Member", admin.id))


async def things_of_the_app(world: World) -> list[str]:
    return [
        world.apps[APP],
        *(identity for name, identity in world.environments.items() if name.startswith(APP)),
        *world.deployments.values(),
        *world.api_keys.values(),
        await world.repository_id(APP),
    ]


@pytest.mark.parametrize("name", QUERIES)
async def test_every_query_that_can_name_it_answers_as_for_an_absent_one(
    hidden: Hidden, name: str
) -> None:
    world = hidden.world
    identities = await things_of_the_app(world)
    rounds: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for identity in identities if name == "node" else identities[:1]:
        there: dict[str, Any] = {
            "app": APP,
            "environment": ENVIRONMENT,
            "dev": world.environments["triage/dev"],
            "staging": world.environments["triage/staging"],
            "deployment": world.deployments["settled"],
            "node": identity,
            "nodes": identities,
        }
        absent: dict[str, Any] = {
            "app": "no-such-app",
            "environment": ENVIRONMENT,
            **{key: hidden.absent(there[key]) for key in ("dev", "staging", "deployment", "node")},
            "nodes": [hidden.absent(each) for each in identities],
        }
        rounds.append((there, absent))
    used = [each for each in DECLARED if re.search(rf"\${each}\b", QUERIES[name])]
    declared = ", ".join(f"${each}: {DECLARED[each]}" for each in used)
    query = f"query ({declared}) {QUERIES[name]}"
    for there, absent in rounds:
        answers = [
            await hidden.post(query, {each: given[each] for each in used})
            for given in (there, absent)
        ]
        assert answers[0] == answers[1]
        assert b"errors" not in answers[0]
        seen = await world.server.data(query, **{each: there[each] for each in used})
        assert seen[name], "its owner sees it"


def naming_cases() -> list[tuple[str, dict[str, Any], str]]:
    """Each mutation with each of its inputs that names something of the app, by its field."""
    found: dict[tuple[str, str], tuple[str, dict[str, Any], str]] = {}
    for case in CASES:
        if JUNK in case.input.values() or "" in case.input.values():
            continue
        for name, value in case.input.items():
            if not isinstance(value, str) or not value.startswith(FIELDS.get(name, "\0")):
                continue
            if value.split(":")[1].split("/")[0] in {APP, "staging", "flying", "failed"}:
                found.setdefault((case.mutation, name), (case.mutation, case.input, name))
    link = {"appId": "app:triage", "url": "https://example.com/a.git"}
    found["linkRepository", "appId"] = ("linkRepository", link, "appId")
    access = {"memberId": "member:bob", "appId": "app:triage"}
    found["setAppAccess", "appId"] = ("setAppAccess", {**access, "role": "READ"}, "appId")
    found["clearAppAccess", "appId"] = ("clearAppAccess", access, "appId")
    return list(found.values())


@pytest.mark.parametrize(
    ("mutation", "input", "name"), naming_cases(), ids=lambda value: str(value)[:40]
)
async def test_every_mutation_that_can_name_it_answers_as_for_an_absent_one(
    hidden: Hidden, mutation: str, input: dict[str, Any], name: str
) -> None:
    query = (
        f"mutation ($input: {type_prefix(mutation)}Input!)"
        f" {{ {mutation}(input: $input) {{ {refusal_of(mutation)} }} }}"
    )
    resolved = {each: hidden.world.resolve(value) for each, value in input.items()}
    others = {each: hidden.absent(resolved[each]) for each in input if each in FIELDS}
    answers = [
        await hidden.post(query, {"input": given}) for given in (resolved, {**resolved, **others})
    ]
    assert answers[0] == answers[1]
    assert json.loads(answers[0])["data"][mutation]["__typename"] == "NotFoundError"


def test_no_mutation_is_left_out() -> None:
    published = build_schema(schema.as_str())
    assert published.mutation_type is not None
    naming: set[tuple[str, str]] = set()
    for mutation in published.mutation_type.fields:
        input = published.get_type(f"{type_prefix(mutation)}Input")
        assert isinstance(input, GraphQLInputObjectType)
        naming |= {(mutation, name) for name in input.fields if name in FIELDS}
    assert {(mutation, name) for mutation, _, name in naming_cases()} == naming


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_no_subscription_to_it_begins(hidden: Hidden, name: str) -> None:
    argument, thing, selection = SUBSCRIPTIONS[name]
    query = f"subscription ($id: ID!) {{ {name}({argument}: $id) {selection} }}"
    refusals: list[Any] = []
    async with hidden.world.server.socket(token=hidden.token) as socket:
        for identity in hidden.named(thing):
            with fail_after(60), pytest.raises(OperationFailed) as failed:
                await anext(socket.run(query, id=identity))
            refusals.append(failed.value.errors)
    assert refusals[0] == refusals[1]
    assert refusals[0][0]["extensions"]["code"] == "NOT_FOUND"


async def test_no_call_of_its_handler_is_taken(hidden: Hidden) -> None:
    environment = decode_any(hidden.world.environments["triage/staging"])
    assert environment is not None
    answers: list[tuple[int, bytes]] = []
    for identity in (environment[1], uuid4()):
        response = await hidden.world.server.client.post(
            "/v1/execute",
            json={"type": "prompt-run", "data": {}},
            headers={
                "Authorization": f"Bearer {hidden.token}",
                "X-Pinmark-Environment-Id": str(identity),
            },
        )
        answers.append((response.status_code, response.content))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


async def test_it_is_in_no_list_and_no_count(hidden: Hidden) -> None:
    query = """query ($first: Int, $bob: ID!) {
      apps(first: $first) { totalCount nodes { name } pageInfo { hasNextPage } }
      viewer { permissions member { appAccess { totalCount nodes { app { name } } } } }
      node(id: $bob) { ... on Member { appAccess { totalCount nodes { app { name } } } } }
    }"""
    world = hidden.world
    await world.attempt(
        "setAppAccess", {"memberId": "member:bob", "appId": "app:triage", "role": "READ"}
    )
    bob = world.members["bob"]
    seen = await world.server.data(query, bob=bob)
    assert seen["apps"]["totalCount"] == 4
    assert seen["node"]["appAccess"]["totalCount"] == 2
    told = await world.server.data(query, token=hidden.token, bob=bob)
    assert [row["name"] for row in told["apps"]["nodes"]] == ["bare", "broken", "lost"]
    assert told["apps"]["totalCount"] == 3
    assert told["node"]["appAccess"] == {"totalCount": 1, "nodes": [{"app": {"name": "bare"}}]}
    assert told["viewer"]["member"]["appAccess"] == {"totalCount": 0, "nodes": []}
    assert told["viewer"]["permissions"] == sorted(ALL_PERMISSIONS)
    last = await world.server.data(query, token=hidden.token, bob=bob, first=3)
    assert not last["apps"]["pageInfo"]["hasNextPage"]


AUDIT = """
query ($filter: AuditLogFilter) {
  auditLog(first: 100, filter: $filter) { totalCount nodes { app { name } } }
}
"""


async def test_nothing_of_it_is_in_the_audit(hidden: Hidden) -> None:
    world = hidden.world
    for name, argument in (("appId", "app:triage"), ("environmentId", "environment:triage/busy")):
        filters = [{name: identity} for identity in hidden.named(argument)]
        answers = [await hidden.post(AUDIT, {"filter": filter}) for filter in filters]
        assert answers[0] == answers[1]
        seen = await world.server.data(AUDIT, filter=filters[0])
        assert seen["auditLog"]["totalCount"] > 0, "its owner reads it"
    everything = await world.server.data(AUDIT, token=hidden.token)
    apps = [node["app"] for node in everything["auditLog"]["nodes"]]
    assert {app["name"] for app in apps if app is not None} == {"bare", "broken", "lost"}
    exported = await exported_audit(hidden)
    app = decode_any(world.apps[APP])
    assert app is not None
    assert str(app[1]) not in exported
    assert await exported_audit(hidden, app_id=str(app[1])) == ""


async def exported_audit(hidden: Hidden, **parameters: str) -> str:
    response = await hidden.world.server.client.get(
        "/v1/audit", params=parameters, headers={"Authorization": f"Bearer {hidden.token}"}
    )
    assert response.status_code == 200
    return response.text


async def test_a_request_repeated_after_it_was_switched_off_answers_nothing_of_it(
    hidden: Hidden,
) -> None:
    world = hidden.world
    app = await world.app_row(APP)
    late = await join(world.installation, world.owner, "late", Role.ADMIN)
    input = {
        "sourceId": "environment:triage/dev",
        "targetId": "environment:triage/empty",
        "idempotencyKey": "repeated",
    }
    made = await world.attempt("promoteEnvironment", input, token=late.token)
    assert made["__typename"] == "PromoteEnvironmentSuccess"
    await give_access(world.installation, world.owner, late.id, app)
    world.server.parts.authenticator.forget()  # as the bell does, which is on its way
    again = await world.attempt("promoteEnvironment", input, token=late.token)
    assert again["__typename"] == "NotFoundError"
