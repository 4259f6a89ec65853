"""Members over the API: invited by a link, told what they may, and stopped at once."""

from typing import Any

import pytest

from schema.ids import encode_id
from services.principals import ALL_PERMISSIONS, Principal
from tests.support.mutations import mutate
from tests.support.servers import Data, RunningServer
from tests.support.worlds import World

INVITED = """
    ... on InviteMemberSuccess {
      plaintext url
      invitation { id email role state createdBy { id name } member { id } customRole { id } }
    }
"""
ME = """{
  viewer {
    id name role permissions
    member { id name email role permissions deactivatedAt accessTokens { nodes { name prefix } } }
    organization { viewerCapabilities {
      createApp { allowed reason } inviteMembers { allowed reason }
      changeMembers { allowed reason } changeRoles { allowed reason }
    } }
  }
}"""
NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename id
    ... on Member { name role customRole { name } }
    ... on CustomRole { name permissions }
    ... on Invitation { email state member { name } }
    ... on AccessToken { name prefix revokedAt }
  }
}
"""


async def accept(server: RunningServer, body: Any) -> tuple[int, Data]:
    response = await server.client.post("/v1/invitations/accept", json=body)
    return response.status_code, response.json()


async def invited(server: RunningServer, email: str, **more: Any) -> Data:
    answer = await mutate(server, "inviteMember", {"email": email, **more}, more=INVITED)
    assert answer["__typename"] == "InviteMemberSuccess"
    return answer


async def joined(server: RunningServer, name: str, role: str = "READ") -> Data:
    made = await invited(server, f"{name}@example.com", role=role)
    status, answer = await accept(server, {"token": made["plaintext"], "name": name})
    assert status == 201
    return answer["data"]


async def test_a_link_makes_a_member_once(idle_server: RunningServer, owner: Principal) -> None:
    made = await invited(idle_server, "Ada@Example.com", role="WRITE")
    token = made["plaintext"]
    assert made["url"] == f"{idle_server.parts.installation.base_url}/invitations/{token}"
    assert made["invitation"]["createdBy"] == {
        "id": encode_id("Member", owner.id),
        "name": "owner",
    }
    status, answer = await accept(idle_server, {"token": token, "name": "Ada"})
    assert status == 201
    assert {"name": "Ada", "email": "ada@example.com", "role": "WRITE"}.items() <= answer[
        "data"
    ].items()
    viewer = (await idle_server.data(ME, token=answer["data"]["access_token"]))["viewer"]
    assert viewer["role"] == "WRITE"
    assert viewer["member"]["id"] == viewer["id"]
    assert viewer["member"]["permissions"] == viewer["permissions"]
    assert [row["name"] for row in viewer["member"]["accessTokens"]["nodes"]] == ["invitation"]
    capabilities = viewer["organization"]["viewerCapabilities"]
    assert capabilities["inviteMembers"] == {
        "allowed": False,
        "reason": "This needs the permission member.write.",
    }
    listed = await idle_server.data("{ invitations { nodes { state member { name } } } }")
    assert listed["invitations"]["nodes"] == [{"state": "ACCEPTED", "member": {"name": "Ada"}}]
    assert token not in str(listed)


async def test_every_token_of_no_invitation_is_one_answer(idle_server: RunningServer) -> None:
    used = await invited(idle_server, "ada@example.com", role="READ")
    await accept(idle_server, {"token": used["plaintext"], "name": "ada"})
    replaced = await invited(idle_server, "bob@example.com", role="READ")
    revoked = await invited(idle_server, "bob@example.com", role="READ")
    await mutate(idle_server, "revokeInvitation", {"invitationId": revoked["invitation"]["id"]})
    tokens = [made["plaintext"] for made in (used, replaced, revoked)]
    answers = [
        await accept(idle_server, {"token": token, "name": "eve"})
        for token in (*tokens, "", "no", "x" * 5000, "é", idle_server.token)
    ]
    refusal = {"error": {"code": "not_found", "message": "No such invitation."}}
    assert answers == [(404, refusal)] * len(answers)


@pytest.mark.parametrize(
    "body",
    [[], "text", 1, None, {}, {"token": "t"}, {"name": "n"}, {"token": 1, "name": "n"},
     {"token": None, "name": []}],
)  # fmt: skip
async def test_what_is_no_acceptance_is_refused(world: World, body: Any) -> None:
    status, answer = await accept(world.server, body)
    assert (status, answer["error"]["code"]) == (400, "invalid_request_body")


async def test_a_name_that_cannot_be_kept_is_refused_and_the_invitation_stands(
    idle_server: RunningServer,
) -> None:
    made = await invited(idle_server, "ada@example.com", role="READ")
    for name in ("", " ", "x" * 201, "a\0b"):
        status, answer = await accept(idle_server, {"token": made["plaintext"], "name": name})
        assert (status, answer["error"]["code"]) == (400, "invalid_request_body")
        assert set(answer["error"]["details"]) == {"name"}
    assert (await accept(idle_server, {"token": made["plaintext"], "name": "Ada"}))[0] == 201


async def test_who_is_lowered_or_leaves_is_stopped_at_once(idle_server: RunningServer) -> None:
    ada = await joined(idle_server, "ada", "ADMIN")
    token, member = ada["access_token"], (await idle_server.data(ME, token=ada["access_token"]))
    identity = {"memberId": member["viewer"]["id"]}
    forget = idle_server.parts.authenticator.forget  # as the bell does, which is on its way
    made = await mutate(idle_server, "createApp", {"name": "one"}, token=token)
    assert made["__typename"] == "CreateAppSuccess"
    await mutate(idle_server, "changeMemberRole", {**identity, "role": "READ"})
    forget()
    refused = await mutate(idle_server, "createApp", {"name": "two"}, token=token)
    assert refused["permission"] == "app.insert"
    left = await mutate(idle_server, "deactivateMember", identity)
    assert left["__typename"] == "DeactivateMemberSuccess"
    forget()
    answer = await idle_server.graphql(ME, token=token)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


OF_AN_OWNER = {
    "inviteMember": {"email": "new@example.com", "role": "OWNER"},
    "changeMemberRole": {"memberId": "member:owner", "role": "READ"},
    "setAppAccess": {"memberId": "member:owner", "appId": "app:bare", "switchedOff": True},
    "clearAppAccess": {"memberId": "member:owner", "appId": "app:bare"},
    "deactivateMember": {"memberId": "member:owner"},
    "reactivateMember": {"memberId": "member:owner"},
}


@pytest.mark.parametrize("mutation", OF_AN_OWNER)
async def test_only_an_owner_touches_an_owner(world: World, mutation: str) -> None:
    answer = await world.attempt(mutation, OF_AN_OWNER[mutation], token=world.tokens["ada"])
    field = "role" if mutation == "inviteMember" else "memberId"
    assert answer == {
        "__typename": "OwnerRequiredError",
        "code": "OWNER_REQUIRED",
        "message": "Only an owner makes, changes or unmakes an owner.",
        "path": ["input", field],
    }


async def test_an_owners_tokens_are_for_owners_to_end(own_world: World) -> None:
    made = await own_world.attempt(
        "createAccessToken",
        {"name": "laptop"},
        more="... on CreateAccessTokenSuccess { plaintext accessToken { id prefix name } }",
    )
    assert made["accessToken"]["prefix"] == made["plaintext"][:17]
    input = {"accessTokenId": made["accessToken"]["id"]}
    refused = await own_world.attempt("revokeAccessToken", input, token=own_world.tokens["ada"])
    assert refused["__typename"] == "OwnerRequiredError"
    ended = await own_world.attempt(
        "revokeAccessToken",
        input,
        more="... on RevokeAccessTokenSuccess { accessToken { revokedAt } }",
    )
    assert ended["accessToken"]["revokedAt"] is not None


async def test_a_program_has_no_tokens_and_no_colleagues(own_world: World) -> None:
    key = await own_world.attempt(
        "createApiKey",
        {"environmentId": "environment:triage/staging", "name": "ci", "preset": "FULL_ACCESS"},
        more="... on CreateApiKeySuccess { plaintext }",
    )
    token = key["plaintext"]
    refused = await own_world.attempt("createAccessToken", {"name": "t"}, token=token)
    assert (refused["__typename"], refused["path"]) == ("MemberRequiredError", [])
    answer = await own_world.server.data("{ viewer { role member { id } } }", token=token)
    assert answer["viewer"] == {"role": None, "member": None}
    for field in ("members", "invitations", "customRoles"):
        denied = await own_world.server.graphql(f"{{ {field} {{ totalCount }} }}", token=token)
        assert denied["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    ids = [own_world.members["ada"], own_world.custom_roles["idle"], own_world.invitations["open"]]
    found = await own_world.server.data(NODES, token=token, ids=ids)
    assert found["nodes"] == [None, None, None]


async def test_each_is_found_by_its_id_by_those_who_may_see_it(world: World) -> None:
    ids = [
        world.members["bob"],
        world.custom_roles["deployer"],
        world.invitations["ada"],
        world.access_tokens["ada"],
    ]
    owner = await world.server.data(NODES, ids=ids)
    assert [node and node["__typename"] for node in owner["nodes"]] == [
        "Member",
        "CustomRole",
        "Invitation",
        "AccessToken",
    ]
    assert owner["nodes"][2]["member"] == {"name": "ada"}
    bob = await world.server.data(NODES, token=world.tokens["bob"], ids=ids)
    assert [node and node["__typename"] for node in bob["nodes"]] == [
        "Member",
        "CustomRole",
        "Invitation",
        None,
    ]


async def test_members_are_listed_with_what_they_have_where(world: World) -> None:
    query = """{
      members { totalCount nodes {
        name email role permissions deactivatedAt
        appAccess { totalCount nodes {
          app { name } role customRole { name } switchedOff member { name }
        } }
      } }
      customRoles { nodes { name permissions } }
    }"""
    answer = await world.server.data(query)
    people = {row["name"]: row for row in answer["members"]["nodes"]}
    assert set(people) == {"ada", "bob", "gone", "owner"}
    assert people["owner"]["permissions"] == sorted(ALL_PERMISSIONS)
    assert people["gone"]["permissions"] == []
    assert people["gone"]["deactivatedAt"] is not None
    assert people["bob"]["appAccess"]["nodes"] == [
        {
            "app": {"name": "bare"},
            "role": None,
            "customRole": {"name": "deployer"},
            "switchedOff": False,
            "member": {"name": "bob"},
        }
    ]
    assert [row["name"] for row in answer["customRoles"]["nodes"]] == ["deployer", "idle"]


async def test_capabilities_are_told_of_environments_and_apps(world: World) -> None:
    query = """{
      app(name: "triage") {
        viewerCapabilities { linkRepository { allowed } createEnvironment { allowed reason } }
        environments { nodes {
          name viewerCanPromote viewerCanRollback viewerCanDelete
          viewerCapabilities {
            promote { allowed reason } rollback { allowed } redeploy { allowed }
            delete { allowed } createApiKey { allowed }
          }
        } }
      }
    }"""
    app = (await world.server.data(query))["app"]
    assert app["viewerCapabilities"]["createEnvironment"] == {"allowed": True, "reason": None}
    told = {
        row["name"]: {name: it["allowed"] for name, it in row["viewerCapabilities"].items()}
        for row in app["environments"]["nodes"]
    }
    assert told["staging"] == dict.fromkeys(told["staging"], True)
    assert told["busy"] == {**dict.fromkeys(told["busy"], False), "createApiKey": True}
    busy = next(row for row in app["environments"]["nodes"] if row["name"] == "busy")
    assert busy["viewerCanPromote"] is True
    assert busy["viewerCapabilities"]["promote"]["reason"].startswith("busy is deploying")
    bob = (await world.server.data(query, token=world.tokens["bob"]))["app"]
    assert bob["viewerCapabilities"]["createEnvironment"] == {
        "allowed": False,
        "reason": "This needs the permission environment.insert.",
    }
