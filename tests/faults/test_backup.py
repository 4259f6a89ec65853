"""A backup that is taken while promotions run is a whole installation once it is restored."""

from uuid import UUID

import anyio
import httpx2
import pytest
from anyio import fail_after

from services import audit_log
from services.database import open_database
from tests.support.histories import settled_history
from tests.support.history_rules import assert_whole
from tests.support.processes import ServerProcess, Site
from tests.support.promoting import AppInUse, ask_promotion, make_app, promote, settled
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT

HANG_SECONDS = 240
TARGETS = ("staging", "prod", "canary")
SET = """
mutation ($environment: ID!) {
  setEnvironmentVariable(
    input: {environmentId: $environment, name: "API_URL", value: "hunter2", phase: RUNTIME}
  ) { __typename }
}
"""
REVEAL = """
mutation ($id: ID!) {
  revealEnvironmentVariable(input: {variableId: $id}) {
    ... on RevealEnvironmentVariableSuccess { value }
  }
}
"""
VARIABLES = """
query ($id: ID!) {
  node(id: $id) {
    ... on Environment { databaseId variables(first: 10) { nodes { id name } } }
  }
}
"""


async def keep_promoting(server: ServerProcess, app: AppInUse, repository: Repository) -> None:
    number = 0
    while True:
        number += 1
        repository.commit({"agentmark/more.txt": f"{number}\n".encode()})
        for target in TARGETS:
            try:
                await ask_promotion(
                    server, source=app.environments["dev"], target=app.environments[target]
                )
            except httpx2.TransportError:
                return


async def content_of(server: ServerProcess, app: AppInUse) -> bytes:
    """A prompt of prod, byte for byte."""
    found = (await server.data(VARIABLES, id=app.environments["prod"]))["node"]
    response = await server.client.get(
        "/v1/content/agentmark/triage.prompt.mdx",
        headers={
            "Authorization": f"Bearer {server.token}",
            "X-Pinmark-Environment-Id": found["databaseId"],
        },
    )
    assert response.status_code == 200, response.text
    return response.content


@pytest.mark.long
async def test_a_backup_taken_in_the_middle_of_promotions_is_whole_once_restored(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=TARGETS)
            dev, prod = app.environments["dev"], app.environments["prod"]
            await server.data(SET, environment=prod)
            await settled(server, (await promote(server, source=dev, target=prod))["id"])
            async with anyio.create_task_group() as group:
                group.start_soon(keep_promoting, server, app, linkable)
                await anyio.sleep(0.5)
                assert await site.start("backup", str(site.root / "backup")).ended() == 0
                group.cancel_scope.cancel()
            assert await server.program.terminate() == 0

        site.data.rename(site.root / "lost")
        restoring = site.start("restore", str(site.root / "backup"))
        assert await restoring.ended() == 0, restoring.said

        async with site.serving() as server:
            history = await settled_history(site.database_url, UUID(app.database_id))
            assert_whole(history)
            assert history.deployments
            assert await content_of(server, app) == FIRST_COMMIT["agentmark/triage.prompt.mdx"]
            async with open_database(site.database_url) as database:
                assert (await audit_log.verify(database)).is_whole
            found = (await server.data(VARIABLES, id=prod))["node"]["variables"]["nodes"]
            revealed = await server.data(REVEAL, id=found[0]["id"])
            assert revealed["revealEnvironmentVariable"]["value"] == "hunter2"
            again = await promote(server, source=dev, target=prod)
            assert (await settled(server, again["id"]))["status"] == "DEPLOYED"


@pytest.mark.long
async def test_a_restore_touches_no_installation_that_is_there(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker"):
            assert await site.start("backup", str(site.root / "backup")).ended() == 0
            again = site.start("backup", str(site.root / "backup"))
            assert await again.ended() == 1
            assert "is there already" in again.said
            refused = site.start("restore", str(site.root / "backup"))
            assert await refused.ended() == 1
            assert "has an installation" in refused.said
