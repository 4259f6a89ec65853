"""The main job over GraphQL, for tests whose server is another process."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from tests.support.servers import Client, Data

LOOK_SECONDS = 0.02

CREATE_APP = """
mutation ($name: String!) {
  createApp(input: {name: $name}) { ... on CreateAppSuccess { app { id databaseId } } }
}
"""
LINK = """
mutation ($app: ID!, $url: String!) {
  linkRepository(input: {appId: $app, url: $url}) { __typename }
}
"""
CREATE_ENVIRONMENT = """
mutation ($app: ID!, $name: String!) {
  createEnvironment(input: {appId: $app, name: $name}) {
    ... on CreateEnvironmentSuccess { environment { id } }
  }
}
"""
PROMOTE = """
mutation ($source: ID!, $target: ID!) {
  promoteEnvironment(input: {sourceId: $source, targetId: $target}) {
    __typename
    ... on PromoteEnvironmentSuccess { deployment { id databaseId version } }
  }
}
"""
CANCEL = """
mutation ($id: ID!) { cancelDeployment(input: {deploymentId: $id}) { __typename } }
"""
MUTATION = """
mutation ($input: {0}Input!) {{ {1}(input: $input) {{
  __typename
  ... on UserError {{ code message }}
  {2}
}} }}
"""
MADE = "... on {}Success {{ deployment {{ id databaseId version }} }}"
ENVIRONMENTS = """
query ($app: String!) {
  app(name: $app) {
    environments(first: 100) {
      nodes { id name currentVersion codeCommit { sha } pin { version } deploying { id } }
    }
  }
}
"""
DEPLOYMENT = """
query ($id: ID!) {
  deployment(id: $id) {
    databaseId version status failureClass failureReason codeBuild { status }
  }
}
"""
BUILD_LOG = "subscription ($id: ID!) { buildLog(deploymentId: $id) { lines { text } } }"


@dataclass(frozen=True)
class AppInUse:
    """An app with a linked repository; ids stay the same over every restart."""

    id: str
    database_id: str
    name: str
    environments: Mapping[str, str]

    async def now(self, client: Client) -> dict[str, Data]:
        """Its environments as they are, by name."""
        answer = await client.data(ENVIRONMENTS, app=self.name)
        return {each["name"]: each for each in answer["app"]["environments"]["nodes"]}


async def make_app(
    client: Client, repository: object, *, environments: Sequence[str], name: str = "triage"
) -> AppInUse:
    """An app that follows the repository, its dev built, and further environments."""
    app: dict[str, str] = (await client.data(CREATE_APP, name=name))["createApp"]["app"]
    linked = await client.data(LINK, app=app["id"], url=str(repository))
    assert linked["linkRepository"]["__typename"] == "LinkRepositorySuccess", linked
    ids: dict[str, str] = {}
    for each in environments:
        ids[each] = await make_environment(client, app["id"], each)
    made_app = AppInUse(app["id"], app["databaseId"], name, ids)
    ids["dev"] = (await made_app.now(client))["dev"]["id"]
    await until(lambda: _runs(client, made_app))
    return made_app


async def make_environment(client: Client, app: str, name: str) -> str:
    """The id of a new environment."""
    made = await client.data(CREATE_ENVIRONMENT, app=app, name=name)
    return made["createEnvironment"]["environment"]["id"]


async def mutate(client: Client, mutation: str, input: Data) -> Data:
    """What a mutation of an environment or a deployment answers, refusals included."""
    return (await client.data(mutation_query(mutation), input=input))[mutation]


def mutation_query(mutation: str) -> str:
    name = mutation[0].upper() + mutation[1:]
    success = "" if mutation == "deleteEnvironment" else MADE.format(name)
    return MUTATION.format(name, mutation, success)


async def _runs(client: Client, app: AppInUse) -> bool:
    return (await app.now(client))["dev"]["codeCommit"] is not None


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Look until it is so."""
    while True:
        if await look():
            return
        await anyio.sleep(LOOK_SECONDS)


async def ask_promotion(client: Client, *, source: str, target: str) -> Data:
    """What a promotion answers, refusals included."""
    return (await client.data(PROMOTE, source=source, target=target))["promoteEnvironment"]


async def promote(client: Client, *, source: str, target: str) -> dict[str, Any]:
    """The deployment of a promotion that must be accepted."""
    answer = await ask_promotion(client, source=source, target=target)
    assert "deployment" in answer, answer
    return answer["deployment"]


async def cancel(client: Client, identity: str) -> None:
    answer = await client.data(CANCEL, id=identity)
    assert answer["cancelDeployment"]["__typename"] == "CancelDeploymentSuccess", answer


async def deployment_seen(client: Client, identity: str) -> dict[str, Any]:
    return (await client.data(DEPLOYMENT, id=identity))["deployment"]


async def until_building(client: Client, identity: str) -> None:
    async def builds() -> bool:
        return (await deployment_seen(client, identity))["codeBuild"]["status"] != "PENDING"

    await until(builds)


async def settled(client: Client, identity: str) -> dict[str, Any]:
    """The deployment, once it has settled."""

    async def settles() -> bool:
        return (await deployment_seen(client, identity))["status"] != "IN_PROGRESS"

    await until(settles)
    return await deployment_seen(client, identity)


async def build_log(client: Client, identity: str) -> list[str]:
    """Every line of a settled deployment's build."""
    async with client.socket() as socket:
        batches = [answer async for answer in socket.run(BUILD_LOG, id=identity)]
    return [line["text"] for batch in batches for line in batch["buildLog"]["lines"]]
