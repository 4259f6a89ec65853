"""Environments that run: each its own version, through promotions, deaths and bad versions."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL, SIGUSR1

import anyio
import httpx2
import pytest
from anyio import fail_after

from tests.support.processes import open_site
from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import Repository
from tests.support.runtimes import (
    DIES_IN_PROD,
    SAYS_WHO_IT_IS,
    WAITS_FOR_A_SIGNAL,
    call,
    runtime_processes,
    runtimes_now,
    under_load,
)
from tests.support.servers import Client, RunningServer

LOAD_SECONDS = 1.5
HANG_SECONDS = 120
CROWD = 200
RUNTIME_LOG = """
subscription ($id: ID!, $after: String) {
  runtimeLog(environmentId: $id, after: $after) { cursor omitted lines { number text } }
}
"""
DELETE = """
mutation ($id: ID!, $name: String!) {
  deleteEnvironment(input: {environmentId: $id, confirmationName: $name}) { __typename }
}
"""


@pytest.fixture
async def app(server: RunningServer, repository: Repository) -> AppInUse:
    repository.commit({"handler.py": SAYS_WHO_IT_IS}, message="The first handler")
    with fail_after(HANG_SECONDS):
        return await make_app(server, repository.path, environments=("staging", "prod"))


async def ship(server: Client, app: AppInUse, source: str, target: str) -> dict[str, str]:
    """Promote and wait for the end of it."""
    accepted = await promote(
        server, source=app.environments[source], target=app.environments[target]
    )
    return await settled(server, accepted["id"])


async def push(server: Client, app: AppInUse, repository: Repository, handler: bytes) -> str:
    """Commit a handler and wait until dev has built it."""
    sha = repository.commit({"handler.py": handler})

    async def built() -> bool:
        return (await app.now(server))["dev"]["codeCommit"] == {"sha": sha}

    await until(built)
    return sha


@pytest.mark.long
async def test_three_environments_run_three_versions_at_once(
    server: RunningServer, app: AppInUse, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        shas = {"prod": repository.head}
        assert (await ship(server, app, "dev", "prod"))["status"] == "DEPLOYED"
        await ship(server, app, "dev", "staging")
        shas["staging"] = await push(server, app, repository, SAYS_WHO_IT_IS + b"\n# second\n")
        await ship(server, app, "dev", "staging")
        shas["dev"] = await push(server, app, repository, SAYS_WHO_IT_IS + b"\n# third\n")

        for name, version in (("dev", "0"), ("staging", "2"), ("prod", "1")):
            response = await call(server, app.environments[name], {"n": 1})
            assert response.json() == {
                "data": {"n": 1},
                "environment": name,
                "version": version,
                "commit": shas[name],
            }
            assert response.headers["pinmark-version"] == version
            assert response.headers["pinmark-commit"] == shas[name]


@pytest.mark.long
async def test_no_call_fails_across_a_promotion_a_kill_and_a_version_that_does_not_start(
    server: RunningServer, app: AppInUse, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        await ship(server, app, "dev", "prod")
        async with under_load(server, app.environments["prod"]) as load:
            await push(server, app, repository, SAYS_WHO_IT_IS + b"\n# second\n")
            assert (await ship(server, app, "dev", "prod"))["version"] == 2
            [running] = await only_one_runs()
            os.kill(running, SIGKILL)
            await push(server, app, repository, DIES_IN_PROD)
            failed = await ship(server, app, "dev", "prod")
            await anyio.sleep(LOAD_SECONDS)

        assert (failed["status"], failed["failureClass"]) == ("FAILED", "RUNTIME")
        assert "no database here" in failed["failureReason"]
        assert load.failures == []
        assert set(load.versions) == {"1", "2"}
        assert (await runtimes_now(server))["prod"]["state"] == "HEALTHY"


@pytest.mark.long
async def test_of_200_calls_in_flight_across_a_promotion_not_one_fails(
    repository: Repository, tmp_path: Path
) -> None:
    """A server in a process of its own. The first version holds its calls until it is replaced."""
    limits = httpx2.Limits(max_connections=None)
    with fail_after(HANG_SECONDS), open_site(tmp_path / "site") as site:
        repository = repository.moved_to(site.repositories / "app.git")
        repository.commit({"handler.py": WAITS_FOR_A_SIGNAL})
        async with (
            site.serving() as server,
            httpx2.AsyncClient(base_url=server.base, limits=limits, timeout=60) as client,
            asyncio.TaskGroup() as group,
        ):
            app = await make_app(server, repository.path, environments=("prod",))
            await ship(server, app, "dev", "prod")
            [holding] = runtime_processes(server.program.process.pid)
            crowd, prod = replace(server, client=client), app.environments["prod"]
            held = [group.create_task(call(crowd, prod, "wait")) for _ in range(CROWD)]
            await push(server, app, repository, WAITS_FOR_A_SIGNAL + b"\n# second\n")
            assert (await ship(server, app, "dev", "prod"))["version"] == 2
            assert not any(task.done() for task in held)
            after = await call(server, prod)
            os.kill(holding, SIGUSR1)

        answers = [task.result() for task in held]
        assert [answer.status_code for answer in answers] == [200] * CROWD
        assert {answer.json()["version"] for answer in answers} == {"1"}
        assert {answer.headers["pinmark-version"] for answer in answers} == {"1"}
        assert (after.json(), after.headers["pinmark-version"]) == ({"version": "2"}, "2")


async def only_one_runs() -> list[int]:
    """The one handler process that is left once its predecessor was drained."""

    async def alone() -> bool:
        return len(runtime_processes()) == 1

    await until(alone)
    return runtime_processes()


async def test_a_runtime_that_dies_is_started_again_and_says_why(
    server: RunningServer, app: AppInUse
) -> None:
    with fail_after(HANG_SECONDS):
        await ship(server, app, "dev", "prod")
        [running] = runtime_processes()
        os.kill(running, SIGKILL)

        async def restarted() -> bool:
            runtime = (await runtimes_now(server))["prod"]
            return runtime["restarts"] == 1 and runtime["state"] == "HEALTHY"

        await until(restarted)
        assert (await call(server, app.environments["prod"])).status_code == 200


async def test_dev_runs_from_its_first_call_on_and_follows_every_push(
    server: RunningServer, app: AppInUse, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        assert (await runtimes_now(server))["dev"] is None
        assert runtime_processes() == []
        first = await call(server, app.environments["dev"])
        assert first.headers["pinmark-commit"] == repository.head

        async with under_load(server, app.environments["dev"], callers=2) as load:
            sha = await push(server, app, repository, SAYS_WHO_IT_IS + b"\n# second\n")

            async def follows() -> bool:
                answer = await call(server, app.environments["dev"])
                return answer.headers["pinmark-commit"] == sha

            await until(follows)
        assert load.failures == []


async def test_a_deleted_environment_runs_nothing(server: RunningServer, app: AppInUse) -> None:
    with fail_after(HANG_SECONDS):
        await ship(server, app, "dev", "prod")
        await server.data(DELETE, id=app.environments["prod"], name="prod")

        async def nothing_runs() -> bool:
            return runtime_processes() == []

        await until(nothing_runs)
        response = await call(server, app.environments["prod"])
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_the_log_of_a_runtime_goes_on_from_any_line_and_over_versions(
    server: RunningServer, app: AppInUse
) -> None:
    with fail_after(HANG_SECONDS):
        prod = app.environments["prod"]
        await ship(server, app, "dev", "prod")
        await call(server, prod)
        seen, cursor = await read_log(server, prod, None, until_line="called with prompt-run")
        assert seen[:2] == [(1, "imported in prod"), (2, "called with prompt-run")]

        await ship(server, app, "dev", "prod")
        more, _ = await read_log(server, prod, cursor, until_line="imported in prod")
        assert more == [(3, "imported in prod")]


async def read_log(
    server: RunningServer, environment: str, after: str | None, *, until_line: str
) -> tuple[list[tuple[int, str]], str]:
    seen: list[tuple[int, str]] = []
    async with server.socket() as socket:
        async for answer in socket.run(RUNTIME_LOG, id=environment, after=after):
            chunk = answer["runtimeLog"]
            assert chunk["omitted"] == 0
            seen += [(line["number"], line["text"]) for line in chunk["lines"]]
            if any(text == until_line for _, text in seen):
                return seen, chunk["cursor"]
    raise AssertionError("the log ended")
