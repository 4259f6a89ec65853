"""API keys over HTTP: shown once, good in one environment, told apart by nothing else."""

from tests.support.asked_keys import ask_for_key
from tests.support.mutations import mutate
from tests.support.worlds import World

KEYS = """
    query ($app: String!, $environment: String!) {
      environment(app: $app, name: $environment) {
        apiKeys { totalCount nodes { id name prefix revokedAt lastUsedAt } }
      }
    }
"""
WHOAMI = "{ viewer { id name permissions environment { name } } }"


async def test_a_key_is_shown_once_and_listed_by_its_beginning(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", preset="SDK")
    key, plaintext = made["apiKey"], made["plaintext"]
    assert plaintext.startswith("sk_pinmark_")
    assert key["prefix"] == plaintext[:17]
    assert key["permissions"] == ["score.write", "template.read", "trace.ingest"]
    assert key["environment"] == {"name": "staging"}
    assert key["createdBy"] == {"kind": "MEMBER", "name": "owner"}
    listed = await own_world.server.data(KEYS, app="triage", environment="staging")
    assert plaintext not in str(listed)
    assert key["id"] in [row["id"] for row in listed["environment"]["apiKeys"]["nodes"]]


async def test_who_shows_a_key_is_that_key(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", permissions=["environment.read"])
    for spelled in (made["plaintext"], f"Bearer {made['plaintext']}"):
        response = await own_world.server.client.post(
            "/graphql", json={"query": WHOAMI}, headers={"Authorization": spelled}
        )
        assert response.json()["data"]["viewer"] == {
            "id": made["apiKey"]["id"],
            "name": "ci",
            "permissions": ["environment.read"],
            "environment": {"name": "staging"},
        }
    listed = await own_world.server.data(KEYS, app="triage", environment="staging")
    (row,) = [
        row
        for row in listed["environment"]["apiKeys"]["nodes"]
        if row["id"] == made["apiKey"]["id"]
    ]
    assert row["lastUsedAt"] is not None


async def test_a_key_sees_its_own_app_and_none_beside_it(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", preset="FULL_ACCESS")
    query = """
        query ($foreign: ID!) {
          apps { totalCount nodes { name environments { nodes { name } } } }
          app(name: "bare") { name }
          node(id: $foreign) { id }
        }
    """
    answer = await own_world.server.graphql(
        query, token=made["plaintext"], foreign=own_world.environments["bare/dev"]
    )
    data = answer["data"]
    assert data["apps"]["totalCount"] == 1
    (app,) = data["apps"]["nodes"]
    assert app["name"] == "triage"
    assert {"dev", "staging"} <= {row["name"] for row in app["environments"]["nodes"]}
    assert (data["app"], data["node"]) == (None, None)


async def test_a_revoked_key_is_refused_at_once(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", permissions=["environment.read"])
    assert "data" in await own_world.server.graphql(WHOAMI, token=made["plaintext"])
    answer = await mutate(
        own_world.server,
        "revokeApiKey",
        {"apiKeyId": made["apiKey"]["id"]},
        more="... on RevokeApiKeySuccess { apiKey { revokedAt } }",
    )
    assert answer["apiKey"]["revokedAt"] is not None
    own_world.server.parts.authenticator.forget()  # as the bell does, which is on its way
    refused = await own_world.server.graphql(WHOAMI, token=made["plaintext"])
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_key_is_found_by_its_id_by_those_who_may_see_it(own_world: World) -> None:
    made = await ask_for_key(own_world, "triage/staging", permissions=["environment.read"])
    query = "query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }"
    identity = made["apiKey"]["id"]
    assert (await own_world.server.data(query, id=identity))["node"] == {"name": "ci"}
    answer = await own_world.server.graphql(query, token=made["plaintext"], id=identity)
    assert answer["data"] == {"node": None}


async def test_a_key_is_told_that_other_environments_variables_are_not_its_own(
    own_world: World,
) -> None:
    made = await ask_for_key(own_world, "triage/staging", preset="FULL_ACCESS")
    query = """
        query ($id: ID!) {
          node(id: $id) {
            ... on Environment {
              viewerCanReadVariables viewerCanWriteVariables viewerCanRevealVariables
            }
          }
        }
    """

    async def told(environment: str) -> set[bool]:
        answer = await own_world.server.graphql(
            query, token=made["plaintext"], id=own_world.environments[environment]
        )
        return set(answer["data"]["node"].values())

    assert await told("triage/staging") == {True}
    assert await told("triage/empty") == {False}
