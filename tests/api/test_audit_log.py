"""The audit over HTTP: every mutation is in it, and who may read it can look for what they like."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from anyio import fail_after
from graphql import build_schema
from websockets import ConnectionClosed

from models import AuditEntry, AuditOutcome
from pinmark import app as application
from pinmark.graphql import schema
from resolvers.answering import action_of
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Permission
from tests.api.refusals import CASES, Case
from tests.support.auditing import audit_of, verdict_on
from tests.support.permissions import forbid
from tests.support.servers import RunningServer
from tests.support.worlds import World

PROMOTION = {
    "sourceId": "environment:triage/staging",
    "targetId": "environment:triage/empty",
    "note": "Why",
}
SUCCESSES: dict[str, dict[str, Any]] = {
    "createApp": {"name": "audited"},
    "linkRepository": {"appId": "app:triage", "url": "repository:triage"},
    "rotateWebhookSecret": {"appId": "app:triage"},
    "createEnvironment": {"appId": "app:triage", "name": "audited"},
    "promoteEnvironment": PROMOTION,
    "redeployEnvironment": {"environmentId": "environment:triage/dev"},
    "rollbackEnvironment": {"environmentId": "environment:triage/staging", "version": 1},
    "retryDeployment": {"deploymentId": "deployment:failed"},
    "cancelDeployment": {"deploymentId": "deployment:flying"},
    "deleteEnvironment": {
        "environmentId": "environment:bare/target",
        "confirmationName": "target",
    },
    "createApiKey": {
        "environmentId": "environment:triage/staging",
        "name": "audited",
        "permissions": ["template.read"],
    },
    "revokeApiKey": {"apiKeyId": "api_key:staging"},
    "setEnvironmentVariable": {
        "environmentId": "environment:triage/staging",
        "name": "AUDITED",
        "value": "1",
    },
    "revealEnvironmentVariable": {"variableId": "variable:TOKEN"},
    "deleteEnvironmentVariable": {"variableId": "variable:TOKEN"},
    "inviteMember": {"email": "audited@example.com", "role": "READ"},
    "revokeInvitation": {"invitationId": "invitation:open"},
    "changeMemberRole": {"memberId": "member:ada", "role": "READ"},
    "setAppAccess": {"memberId": "member:ada", "appId": "app:bare", "role": "WRITE"},
    "clearAppAccess": {"memberId": "member:ada", "appId": "app:bare"},
    "revokeAccessToken": {"accessTokenId": "access_token:ada"},
    "deactivateMember": {"memberId": "member:ada"},
    "reactivateMember": {"memberId": "member:gone"},
    "createCustomRole": {"name": "audited", "permissions": ["app.read"]},
    "updateCustomRole": {"customRoleId": "custom_role:deployer", "permissions": ["app.read"]},
    "deleteCustomRole": {"customRoleId": "custom_role:idle"},
    "createAccessToken": {"name": "audited"},
    "createServiceToken": {"name": "audited", "role": "READ"},
    "revokeServiceToken": {"serviceTokenId": "service_token:ci"},
    "endSession": {"sessionId": "session:owner"},
    "endOtherSessions": {},
}
"""One request of each mutation that is done; ids are written as for ``World.resolve``."""

ENTRY = """
    id seq occurredAt actor { id kind name } action outcome subjectKind subjectId before after
    facts requestId hash previousHash app { name } environment { name }
"""
LOG = f"""
query ($first: Int, $after: String, $last: Int, $before: String, $filter: AuditLogFilter) {{
  auditLog(first: $first, after: $after, last: $last, before: $before, filter: $filter) {{
    nodes {{ {ENTRY} }} totalCount
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  }}
}}
"""


async def log_of(world: World, **variables: Any) -> dict[str, Any]:
    return (await world.server.data(LOG, **variables))["auditLog"]


async def found(world: World, **filter: Any) -> list[dict[str, Any]]:
    return (await log_of(world, filter=filter, first=100))["nodes"]


async def newest(world: World) -> AuditEntry:
    return (await audit_of(world.installation))[-1]


@pytest.mark.parametrize("mutation", SUCCESSES)
async def test_every_mutation_that_is_done_is_in_the_audit(own_world: World, mutation: str) -> None:
    before = await audit_of(own_world.installation)
    answer = await own_world.attempt(mutation, SUCCESSES[mutation])
    assert answer["__typename"].endswith("Success")
    (entry,) = (await audit_of(own_world.installation))[len(before) :]
    assert entry.action == action_of(mutation)
    assert entry.outcome is AuditOutcome.SUCCEEDED
    assert entry.actor == own_world.owner.actor
    assert entry.request_id is not None
    assert (entry.subject_id, entry.app_id) != (None, None)
    assert (await verdict_on(own_world.installation)).is_whole


def test_no_mutation_is_left_out() -> None:
    published = build_schema(schema.as_str())
    assert published.mutation_type is not None
    assert set(SUCCESSES) == set(published.mutation_type.fields)


OF_THE_ORGANIZATION = {
    "memberId",
    "invitationId",
    "customRoleId",
    "accessTokenId",
    "serviceTokenId",
}
"""What inputs name that belongs to no app."""
MATTERING = [
    case for case in CASES if case.error in {"PermissionDeniedError", "ConfirmationMismatchError"}
]


@pytest.mark.parametrize("case", MATTERING, ids=str)
async def test_every_refusal_that_matters_is_in_the_audit(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await audit_of(world.installation)
    if case.lacking:
        forbid(world.server, monkeypatch, *case.lacking)
    await world.attempt(case.mutation, case.input)
    (entry,) = (await audit_of(world.installation))[len(before) :]
    assert (entry.action, entry.outcome) == (action_of(case.mutation), AuditOutcome.REFUSED)
    assert entry.actor == world.owner.actor
    assert entry.facts.get("permission") == case.facts.get("permission")
    assert "confirmation_name" not in entry.facts
    named = [name for name in case.input if name.endswith("Id")]
    of_an_app = bool(named) and named[-1] not in OF_THE_ORGANIZATION
    assert (entry.app_id is not None) == of_an_app


async def test_other_refusals_are_not_in_the_audit(world: World) -> None:
    before = await audit_of(world.installation)
    for case in CASES:
        if case not in MATTERING and not case.lacking:
            await world.attempt(case.mutation, case.input)
    assert await audit_of(world.installation) == before


async def test_a_denied_read_is_in_the_audit_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(world.server, monkeypatch, Permission.ENVIRONMENT_READ)
    before = await audit_of(world.installation)
    answer = await world.server.graphql("{ apps { nodes { environments { totalCount } } } }")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"PERMISSION_DENIED"}
    (entry,) = (await audit_of(world.installation))[len(before) :]
    assert (entry.action, entry.outcome) == ("environment.read", AuditOutcome.REFUSED)
    assert entry.facts["at"] == "apps.nodes.environments"


async def test_a_request_is_named_as_its_answer_names_it(own_world: World) -> None:
    response = await own_world.server.client.post(
        "/graphql",
        json={"query": 'mutation { createApp(input: {name: "named"}) { __typename } }'},
        headers={"Authorization": f"Bearer {own_world.server.token}"},
    )
    assert (await newest(own_world)).request_id == response.headers["x-request-id"]


async def test_over_one_socket_each_mutation_has_a_request_of_its_own(own_world: World) -> None:
    async with own_world.server.socket() as socket:
        for name in ("first-app", "second-app"):
            query = f'mutation {{ createApp(input: {{name: "{name}"}}) {{ __typename }} }}'
            async for _ in socket.run(query):
                pass
    first, second = (await audit_of(own_world.installation))[-2:]
    assert first.request_id != second.request_id


async def test_the_audit_is_read_newest_first_in_pages(world: World) -> None:
    entries = await audit_of(world.installation)
    seen: list[int] = []
    after = None
    while True:
        page = await log_of(world, first=7, after=after)
        assert page["totalCount"] == len(entries)
        seen += [node["seq"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [entry.seq for entry in reversed(entries)]
    oldest = await log_of(world, last=2)
    assert [node["seq"] for node in oldest["nodes"]] == [2, 1]


async def test_an_entry_tells_all_that_is_kept(world: World) -> None:
    (row, *_) = [
        entry
        for entry in await audit_of(world.installation)
        if entry.action == "environment.promote"
    ]
    (node, *_) = reversed(await found(world, actions=["environment.promote"]))
    assert node == {
        "id": encode_id("AuditEntry", row.id),
        "seq": row.seq,
        "occurredAt": row.created_at.isoformat(),
        "actor": {
            "id": encode_id("Member", world.owner.id),
            "kind": "MEMBER",
            "name": "owner",
        },
        "action": "environment.promote",
        "outcome": "SUCCEEDED",
        "subjectKind": "Deployment",
        "subjectId": world.deployments["settled"],
        "before": {"version": None, "deployment": None},
        "after": row.after,
        "facts": row.facts,
        "requestId": None,
        "hash": row.hash.hex(),
        "previousHash": row.previous_hash.hex(),
        "app": {"name": "triage"},
        "environment": {"name": "staging"},
    }
    again = await world.server.data(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on AuditEntry {{ {ENTRY} }} }} }}", id=node["id"]
    )
    assert again["node"] == node


async def test_each_filter_narrows_and_together_they_narrow_further(world: World) -> None:
    entries = await audit_of(world.installation)
    app, environment = world.apps["triage"], world.environments["triage/staging"]
    middle = entries[-10].created_at.isoformat()
    later = entries[-1].created_at + timedelta(seconds=1)

    of_app = await found(world, appId=app)
    assert {node["app"]["name"] for node in of_app} == {"triage"}
    of_environment = await found(world, environmentId=environment)
    assert {node["environment"]["name"] for node in of_environment} == {"staging"}
    by_owner = await found(world, actorId=encode_id("Member", world.owner.id))
    assert {node["actor"]["name"] for node in by_owner} == {"owner"}
    acts = await found(world, actions=["app.create", "deployment.cancel"])
    assert {node["action"] for node in acts} == {"app.create", "deployment.cancel"}
    before, since = await found(world, until=middle), await found(world, since=middle)
    numbers = [node["seq"] for node in [*since, *before]]
    assert len(since) >= 10
    assert before
    assert numbers == [entry.seq for entry in reversed(entries)][: len(numbers)]
    assert await found(world, since=later.isoformat()) == []
    assert {node["outcome"] for node in await found(world, outcome="SUCCEEDED")} == {"SUCCEEDED"}
    both = await found(world, appId=app, actions=["deployment.cancel"])
    assert {node["action"] for node in both} == {"deployment.cancel"}


@pytest.mark.parametrize(
    "filter",
    [
        {"appId": "junk"},
        {"appId": ""},
        {"appId": encode_id("App", UUID(int=7))},
        {"environmentId": encode_id("App", UUID(int=7))},
        {"actorId": "junk"},
        {"actions": []},
        {"actions": ["no.such"]},
    ],
    ids=str,
)
async def test_what_names_nothing_finds_nothing(world: World, filter: dict[str, Any]) -> None:
    assert await found(world, **filter) == []


@pytest.mark.parametrize(
    "filter",
    [
        {"since": "2026-01-01T00:00:00"},
        {"until": "0001-01-01T00:00:00+23:00"},
        {"actions": ["a\0b"]},
        {"actions": ["a"] * 101},
        {"actions": ["a" * 101]},
    ],
    ids=lambda filter: str(filter)[:40],
)
async def test_what_cannot_be_looked_for_is_refused(world: World, filter: dict[str, Any]) -> None:
    (error,) = (await world.server.graphql(LOG, filter=filter))["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_the_audit_has_a_permission_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = (await found(world))[0]["id"]
    forbid(world.server, monkeypatch, Permission.AUDIT_READ)
    (error,) = (await world.server.graphql(LOG))["errors"]
    assert error["extensions"]["code"] == "PERMISSION_DENIED"
    node = await world.server.data("query ($id: ID!) { node(id: $id) { id } }", id=entry)
    assert node == {"node": None}


async def test_apps_and_environments_that_cannot_be_seen_are_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(world.server, monkeypatch, Permission.APP_READ, Permission.ENVIRONMENT_READ)
    nodes = await found(world, environmentId=world.environments["triage/staging"])
    assert nodes
    assert {(node["app"], node["environment"]) for node in nodes} == {(None, None)}


@pytest.fixture
def quick_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused tokens are written down at once; before the server starts."""
    monkeypatch.setattr(application, "WRITTEN_EVERY_SECONDS", 0.05)


async def test_tokens_that_are_not_valid_are_counted_in_the_audit(
    quick_notes: None, idle_server: RunningServer, installation: Installation
) -> None:
    query = "{ viewer { id } }"
    secret = "pinmark_owner_guess"
    for _ in range(3):
        await idle_server.graphql(query, token=secret)
    export = await idle_server.client.get("/v1/audit", headers={"Authorization": secret})
    assert export.status_code == 401
    with pytest.raises(ConnectionClosed):
        async with idle_server.socket(token=secret):
            pass

    async def written() -> list[AuditEntry]:
        entries = await audit_of(installation)
        return [entry for entry in entries if entry.action == "access_token.use"]

    with fail_after(60):
        while sum(entry.facts["attempts"] for entry in await written()) < 5:
            await asyncio.sleep(0.02)
    samples = [sample for entry in await written() for sample in entry.facts["samples"]]
    assert {sample["address"] for sample in samples} == {"127.0.0.1"}
    assert len({sample["request_id"] for sample in samples}) == 5
    assert secret not in str([entry.model_dump() for entry in await written()])
