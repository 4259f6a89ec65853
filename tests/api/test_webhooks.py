"""Webhooks over HTTP: verified before they are read, taken once, and never believed."""

import hmac
from typing import Any

import orjson
import psycopg
import pytest
from anyio import fail_after, sleep

from pinmark.settings import Settings
from tests.support.repositories import Repository
from tests.support.servers import RunningServer, running_server

SET_UP = """
mutation ($name: String!) {
  createApp(input: {name: $name}) { ... on CreateAppSuccess { app { id databaseId } } }
}
"""
LINK = """
mutation ($app: ID!, $url: String!) {
  linkRepository(input: {appId: $app, url: $url}) {
    ... on LinkRepositorySuccess { repository { webhook { githubUrl gitlabUrl secret } } }
  }
}
"""
ROTATE = """
mutation ($app: ID!) {
  rotateWebhookSecret(input: {appId: $app}) {
    __typename
    ... on RotateWebhookSecretSuccess { repository { webhook { secret } } }
    ... on UserError { code path }
  }
}
"""
DEV = """
query {
  environment(app: "triage", name: "dev") {
    contentCommit { sha } deployments { nodes { commit { sha } } }
  }
}
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A poll too rare to notice anything: only the bell does."""
    return settings.model_copy(update={"repository_poll_seconds": 3600})


class Bell:
    """A Git host that rings for one linked app."""

    def __init__(self, server: RunningServer, webhook: dict[str, str]) -> None:
        self.server = server
        self.webhook = webhook

    async def github(
        self,
        payload: Any,
        *,
        event: str = "push",
        delivery: str = "d-1",
        secret: str | None = None,
    ) -> tuple[int, str]:
        body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
        key = (secret or self.webhook["secret"]).encode()
        headers = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": "sha256=" + hmac.digest(key, body, "sha256").hex(),
        }
        return await self._post(self.webhook["githubUrl"], body, headers)

    async def gitlab(self, payload: Any, *, token: str | None = None) -> tuple[int, str]:
        headers = {
            "X-Gitlab-Event": "Push Hook",
            "X-Gitlab-Token": token or self.webhook["secret"],
            "X-Gitlab-Event-UUID": "u-1",
        }
        return await self._post(self.webhook["gitlabUrl"], orjson.dumps(payload), headers)

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        response = await self.server.client.post(url, content=body, headers=headers)
        return response.status_code, response.json()["status"]


PUSH = {"ref": "refs/heads/main", "after": "f" * 40, "repository": {"full_name": "a/b"}}


@pytest.fixture
async def app(server: RunningServer) -> dict[str, str]:
    return (await server.data(SET_UP, name="triage"))["createApp"]["app"]


@pytest.fixture
async def bell(server: RunningServer, app: dict[str, str], repository: Repository) -> Bell:
    linked = await server.data(LINK, app=app["id"], url=str(repository.path))
    return Bell(server, linked["linkRepository"]["repository"]["webhook"])


async def dev(server: RunningServer) -> dict[str, Any]:
    return (await server.data(DEV))["environment"]


async def until_dev_serves(server: RunningServer, sha: str | None) -> None:
    with fail_after(60):
        while (await dev(server))["contentCommit"] != {"sha": sha}:
            await sleep(0.02)


async def test_a_bell_brings_the_head_that_is_there_whatever_it_claims(
    server: RunningServer, bell: Bell, repository: Repository
) -> None:
    await until_dev_serves(server, repository.head)
    head = repository.commit({"README.md": b"Two.\n"})

    assert await bell.github(PUSH) == (202, "queued")

    await until_dev_serves(server, head)


async def test_gitlab_rings_with_its_token(
    server: RunningServer, bell: Bell, repository: Repository
) -> None:
    head = repository.commit({"README.md": b"Two.\n"})

    assert await bell.gitlab({"ref": "refs/heads/main", "after": "1" * 40}) == (202, "queued")

    await until_dev_serves(server, head)


async def test_a_redelivery_is_taken_once(bell: Bell) -> None:
    assert await bell.github(PUSH, delivery="one") == (202, "queued")
    assert await bell.github(PUSH, delivery="one") == (202, "duplicate")
    assert await bell.github(PUSH, delivery="two") == (202, "queued")


async def test_late_and_swapped_bells_leave_dev_at_head(
    server: RunningServer, bell: Bell, repository: Repository
) -> None:
    repository.commit({"README.md": b"Two.\n"})
    head = repository.commit({"README.md": b"Three.\n"})

    for delivery in ("second", "first", "again"):
        await bell.github(PUSH, delivery=delivery)

    await until_dev_serves(server, head)
    shas = [node["commit"]["sha"] for node in (await dev(server))["deployments"]["nodes"]]
    assert shas.count(head) == 1


@pytest.mark.parametrize(
    "payload",
    [
        PUSH | {"ref": "refs/tags/main"},
        PUSH | {"ref": "refs/heads/other"},
        PUSH | {"deleted": True},
        PUSH | {"after": "0" * 40},
        {"ref": 1},
        [],
        b"not JSON",
        b"",
    ],
    ids=["tag", "other branch", "deletion", "zeros", "odd", "list", "not JSON", "empty"],
)
async def test_what_is_no_push_to_the_branch_is_ignored(bell: Bell, payload: Any) -> None:
    assert await bell.github(payload) == (202, "ignored")


async def test_another_event_is_ignored(bell: Bell) -> None:
    assert await bell.github(PUSH, event="ping") == (202, "ignored")


async def test_a_wrong_signature_and_an_unknown_app_answer_alike(
    server: RunningServer, bell: Bell
) -> None:
    refused = await bell.github(PUSH, secret="guessed")
    bell.webhook["githubUrl"] = f"{server.base}/webhooks/github/{'0' * 32}"

    assert refused == (401, "unverified")
    assert await bell.github(PUSH) == refused
    assert await bell.gitlab(PUSH, token="guessed") == refused
    unsigned = await server.client.post(bell.webhook["githubUrl"], content=b"{}")
    assert (unsigned.status_code, unsigned.json()["status"]) == refused


async def test_a_body_too_large_is_not_kept_in_memory(bell: Bell) -> None:
    assert await bell.github(b" " * (5 * 1024 * 1024 + 1)) == (413, "too_large")


async def test_a_rotated_secret_is_the_only_one(
    server: RunningServer, app: dict[str, str], bell: Bell
) -> None:
    rotated = await server.data(ROTATE, app=app["id"])
    fresh = rotated["rotateWebhookSecret"]["repository"]["webhook"]["secret"]

    assert await bell.github(PUSH) == (401, "unverified")
    assert await bell.github(PUSH, secret=fresh) == (202, "queued")


async def test_the_secret_lies_encrypted_in_the_database(bell: Bell, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        [kept] = connection.execute("SELECT webhook_secret FROM repository").fetchone() or [b""]

    assert bell.webhook["secret"].encode() not in bytes(kept)


async def test_a_bell_outlives_the_server_that_answered_it(
    settings: Settings, database_url: str, repository: Repository
) -> None:
    async with running_server(settings, database_url) as first:
        app = (await first.data(SET_UP, name="triage"))["createApp"]["app"]
        linked = await first.data(LINK, app=app["id"], url=str(repository.path))
        webhook = linked["linkRepository"]["repository"]["webhook"]
        await until_dev_serves(first, repository.head)
    head = repository.commit({"README.md": b"Two.\n"})
    async with running_server(settings, database_url, with_worker=False) as second:
        webhook["githubUrl"] = f"{second.base}/webhooks/github/{app['databaseId']}"
        assert await Bell(second, webhook).github(PUSH) == (202, "queued")
    async with running_server(settings, database_url) as third:
        await until_dev_serves(third, head)
