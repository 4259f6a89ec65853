"""The example apps as their users run them: three environments, three versions, one server."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio import create_task_group, fail_after

from tests.support.processes import ServerProcess, open_site
from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import Repository, make_repository
from tests.support.runtimes import call
from tests.support.samples import example_files

HANG_SECONDS = 240
MODEL = b"openai/gpt-4o-mini"
ENVIRONMENTS = ("dev", "staging", "prod")
NAMED = ("environment", "version", "commit")


@dataclass(frozen=True)
class Example:
    """An example app; an edition of it is told by the model of ``prompt`` and the evals."""

    name: str
    handler: str
    evals: bytes
    prompt: str
    input: dict[str, Any]

    def edition(self, number: int) -> dict[str, bytes | None]:
        """The app with other content and other code than every other edition."""
        files: dict[str, bytes | None] = {**example_files(self.name)}
        path = f"agentmark/{self.prompt}.prompt.mdx"
        files[path] = replaced(files[path], MODEL, b"edition-%d" % number)
        evals = self.evals + b', "edition-%d"' % number
        files[self.handler] = replaced(files[self.handler], self.evals, evals)
        return files


def replaced(content: bytes | None, old: bytes, new: bytes) -> bytes:
    assert content is not None
    assert old in content
    return content.replace(old, new)


TRIAGE = Example(
    name="support-triage",
    handler="handler.py",
    evals=b'"category", "urgency"',
    prompt="support/triage",
    input={"subject": "All is down", "body": "We cannot ship.", "plan": "team"},
)
NOTES = Example(
    name="release-notes",
    handler="handler.ts",
    evals=b'"level", "version"',
    prompt="releases/plan",
    input={"product": "Pinmark", "previous": "1.0.0", "changes": ["feat: environments"]},
)


@dataclass(frozen=True)
class Shipped:
    """An app whose environments run the editions 3, 2 and 1, and the commit of each edition."""

    example: Example
    app: AppInUse
    commits: dict[str, str]


async def ship(server: ServerProcess, example: Example, repository: Repository) -> Shipped:
    """The first edition goes to prod, the second to staging, the third is pushed."""
    commits = {"prod": repository.commit(example.edition(1))}
    app = await make_app(
        server, repository.path, environments=("staging", "prod"), name=example.name
    )
    dev, staging, prod = (app.environments[name] for name in ENVIRONMENTS)
    for target in (staging, prod):
        accepted = await promote(server, source=dev, target=target)
        outcome = await settled(server, accepted["id"])
        assert outcome["status"] == "DEPLOYED", outcome
    commits["staging"] = await push(server, app, repository, example.edition(2))
    accepted = await promote(server, source=dev, target=staging)
    assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
    commits["dev"] = await push(server, app, repository, example.edition(3))
    return Shipped(example, app, commits)


async def push(
    server: ServerProcess,
    app: AppInUse,
    repository: Repository,
    files: dict[str, bytes | None],
) -> str:
    sha = repository.commit(files)

    async def built() -> bool:
        return (await app.now(server))["dev"]["codeCommit"] == {"sha": sha}

    await until(built)
    return sha


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[ServerProcess]:
    with open_site(tmp_path) as site:
        async with site.serving() as server:
            yield server


@pytest.mark.long
async def test_both_example_apps_run_in_three_environments_at_three_versions_at_once(
    server: ServerProcess, tmp_path: Path
) -> None:
    shipped: list[Shipped] = []

    async def ship_one(example: Example) -> None:
        repository = make_repository(tmp_path / "repositories" / f"{example.name}.git")
        shipped.append(await ship(server, example, repository))

    with fail_after(HANG_SECONDS):
        async with create_task_group() as group:
            for example in (TRIAGE, NOTES):
                group.start_soon(ship_one, example)
        async with create_task_group() as group:
            for each in shipped:
                for environment in ENVIRONMENTS:
                    group.start_soon(check_answers, server, each, environment)


async def check_answers(server: ServerProcess, shipped: Shipped, environment: str) -> None:
    """What runs in an environment has the content and the code of its own edition."""
    edition, version = {"dev": (3, 0), "staging": (2, 2), "prod": (1, 1)}[environment]
    identity = shipped.app.environments[environment]
    prompt, given = shipped.example.prompt, shipped.example.input
    ran = await call(server, identity, {"prompt": prompt, "input": given})
    evals = await call(server, identity, type="get-evals")
    assert (ran.status_code, evals.status_code) == (200, 200), (ran.text, evals.text)
    assert ran.json()["model"] == f"edition-{edition}"
    assert evals.json()["result"][-1] == f"edition-{edition}"
    for answer in (ran, evals):
        assert {name: answer.headers[f"pinmark-{name}"] for name in NAMED} == {
            "environment": environment,
            "version": str(version),
            "commit": shipped.commits[environment],
        }
