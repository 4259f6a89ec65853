"""A key revoked at one server ends what it follows on another."""

from pathlib import Path

import pytest

from pinmark.settings import Settings
from tests.support.processes import open_site
from tests.support.promoting import make_app
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import running_server

CREATE = """
    mutation ($environment: ID!) {
      createApiKey(input: {
        environmentId: $environment, name: "ci", permissions: ["app.read", "environment.read"]
      }) {
        ... on CreateApiKeySuccess { plaintext apiKey { id } }
      }
    }
"""
REVOKE = """
    mutation ($key: ID!) { revokeApiKey(input: { apiKeyId: $key }) { __typename } }
"""
VIEWER = "{ viewer { name } }"
APP_EVENTS = "subscription ($app: ID!) { appEvents(appId: $app) { kind } }"


@pytest.mark.long
async def test_a_key_revoked_at_one_server_is_nobodys_on_another(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        repository = make_repository(site.repositories / "app.git")
        repository.commit(FIRST_COMMIT)
        async with site.serving() as first:
            app = await make_app(first, repository.path, environments=("staging",))
            made = (await first.data(CREATE, environment=app.environments["staging"]))[
                "createApiKey"
            ]
            settings = Settings(data_dir=site.data)
            async with running_server(settings, site.database_url, with_worker=False) as second:
                key = made["plaintext"]
                assert "data" in await second.graphql(VIEWER, token=key)
                async with second.socket(token=key) as socket:
                    payload = {"query": APP_EVENTS, "variables": {"app": app.id}}
                    await socket.send({"id": "1", "type": "subscribe", "payload": payload})
                    await first.data(REVOKE, key=made["apiKey"]["id"])
                    assert await socket.close_code() == 4401
                refused = await second.graphql(VIEWER, token=key)
                assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
