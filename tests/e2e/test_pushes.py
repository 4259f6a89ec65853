"""Pushes as they are: Git's own program, a host behind TLS, webhooks that get lost, a server."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from anyio import fail_after

from tests.support.bells import Bell
from tests.support.git_clients import GitClone, make_clone
from tests.support.git_host import git_host
from tests.support.processes import ServerProcess, open_site
from tests.support.promoting import promote, settled, until
from tests.support.repositories import Repository, collect_garbage, make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT

NEVER = "3600"
HANG_SECONDS = 120
NAME = "acme/triage"
PUSHES = 200
BY_GIT = 10
CREATE_APP = """
mutation { createApp(input: {name: "triage"}) { ... on CreateAppSuccess { app { id } } } }
"""
LINK = """
mutation ($app: ID!, $url: String!) {
  linkRepository(input: {appId: $app, url: $url}) {
    ... on LinkRepositorySuccess { repository { webhook { githubUrl gitlabUrl secret } } }
    ... on UserError { message }
  }
}
"""
CREATE_STAGING = """
mutation ($app: ID!) {
  createEnvironment(input: {appId: $app, name: "staging"}) {
    ... on CreateEnvironmentSuccess { environment { id } }
  }
}
"""
DEV = """
query ($after: String) {
  environment(app: "triage", name: "dev") {
    id
    contentCommit { sha }
    files(first: 100) { nodes { path digest } }
    deployments(first: 100, after: $after) {
      totalCount nodes { status commit { sha } } pageInfo { endCursor hasNextPage }
    }
  }
}
"""
STAGING = """
query { environment(app: "triage", name: "staging") {
  id pin { version commit { sha } } files(first: 100) { nodes { path digest } }
} }
"""
ROLL_BACK = """
mutation ($id: ID!) {
  rollbackEnvironment(input: {environmentId: $id, version: 1}) {
    ... on RollbackEnvironmentSuccess { deployment { id } }
    ... on UserError { message }
  }
}
"""
REDEPLOY = """
mutation ($id: ID!) {
  redeployEnvironment(input: {environmentId: $id}) {
    ... on RedeployEnvironmentSuccess { deployment { id } }
    ... on UserError { message }
  }
}
"""


@dataclass(frozen=True)
class Linked:
    """A server whose app follows ``main`` at a Git host that somebody pushes to."""

    server: ServerProcess
    clone: GitClone
    origin: Repository
    bell: Bell
    app: str

    async def dev(self, after: str | None = None) -> dict[str, Any]:
        return (await self.server.data(DEV, after=after))["environment"]

    async def recorded(self) -> list[str]:
        """The commits of all records of dev, oldest first."""
        shas: list[str] = []
        after = None
        while True:
            page = (await self.dev(after))["deployments"]
            shas += [node["commit"]["sha"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return shas[::-1]

    async def until_dev_serves(self, sha: str | None) -> None:
        async def serves() -> bool:
            return (await self.dev())["contentCommit"] == {"sha": sha}

        await until(serves)

    async def until_settled(self) -> None:
        async def idle() -> bool:
            nodes = (await self.dev())["deployments"]["nodes"]
            return all(node["status"] != "IN_PROGRESS" for node in nodes)

        await until(idle)

    async def staging(self) -> dict[str, Any]:
        return (await self.server.data(STAGING))["environment"]


def digests(environment: dict[str, Any]) -> dict[str, str]:
    return {node["path"]: node["digest"] for node in environment["files"]["nodes"]}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@asynccontextmanager
async def linked(folder: Path, *, poll_seconds: str) -> AsyncGenerator[Linked]:
    certificate = folder / "certificate.pem"
    (folder / "host").mkdir()
    with (
        git_host(folder / "host", certificate) as host,
        open_site(
            folder / "site",
            PINMARK_REPOSITORY_HOSTS="localhost",
            PINMARK_REPOSITORY_POLL_SECONDS=poll_seconds,
            SSL_CERT_FILE=str(certificate),
        ) as site,
    ):
        origin = make_repository(host.root / NAME)
        clone = make_clone(folder / "clone", f"{host.url}/{NAME}", certificate)
        clone.commit({path: content or b"" for path, content in FIRST_COMMIT.items()})
        clone.push()
        async with site.serving() as server:
            app = (await server.data(CREATE_APP))["createApp"]["app"]["id"]
            answer = (await server.data(LINK, app=app, url=clone.url))["linkRepository"]
            webhook = answer["repository"]["webhook"]
            found = Linked(server, clone, origin, Bell(server, webhook, NAME), app)
            await found.until_dev_serves(origin.head)
            yield found


@pytest.fixture
async def rung(tmp_path: Path) -> AsyncGenerator[Linked]:
    """One whose poll comes too seldom to notice anything: only webhooks do."""
    with fail_after(HANG_SECONDS):
        async with linked(tmp_path, poll_seconds=NEVER) as found:
            yield found


@pytest.fixture
async def polled(tmp_path: Path) -> AsyncGenerator[Linked]:
    """One whose poll looks all the time."""
    with fail_after(HANG_SECONDS):
        async with linked(tmp_path, poll_seconds="0.5") as found:
            yield found


async def test_a_push_and_its_webhook_move_dev_whichever_host_rings(rung: Linked) -> None:
    """And what is not such a push moves nothing, though the branch has moved."""
    bell, clone = rung.bell, rung.clone
    rings: list[Callable[[str], Awaitable[tuple[int, str]]]] = [
        lambda sha: bell.github(bell.push(after=sha), delivery="one"),
        lambda sha: bell.gitlab(bell.push(after=sha), delivery="two"),
    ]
    for number, ring in enumerate(rings):
        content = PROMPT + b"%d" % number
        sha = clone.commit({"agentmark/new.prompt.mdx": content})
        clone.push()
        assert await ring(sha) == (202, "queued")
        await rung.until_dev_serves(sha)
        assert digests(await rung.dev())["agentmark/new.prompt.mdx"] == digest(content)
    before = await rung.recorded()

    unseen = clone.commit({"README.md": b"Nobody rings for this.\n"})
    clone.push()
    clone.git("tag", "v1")
    clone.push("v1")
    clone.push("main:elsewhere")
    told = [
        await bell.github(bell.push(ref="refs/tags/v1")),
        await bell.github(bell.push(ref="refs/heads/elsewhere")),
        await bell.github(bell.push(repository={"full_name": "acme/other"}, project={})),
        await bell.gitlab(bell.push(project={"path_with_namespace": "acme/other"}, repository={})),
        await bell.github(bell.push(), delivery="one"),
        await bell.github(bell.push(after=unseen), secret="guessed"),
        await bell.gitlab(bell.push(after=unseen), token="guessed"),
    ]

    assert told == [
        *[(202, "ignored")] * 4,
        (202, "duplicate"),
        *[(401, "unverified")] * 2,
    ]
    assert await rung.recorded() == before
    assert await bell.github(bell.push(after=unseen)) == (202, "queued")
    await rung.until_dev_serves(unseen)
    assert await rung.recorded() == [*before, unseen]


@pytest.mark.long
async def test_without_any_webhook_the_poll_moves_dev(polled: Linked) -> None:
    before = await polled.recorded()
    sha = polled.clone.commit({"agentmark/new.prompt.mdx": PROMPT})
    polled.clone.push("main", "main:elsewhere")

    await polled.until_dev_serves(sha)

    assert await polled.recorded() == [*before, sha]


@pytest.mark.long
async def test_however_webhooks_are_lost_doubled_and_shuffled_dev_ends_at_head(
    polled: Linked,
) -> None:
    """200 pushes, some of them by Git itself, while the poll looks beside the webhooks."""
    chance = random.Random(200)
    pushed = [polled.origin.head]
    ringing: list[asyncio.Task[tuple[int, str]]] = []

    async def ring_late(sha: str, delivery: str) -> tuple[int, str]:
        await asyncio.sleep(chance.random())
        payload = polled.bell.push(after=sha)
        if chance.random() < 0.5:
            return await polled.bell.github(payload, delivery=delivery)
        return await polled.bell.gitlab(payload, delivery=delivery)

    for number in range(PUSHES):
        files = {"agentmark/new.prompt.mdx": PROMPT + b"%d" % number}
        if number % (PUSHES // BY_GIT) == 0:
            polled.clone.git("pull", "--quiet", "--rebase", "origin", "main")
            sha = polled.clone.commit(files)
            await asyncio.to_thread(polled.clone.push)
        else:
            sha = polled.origin.commit({**files})
        pushed.append(sha)
        for _ in range(chance.choice((0, 0, 1, 2, 3))):
            ringing.append(asyncio.create_task(ring_late(sha, f"push-{number}")))
        await asyncio.sleep(0.02)
    answers = await asyncio.gather(*ringing)
    await polled.until_dev_serves(pushed[-1])
    await polled.until_settled()

    assert {status for status, _ in answers} == {202}
    assert {outcome for _, outcome in answers} == {"queued", "duplicate"}
    recorded = await polled.recorded()
    assert recorded == [sha for sha in pushed if sha in set(recorded)]
    assert recorded[-1] == pushed[-1] == polled.origin.head
    last = PROMPT + b"%d" % (PUSHES - 1)
    assert digests(await polled.dev())["agentmark/new.prompt.mdx"] == digest(last)


@pytest.mark.long
async def test_a_rewritten_branch_takes_nothing_from_what_is_pinned(polled: Linked) -> None:
    """Nor does a deleted one; and the branch that comes back is followed again."""
    server, clone = polled.server, polled.clone
    created = await server.data(CREATE_STAGING, app=polled.app)
    staging = created["createEnvironment"]["environment"]["id"]
    handler = b"def handler(event):\n    return 1\n"
    first = clone.commit({"handler.py": handler, "agentmark/new.prompt.mdx": PROMPT})
    clone.push()
    await polled.until_dev_serves(first)
    await ship(polled, staging)
    pinned = digests(await polled.staging())

    clone.git("checkout", "--quiet", "--orphan", "rewritten")
    rewritten = clone.commit({"handler.py": handler.replace(b"1", b"2")}, "Another history")
    clone.push("--force", "rewritten:main")
    collect_garbage(polled.origin.path)
    await polled.until_dev_serves(rewritten)
    assert (await polled.staging())["pin"] == {"version": 1, "commit": {"sha": first}}
    await ship(polled, staging)

    clone.push("--delete", "main")
    before = await polled.recorded()
    redeployed = (await server.data(REDEPLOY, id=staging))["redeployEnvironment"]
    assert (await settled(server, redeployed["deployment"]["id"]))["status"] == "DEPLOYED"
    back = (await server.data(ROLL_BACK, id=staging))["rollbackEnvironment"]
    assert (await settled(server, back["deployment"]["id"]))["status"] == "DEPLOYED"
    rebuilt = (await server.data(REDEPLOY, id=staging))["redeployEnvironment"]
    assert (await settled(server, rebuilt["deployment"]["id"]))["status"] == "DEPLOYED"
    served = await polled.staging()
    assert (served["pin"], digests(served)) == ({"version": 1, "commit": {"sha": first}}, pinned)
    assert await polled.recorded() == before
    assert (await polled.dev())["contentCommit"] == {"sha": rewritten}

    again = clone.commit({"README.md": b"Back.\n"})
    clone.push("rewritten:main")
    await polled.until_dev_serves(again)
    assert await polled.recorded() == [*before, again]


async def ship(linked: Linked, staging: str) -> None:
    """Promote dev into staging, to the end."""
    source = (await linked.dev())["id"]
    accepted = await promote(linked.server, source=source, target=staging)
    assert (await settled(linked.server, accepted["id"]))["status"] == "DEPLOYED"
