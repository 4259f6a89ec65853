"""The REST API from a shell, by the words of its own document and of the product's page."""

import os
import re
import subprocess
from pathlib import Path

import anyio
import pytest

from tests.support.repositories import Repository, make_repository
from tests.support.rest import RestApp, rest_app
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT
from tests.support.servers import RunningServer

DOCUMENT = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-rest-api.md"
PRODUCT = """
curl -X POST $PINMARK_URL/v1/environments/$PROD_ENV_ID/promote \\
  -H "Authorization: Bearer $AGENTMARK_API_KEY" \\
  -H "X-Agentmark-App-Id: $AGENTMARK_APP_ID" \\
  -H "Content-Type: application/json" \\
  -d '{
    "source_environment_id": "'"$STAGING_ENV_ID"'",
    "note": "Release 2026-05-29 — sign-off in #releases"
  }'
"""
"""As the product's page prints it, but for the host."""


def script() -> str:
    found = re.search(r"```bash\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


async def run(commands: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return await anyio.run_process(
        ["bash", "-c", commands], env={**os.environ, **variables}, check=False
    )


@pytest.fixture
async def app(server: RunningServer, repository: Repository) -> RestApp:
    app = await rest_app(server, repository.path)
    await app.promote(await app.environment("dev"), await app.make("staging"))
    await app.make("prod")
    return app


async def variables(app: RestApp) -> dict[str, str]:
    return {
        "PINMARK_URL": app.client.base,
        "PINMARK_TOKEN": app.token,
        "PINMARK_APP_ID": app.id,
        "AGENTMARK_API_KEY": app.token,
        "AGENTMARK_APP_ID": app.id,
        "STAGING_ENV_ID": (await app.environment("staging"))["id"],
        "PROD_ENV_ID": (await app.environment("prod"))["id"],
    }


async def test_the_documented_script_promotes_and_waits_for_the_end(app: RestApp) -> None:
    finished = await run(script(), **await variables(app))
    assert finished.returncode == 0, finished.stderr.decode()
    assert finished.stdout.decode() == "skipped: success\n"
    prod = await app.environment("prod")
    assert (prod["pinned_version"], prod["pin_state"]) == (1, "pinned")
    (promotion,) = await app.data("GET", f"/environments/{prod['id']}/deployments")
    assert promotion["note"] == "Release 2026-05-29 — sign-off in #releases"
    assert promotion["source_environment_name"] == "staging"


async def test_the_products_own_command_works_as_printed(app: RestApp) -> None:
    asked = await variables(app)
    key = await app.data(
        "POST",
        "/api-keys",
        {
            "name": "CI",
            "permissions": ["environment.read", "environment.promote"],
            "environment_name": "prod",
        },
    )
    finished = await run(PRODUCT, **{**asked, "AGENTMARK_API_KEY": key["plaintext_key"]})
    assert finished.returncode == 0, finished.stderr.decode()
    accepted = RestApp(app.client, app.id, key["plaintext_key"])
    (deployment,) = await app.data("GET", f"/environments/{asked['PROD_ENV_ID']}/deployments")
    assert deployment["id"].encode() in finished.stdout
    ended = await accepted.ended(deployment["id"])
    assert (ended["deployment_status"], ended["initiated_by"]) == ("success", "CI")


async def test_a_script_that_is_refused_says_why_and_fails(
    app: RestApp, repository: Repository, tmp_path: Path
) -> None:
    asked = await variables(app)
    other = make_repository(tmp_path / "repositories" / "other.git")
    other.commit(FIRST_COMMIT)
    broken = await rest_app(app.client, other.path, name="broken")
    other.commit(INVALID_CONTENT)
    target = await broken.make("prod")
    finished = await run(
        script(),
        **{
            **asked,
            "PINMARK_APP_ID": broken.id,
            "PROD_ENV_ID": target["id"],
            "STAGING_ENV_ID": (await broken.environment("dev"))["id"],
        },
    )
    assert finished.returncode != 0
    assert b"content_invalid" in finished.stdout + finished.stderr
