"""The main job, whole: push, promote, watch, on a real server, socket, database and build."""

from anyio import fail_after

from tests.support.repositories import Repository
from tests.support.samples import WITH_HANDLER
from tests.support.servers import RunningServer

CREATE_APP = """
mutation ($name: String!) {
  createApp(input: {name: $name}) { ... on CreateAppSuccess { app { id } } }
}
"""
LINK = """
mutation ($app: ID!, $url: String!) {
  linkRepository(input: {appId: $app, url: $url}) {
    ... on LinkRepositorySuccess { repository { head { sha } } }
    ... on UserError { code message }
  }
}
"""
CREATE_ENVIRONMENT = """
mutation ($app: ID!, $name: String!) {
  createEnvironment(input: {appId: $app, name: $name}) {
    ... on CreateEnvironmentSuccess { environment { id pinLabel } }
  }
}
"""
PROMOTE = """
mutation ($source: ID!, $target: ID!) {
  promoteEnvironment(input: {sourceId: $source, targetId: $target}) {
    ... on PromoteEnvironmentSuccess { deployment { id version commit { sha } } }
    ... on UserError { code message }
  }
}
"""
WATCH = """
subscription ($id: ID!) {
  deploymentProgress(id: $id) { cursor status fileSyncStatus codeBuildStatus }
}
"""
ENVIRONMENT = """
query ($app: String!, $name: String!) {
  environment(app: $app, name: $name) {
    id pinLabel currentVersion contentCommit { sha } codeCommit { sha }
    pin { version commit { sha } deployment { codeBuild { status cacheHit detail } } }
  }
}
"""


async def watch(server: RunningServer, deployment: str) -> list[tuple[str, str]]:
    async with server.socket() as socket:
        events = [answer["deploymentProgress"] async for answer in socket.run(WATCH, id=deployment)]
    return [(event["fileSyncStatus"], event["codeBuildStatus"]) for event in events]


async def environment(server: RunningServer, name: str) -> dict[str, object]:
    return (await server.data(ENVIRONMENT, app="triage", name=name))["environment"]


async def make(server: RunningServer, app: str, name: str) -> str:
    created = await server.data(CREATE_ENVIRONMENT, app=app, name=name)
    return created["createEnvironment"]["environment"]["id"]


async def promote(server: RunningServer, source: str, target: str) -> dict[str, str]:
    answer = await server.data(PROMOTE, source=source, target=target)
    return answer["promoteEnvironment"]["deployment"]


async def until_dev_runs(server: RunningServer, sha: str) -> None:
    while (await environment(server, "dev"))["codeCommit"] != {"sha": sha}:
        pass


async def test_what_was_tested_in_staging_is_what_ships(
    server: RunningServer, repository: Repository
) -> None:
    first = repository.commit(WITH_HANDLER, message="A handler")
    with fail_after(60):
        app = (await server.data(CREATE_APP, name="triage"))["createApp"]["app"]["id"]
        linked = await server.data(LINK, app=app, url=str(repository.path))
        assert linked["linkRepository"] == {"repository": {"head": {"sha": first}}}
        staging, prod = await make(server, app, "staging"), await make(server, app, "prod")
        dev = (await environment(server, "dev"))["id"]

        tested = await promote(server, str(dev), staging)
        assert (tested["version"], tested["commit"]) == (1, {"sha": first})
        story = await watch(server, tested["id"])
        assert story == [("SYNCED", "PENDING"), ("SYNCED", "BUILDING"), ("SYNCED", "DEPLOYED")]

        second = repository.commit({"README.md": b"Moved on.\n"}, message="Move on")
        await until_dev_runs(server, second)

        shipped = await promote(server, staging, prod)
        assert shipped["commit"] == {"sha": first}
        assert (await watch(server, shipped["id"]))[-1] == ("SYNCED", "SKIPPED")
        served = await environment(server, "prod")
        assert served["pin"] == {
            "version": 1,
            "commit": {"sha": first},
            "deployment": {"codeBuild": {"status": "SKIPPED", "cacheHit": True, "detail": "HIT"}},
        }
        assert (await environment(server, "staging"))["contentCommit"] == {"sha": first}
