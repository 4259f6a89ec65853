"""Reading: finding things by name and by id, the deleted ones too, at a cost that stays flat."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import App, Environment
from schema.ids import encode_id
from services.environments import Deletion, delete_environment
from services.installation import Installation
from services.principals import ALL_PERMISSIONS, Permission, Principal
from tests.support.apps import make_environment, promoted_and_settled
from tests.support.permissions import forbid
from tests.support.queries import recorded_queries
from tests.support.servers import RunningServer
from tests.support.worlds import World

PUBLISHED = Path(__file__).parents[2] / "schema.graphql"
NODE = """
query ($id: ID!) {
  node(id: $id) {
    __typename id
    ... on App { name } ... on Environment { name } ... on Deployment { version }
    ... on Repository { branch }
  }
}
"""
DEPLOYMENT = "query ($id: ID!) { deployment(id: $id) { id version } }"
ENVIRONMENT = """
query ($app: String!, $name: String!) {
  environment(app: $app, name: $name) { id pinLabel }
  app(name: $app) { environment(name: $name) { id pinLabel } }
}
"""
MENU = """
query {
  app(name: "triage") {
    environments(first: 100) {
      nodes {
        name state pinLabel currentVersion viewerCanPromote
        pin { version since commit { shortSha message } deployment { actor { name } } }
        deploying { id status version commit { shortSha } source { name } }
        contentCommit { sha } codeCommit { sha }
      }
    }
  }
}
"""
HISTORY = """
query {
  environment(app: "triage", name: "staging") {
    deployments(first: 100) {
      nodes {
        version kind note actor { name } commit { sha message } source { name }
        retryOf { version } environment { name app { name repository { url } } }
        fileSync { status } codeBuild { status cacheDecision { kind } }
      }
    }
  }
}
"""


async def test_the_viewer_is_who_sent_the_token(world: World) -> None:
    answer = await world.server.data(
        "{ viewer { id name permissions organization { name plan } } }"
    )
    viewer = answer["viewer"]
    assert viewer.pop("id")
    assert viewer == {
        "name": "owner",
        "permissions": sorted(ALL_PERMISSIONS),
        "organization": {"name": "demo", "plan": "ENTERPRISE"},
    }


async def test_the_published_schema_is_served(world: World) -> None:
    served = await world.server.client.get("/schema.graphql")
    assert served.text + "\n" == PUBLISHED.read_text()


async def test_apps_are_listed_by_name(world: World) -> None:
    answer = await world.server.data("{ apps { totalCount nodes { name viewerPermissions } } }")
    assert [app["name"] for app in answer["apps"]["nodes"]] == [
        "bare",
        "broken",
        "lost",
        "triage",
    ]
    assert answer["apps"]["nodes"][0]["viewerPermissions"] == sorted(ALL_PERMISSIONS)


async def test_environments_are_listed_default_first_then_by_name(world: World) -> None:
    answer = await world.server.data(
        '{ app(name: "triage") { environments { nodes { name pinLabel deploying { id } } } } }'
    )
    flying = {"id": world.deployments["flying"]}
    assert [tuple(node.values()) for node in answer["app"]["environments"]["nodes"]] == [
        ("dev", "default", None),
        ("busy", "no-pin", flying),
        ("empty", "no-pin", None),
        ("failed", "no-pin", None),
        ("staging", "v2", None),
    ]


async def test_an_environment_is_found_by_names(world: World) -> None:
    answer = await world.server.data(ENVIRONMENT, app="triage", name="staging")
    found = {"id": world.environments["triage/staging"], "pinLabel": "v2"}
    assert answer == {"environment": found, "app": {"environment": found}}


STRANGE = ["", "no-such", "TRIAGE", "triage\n", "é", "a\0b", "x" * 5000, "🦄"]


@pytest.mark.parametrize("name", STRANGE, ids=lambda name: repr(name)[:12])
async def test_a_name_of_nothing_finds_nothing(world: World, name: str) -> None:
    answer = await world.server.data(ENVIRONMENT, app=name, name="staging")
    assert answer == {"environment": None, "app": None}
    answer = await world.server.data(ENVIRONMENT, app="triage", name=name)
    assert answer == {"environment": None, "app": {"environment": None}}


@pytest.mark.parametrize(
    ("of", "kind", "fact"),
    [
        ("app:triage", "App", {"name": "triage"}),
        ("environment:triage/empty", "Environment", {"name": "empty"}),
        ("deployment:settled", "Deployment", {"version": 1}),
    ],
)
async def test_a_node_is_found_by_its_id(
    world: World, of: str, kind: str, fact: dict[str, Any]
) -> None:
    identity = world.resolve(of)
    answer = await world.server.data(NODE, id=identity)
    assert answer["node"] == {"__typename": kind, "id": identity, **fact}


async def test_a_repository_is_a_node(world: World) -> None:
    answer = await world.server.data('{ app(name: "triage") { repository { id } } }')
    identity = answer["app"]["repository"]["id"]
    node = (await world.server.data(NODE, id=identity))["node"]
    assert node == {"__typename": "Repository", "id": identity, "branch": "main"}


async def test_nodes_come_in_the_order_asked_with_null_for_each_miss(world: World) -> None:
    ids = [world.environments["triage/empty"], "junk", world.apps["triage"], ""]
    answer = await world.server.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer["nodes"] == [{"id": ids[0]}, None, {"id": ids[2]}, None]


async def test_more_nodes_than_a_hundred_are_refused(world: World) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await world.server.graphql(query, ids=["junk"] * 101)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_deployment_is_found_only_under_its_own_kind_of_id(world: World) -> None:
    found = await world.server.data(DEPLOYMENT, id=world.deployments["settled"])
    assert found["deployment"]["version"] == 1
    for identity in ("", "junk", world.environments["triage/empty"], *STRANGE):
        assert await world.server.data(DEPLOYMENT, id=identity) == {"deployment": None}


async def test_another_spelling_of_an_id_names_nothing(world: World) -> None:
    identity = world.apps["triage"]
    for spelling in (f"{identity}=", f" {identity}", f"{identity}\n", identity.swapcase()):
        assert await world.server.data(NODE, id=spelling) == {"node": None}


async def test_without_the_right_to_read_environments_they_are_as_if_absent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(world.server, monkeypatch, Permission.ENVIRONMENT_READ)
    answer = await world.server.data(ENVIRONMENT, app="triage", name="staging")
    assert answer == {"environment": None, "app": {"environment": None}}
    for identity in (world.environments["triage/staging"],):
        assert await world.server.data(NODE, id=identity) == {"node": None}
    for field in ("environments", "deletedEnvironments"):
        query = f'{{ app(name: "triage") {{ {field} {{ totalCount }} }} }}'
        (error,) = (await world.server.graphql(query))["errors"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"


async def test_deployments_are_seen_with_their_environments_or_by_a_right_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = world.deployments["settled"]
    forbid(world.server, monkeypatch, Permission.ENVIRONMENT_READ)
    assert (await world.server.data(DEPLOYMENT, id=identity))["deployment"] is not None
    query = "query ($id: ID!) { deployment(id: $id) { environment { name } } }"
    (error,) = (await world.server.graphql(query, id=identity))["errors"]
    assert error["extensions"]["code"] == "PERMISSION_DENIED"
    forbid(world.server, monkeypatch, Permission.ENVIRONMENT_READ, Permission.DEPLOYMENT_READ)
    assert await world.server.data(DEPLOYMENT, id=identity) == {"deployment": None}


async def test_without_the_right_to_read_apps_there_are_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(world.server, monkeypatch, Permission.APP_READ)
    answer = await world.server.data('{ apps { totalCount } app(name: "triage") { id } }')
    assert answer == {"apps": {"totalCount": 0}, "app": None}
    assert await world.server.data(NODE, id=world.apps["triage"]) == {"node": None}


async def test_a_deleted_environment_is_seen_by_id_and_in_its_own_list_alone(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
) -> None:
    deployment = await promoted_and_settled(installation, owner, source=dev, target=staging)
    for name in ("staging", "qa", "qa"):
        environment = (
            staging if name == "staging" else await make_environment(installation, owner, app, name)
        )
        request = Deletion(environment_id=environment.id, confirmation_name=name)
        async with installation.database.transaction() as session:
            await delete_environment(session, principal=owner, request=request)
    answer = await idle_server.data(
        """{
          environment(app: "triage", name: "staging") { id }
          app(name: "triage") {
            environment(name: "staging") { id }
            environments { totalCount nodes { name } }
            deletedEnvironments { totalCount nodes { name deletedAt deployments { totalCount } } }
          }
        }"""
    )
    assert answer["environment"] is None
    assert answer["app"]["environment"] is None
    assert answer["app"]["environments"] == {"totalCount": 1, "nodes": [{"name": "dev"}]}
    deleted = answer["app"]["deletedEnvironments"]
    assert deleted["totalCount"] == 3
    assert [node["name"] for node in deleted["nodes"]] == ["qa", "qa", "staging"]
    assert all(node["deletedAt"] for node in deleted["nodes"])
    assert deleted["nodes"][2]["deployments"] == {"totalCount": 1}
    found = await idle_server.data(NODE, id=encode_id("Environment", staging.id))
    assert found["node"]["name"] == "staging"
    found = await idle_server.data(DEPLOYMENT, id=encode_id("Deployment", deployment.id))
    assert found["deployment"]["version"] == 1


async def statements_of(server: RunningServer, query: str) -> tuple[int, dict[str, Any]]:
    with recorded_queries() as statements:
        data = await server.data(query)
    return len(statements), data


async def test_a_menu_costs_the_same_however_many_environments_it_shows(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
) -> None:
    deployment = await promoted_and_settled(installation, owner, source=dev, target=staging)

    async def fill(names: list[str]) -> None:
        for name in names:
            environment = await make_environment(installation, owner, app, name)
            pinned = await promoted_and_settled(
                installation, owner, source=staging, target=environment
            )
            async with installation.database.transaction() as session:
                await session.exec(
                    update(Environment)
                    .where(col(Environment.id) == environment.id)
                    .values(deploying_id=pinned.id)
                )

    assert deployment.succeeded
    await fill(["made-1"])
    few, _ = await statements_of(idle_server, MENU)
    await fill([f"made-{number}" for number in range(2, 20)])
    many, data = await statements_of(idle_server, MENU)
    nodes = data["app"]["environments"]["nodes"]
    assert len(nodes) == 21
    assert sum(node["deploying"] is not None for node in nodes) == 19
    assert many == few > 3


async def test_a_history_costs_the_same_however_long_it_is(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
) -> None:
    async def promote(count: int) -> None:
        for _ in range(count):
            await promoted_and_settled(installation, owner, source=dev, target=staging)

    await promote(2)
    few, _ = await statements_of(idle_server, HISTORY)
    await promote(48)
    many, data = await statements_of(idle_server, HISTORY)
    assert len(data["environment"]["deployments"]["nodes"]) == 50
    assert many == few > 3
