"""Run-time variables: what runs follows every change of them, and no call is lost."""

import os
from signal import SIGKILL

import anyio
import pytest
from anyio import fail_after

from tests.support.mutations import mutate
from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import Repository
from tests.support.runtimes import call, runtime_processes, under_load
from tests.support.servers import Data, RunningServer

HANG_SECONDS = 120
LOAD_SECONDS = 1.0
TELLS_ITS_MOOD = b"""import os

if os.environ.get("MOOD") == "too bad to start":
    print("my mood is", os.environ["MOOD"])
    raise SystemExit(4)


def handler(event):
    return {"mood": os.environ.get("MOOD"), "token": os.environ.get("BUILD_TOKEN")}
"""
RUNTIME = """
query ($id: ID!) { node(id: $id) { ... on Environment {
  runtime { state restarts reason replacement { state reason } }
} } }
"""
RUNTIME_LOG = """
subscription ($id: ID!) { runtimeLog(environmentId: $id) { lines { text } } }
"""


@pytest.fixture
async def app(server: RunningServer, repository: Repository) -> AppInUse:
    repository.commit({"handler.py": TELLS_ITS_MOOD})
    with fail_after(HANG_SECONDS):
        app = await make_app(server, repository.path, environments=("prod",))
        ids = app.environments
        accepted = await promote(server, source=ids["dev"], target=ids["prod"])
        assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
        return app


async def set_mood(
    server: RunningServer, environment: str, mood: str, phase: str = "RUNTIME", name: str = "MOOD"
) -> None:
    input = {"environmentId": environment, "name": name, "value": mood, "phase": phase}
    answer = await mutate(server, "setEnvironmentVariable", input)
    assert answer["__typename"] == "SetEnvironmentVariableSuccess", answer


async def mood_of(server: RunningServer, environment: str) -> str | None:
    answer = await call(server, environment)
    assert answer.status_code == 200, answer.text
    return answer.json()["mood"]


async def until_mood(server: RunningServer, environment: str, mood: str | None) -> None:
    async def changed() -> bool:
        return await mood_of(server, environment) == mood

    await until(changed)


async def runtime_of(server: RunningServer, environment: str) -> Data:
    return (await server.data(RUNTIME, id=environment))["node"]["runtime"]


async def until_alone() -> None:
    async def alone() -> bool:
        return len(runtime_processes()) == 1

    await until(alone)


@pytest.mark.long
async def test_no_call_fails_while_a_variable_changes_and_answers_follow_it(
    server: RunningServer, app: AppInUse
) -> None:
    prod = app.environments["prod"]
    with fail_after(HANG_SECONDS):
        assert await mood_of(server, prod) is None
        async with under_load(server, prod) as load:
            for mood in ("good", "better"):
                await set_mood(server, prod, mood)
                await until_mood(server, prod, mood)
            found = await server.data(
                "query ($id: ID!) { node(id: $id) { ... on Environment { variables "
                "{ nodes { id } } } } }",
                id=prod,
            )
            [variable] = found["node"]["variables"]["nodes"]
            await mutate(server, "deleteEnvironmentVariable", {"variableId": variable["id"]})
            await until_mood(server, prod, None)
            await anyio.sleep(LOAD_SECONDS)
        assert load.failures == []
        assert set(load.versions) == {"1"}
        await until_alone()


@pytest.mark.long
async def test_a_runtime_that_does_not_start_with_them_leaves_the_old_one_serving(
    server: RunningServer, app: AppInUse
) -> None:
    prod = app.environments["prod"]
    with fail_after(HANG_SECONDS):
        await set_mood(server, prod, "good")
        await until_mood(server, prod, "good")
        await until_alone()
        [serving] = runtime_processes()
        async with under_load(server, prod, callers=2) as load:
            await set_mood(server, prod, "too bad to start")

            async def visible() -> bool:
                replacement = (await runtime_of(server, prod))["replacement"]
                return replacement is not None and replacement["reason"] is not None

            await until(visible)
            shown = await runtime_of(server, prod)
            assert shown["state"] == "HEALTHY"
            assert shown["replacement"]["reason"] == "It ended with exit code 1."

            # The old one keeps the variables that it was started with, dies and starts with them.
            os.kill(serving, SIGKILL)
            await until_mood(server, prod, "good")

            await set_mood(server, prod, "fine")
            await until_mood(server, prod, "fine")
        assert load.failures == []
        assert (await runtime_of(server, prod))["replacement"] is None
        assert "my mood is ***" in await said(server, prod)


async def said(server: RunningServer, environment: str) -> list[str]:
    lines: list[str] = []
    async with server.socket() as socket:
        async for answer in socket.run(RUNTIME_LOG, id=environment):
            lines += [line["text"] for line in answer["runtimeLog"]["lines"]]
            if any(line.startswith("my mood") for line in lines):
                return lines
    raise AssertionError("the log ended")


async def test_a_build_variable_starts_nothing_anew(server: RunningServer, app: AppInUse) -> None:
    prod = app.environments["prod"]
    with fail_after(HANG_SECONDS):
        await until_alone()
        before = runtime_processes()
        await set_mood(server, prod, "hunter22", "BUILD", name="BUILD_TOKEN")
        await anyio.sleep(LOAD_SECONDS)
        assert runtime_processes() == before
        assert (await call(server, prod)).json() == {"mood": None, "token": None}


@pytest.mark.long
async def test_dev_has_them_from_its_next_need_on(server: RunningServer, app: AppInUse) -> None:
    dev, prod = app.environments["dev"], app.environments["prod"]
    with fail_after(HANG_SECONDS):
        await until_alone()
        await set_mood(server, dev, "good")
        assert len(runtime_processes()) == 1  # nobody has called dev yet
        assert await mood_of(server, dev) == "good"
        async with under_load(server, dev, callers=2) as load:
            await set_mood(server, dev, "better")
            await until_mood(server, dev, "better")
            await set_mood(server, dev, "too bad to start")

            async def failed() -> bool:
                replacement = (await runtime_of(server, dev))["replacement"]
                return replacement is not None and replacement["state"] == "FAILED"

            await until(failed)
        assert load.failures == []
        assert await mood_of(server, dev) == "better"
        assert await mood_of(server, prod) is None
