"""Two servers on one database: no read that begins after an acknowledged write misses it."""

from collections.abc import Sequence

import pytest
from anyio import create_task_group

from tests.support.fault_scale import OPERATIONS, report
from tests.support.processes import ServerProcess, Site
from tests.support.promoting import CREATE_APP, make_environment
from tests.support.servers import Client

COUNT = "query ($app: String!) { app(name: $app) { environments { totalCount } } }"
CREATE_KEY = """
    mutation ($environment: ID!) {
      createApiKey(input: {
        environmentId: $environment, name: "ci", permissions: ["app.read", "environment.read"]
      }) {
        ... on CreateApiKeySuccess { plaintext apiKey { id } }
      }
    }
"""
REVOKE = "mutation ($key: ID!) { revokeApiKey(input: { apiKeyId: $key }) { __typename } }"
APP = '{ app(name: "triage") { name } }'
WRITES = max(8, OPERATIONS // 20)
"""Of each of two writers."""
READERS = 4


class Written:
    """How many environments there are at least, and at most, by what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged = 1  # dev
        self.begun = 1
        self.writers = 0
        self.reads = 0


async def write(server: Client, app: str, written: Written, name: str) -> None:
    for number in range(WRITES):
        written.begun += 1
        await make_environment(server, app, f"{name}{number}")
        written.acknowledged += 1
    written.writers -= 1


async def read(servers: Sequence[Client], written: Written) -> None:
    while written.writers:
        for server in servers:
            at_least = written.acknowledged
            answer = await server.data(COUNT, app="triage")
            found = answer["app"]["environments"]["totalCount"]
            assert at_least <= found <= written.begun
            written.reads += 1


async def make_app(server: ServerProcess) -> str:
    return (await server.data(CREATE_APP, name="triage"))["createApp"]["app"]["id"]


@pytest.mark.long
async def test_no_read_misses_a_write_that_was_acknowledged_before_it(site: Site) -> None:
    written = Written()
    async with site.serving("--no-worker") as first:
        site.settings["PINMARK_DATABASE_URL"] = site.database_url
        async with site.serving("--no-worker") as second, create_task_group() as group:
            app = await make_app(first)
            written.writers = 2
            group.start_soon(write, first, app, written, "a")
            group.start_soon(write, second, app, written, "b")
            for number in range(READERS):
                servers = (first, second) if number % 2 else (second, first)
                group.start_soon(read, servers, written)
    report("fresh answers", writes=2 * WRITES, reads=written.reads)
    assert written.reads > WRITES


@pytest.mark.long
async def test_a_key_that_was_revoked_at_one_server_is_nobodys_at_once_on_the_other(
    site: Site,
) -> None:
    async with site.serving("--no-worker") as first:
        site.settings["PINMARK_DATABASE_URL"] = site.database_url
        async with site.serving("--no-worker") as second:
            environment = await make_environment(first, await make_app(first), "staging")
            for _ in range(max(3, OPERATIONS // 100)):
                made = (await first.data(CREATE_KEY, environment=environment))["createApiKey"]
                for _ in range(3):  # the third time it is what was kept
                    assert "data" in await second.graphql(APP, token=made["plaintext"])
                await first.data(REVOKE, key=made["apiKey"]["id"])

                refused = await second.graphql(APP, token=made["plaintext"])

                assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
