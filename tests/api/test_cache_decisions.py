"""Why a build was made or not, as it is shown on the deployment."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
from anyio import fail_after

from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import Repository
from tests.support.samples import PROMPT, WITH_HANDLER
from tests.support.servers import RunningServer

HANG_SECONDS = 60
DECISION = """
query ($id: ID!) {
  deployment(id: $id) {
    codeBuild { status detail cacheHit cacheDecision { kind detail key } }
  }
}
"""
NEWEST = """
query {
  environment(app: "triage", name: "dev") {
    deployments(first: 1) { nodes { id status commit { sha } } }
  }
}
"""
REDEPLOY = """
mutation ($id: ID!) {
  redeployEnvironment(input: {environmentId: $id}) {
    ... on RedeployEnvironmentSuccess { deployment { id } }
  }
}
"""


@dataclass(frozen=True)
class Pushing:
    """A server, and the repository that an app of it follows."""

    server: RunningServer
    app: AppInUse
    repository: Repository

    async def decision(self, deployment: str) -> dict[str, Any]:
        return (await self.server.data(DECISION, id=deployment))["deployment"]["codeBuild"]

    async def push(self, files: dict[str, bytes | None], message: str = "A push") -> dict[str, Any]:
        """What was decided for the build of a push into dev."""
        sha = self.repository.commit(files, message=message)

        async def newest() -> dict[str, Any]:
            nodes = (await self.server.data(NEWEST))["environment"]["deployments"]["nodes"]
            return nodes[0]

        async def done() -> bool:
            node = await newest()
            return node["commit"]["sha"] == sha and node["status"] != "IN_PROGRESS"

        await until(done)
        return await self.decision((await newest())["id"])

    async def promote(self) -> dict[str, Any]:
        """What was decided for the build of a promotion from dev."""
        source, target = self.app.environments["dev"], self.app.environments["staging"]
        accepted = await promote(self.server, source=source, target=target)
        assert (await settled(self.server, accepted["id"]))["status"] == "DEPLOYED"
        return await self.decision(accepted["id"])


@pytest.fixture
async def pushing(server: RunningServer, repository: Repository) -> AsyncGenerator[Pushing]:
    repository.commit({"handler.py": b"def handler(event):\n    return 0\n"})
    with fail_after(HANG_SECONDS):
        app = await make_app(server, repository.path, environments=["staging"])
        yield Pushing(server, app, repository)


def shown(status: str, kind: str, **more: Any) -> dict[str, Any]:
    """A decision as the API shows it, its key left out."""
    decision = {"kind": kind, "detail": None, **more}
    return {"status": status, "cacheHit": kind == "HIT", "cacheDecision": decision}


def without_key(build: dict[str, Any]) -> dict[str, Any]:
    decision = {name: build["cacheDecision"][name] for name in ("kind", "detail")}
    return {"status": build["status"], "cacheHit": build["cacheHit"], "cacheDecision": decision}


async def test_each_decision_of_a_push_is_shown_on_its_deployment(pushing: Pushing) -> None:
    with fail_after(HANG_SECONDS):
        changed = await pushing.push({**WITH_HANDLER, "triage/rules.py": b"RULES = []\n"})
        content = await pushing.push({"agentmark/new.prompt.mdx": PROMPT})
        forced = await pushing.push({"agentmark/new.prompt.mdx": None}, "Again [force build]")
        skipped = await pushing.push({"handler.py": b"syntax error"}, "Later [skip build]")
        quiet = await pushing.push({"handler.py": b"error"}, "Later [skip deploy]")
        without = await pushing.push({"handler.py": None})

    assert without_key(changed) == shown("DEPLOYED", "MISS_CODE_CHANGED", detail="handler.py")
    assert without_key(content) == shown("SKIPPED", "HIT")
    assert without_key(forced) == shown("DEPLOYED", "FORCED_REBUILD")
    assert without_key(skipped) == without_key(quiet) == shown("SKIPPED", "FORCED_SKIP")
    assert without_key(without) == shown("SKIPPED", "NO_HANDLER")
    keys = [each["cacheDecision"]["key"] for each in (changed, content, forced)]
    assert len({*keys}) == 1
    assert len(keys[0]) == 64
    assert [each["detail"] for each in (content, skipped, quiet, without)] == [
        "HIT",
        "FORCED_SKIP",
        "SKIP_DEPLOY",
        "NO_HANDLER",
    ]


async def test_each_decision_of_a_promotion_is_shown_on_its_deployment(pushing: Pushing) -> None:
    """Pinned environments share their builds, and have none of dev's."""
    with fail_after(HANG_SECONDS):
        first = await pushing.promote()
        again = await pushing.promote()
        staging = pushing.app.environments["staging"]
        answer = (await pushing.server.data(REDEPLOY, id=staging))["redeployEnvironment"]
        redeployed = answer["deployment"]["id"]
        await settled(pushing.server, redeployed)
        await pushing.push({"handler.py": b"def handler(event):\n    return 2\n"}, "[skip build]")
        changed = await pushing.promote()

    assert without_key(first) == shown("DEPLOYED", "MISS_NO_PREVIOUS_BUILD")
    assert without_key(again) == shown("SKIPPED", "HIT")
    assert without_key(await pushing.decision(redeployed)) == shown("DEPLOYED", "FORCED_REBUILD")
    assert without_key(changed) == shown("DEPLOYED", "MISS_CODE_CHANGED", detail="handler.py")
    assert again["cacheDecision"]["key"] == first["cacheDecision"]["key"]
    assert changed["cacheDecision"]["key"] != first["cacheDecision"]["key"]
