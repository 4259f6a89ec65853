"""The exit code says how it ended, by the deployment and nothing else."""

import os
import signal

import pytest
from anyio import create_task_group, to_thread

from tests.support.command_line import CommandLine, Ran, finished, interrupted
from tests.support.promoting import cancel, until
from tests.support.worlds import World

DEV_TO = ("promote", "--from", "dev", "--to")


async def test_a_deployment_that_deployed_is_0(owner: CommandLine, world: World) -> None:
    ran = await owner.run("logs", world.deployments["settled"], "--follow")
    assert ran.code == 0, ran.outcome
    assert "Deployed v1 to staging." in ran.out


async def test_a_deployment_that_failed_is_1(owner: CommandLine, world: World) -> None:
    ran = await owner.run("logs", world.deployments["failed"], "--follow")
    assert ran.code == 1, ran.outcome
    assert "Failed (CANCELLED)" in ran.out


async def test_a_watched_deployment_that_is_cancelled_meanwhile_is_1(
    owner: CommandLine, world: World
) -> None:
    started = owner.start(*DEV_TO, "failed", "--json")

    async def in_flight() -> bool:
        (found,) = [each for each in await owner.objects("env", "list") if each["name"] == "failed"]
        if found["deploying"] is None:
            return False
        await cancel(world.server, found["deploying"]["id"])
        return True

    await until(in_flight)
    ran = await finished(started)
    assert ran.code == 1, ran.outcome
    assert ran.objects[-1]["failureClass"] == "CANCELLED"


USAGE = {
    "an option that there is not": ("promote", "--nothing"),
    "a target that is missing": ("promote", "--from", "dev"),
    "dev is no target": ("promote", "--from", "staging", "--to", "dev"),
    "into itself": ("promote", "--from", "staging", "--to", "staging"),
    "a time that is none": (*DEV_TO, "empty", "--timeout", "soon"),
    "a version that is none": ("rollback", "staging", "--to", "last"),
    "a name that is none": ("env", "create", "Not A Name"),
    "an address that is none": ("whoami", "--url", "nowhere"),
    "an address with a password": ("whoami", "--url", "http://a:b@127.0.0.1"),
    "another name to confirm": ("env", "delete", "staging", "--confirm", "stagin"),
    "nobody to confirm": ("env", "delete", "staging"),
    "no default": ("env", "delete", "dev", "--confirm", "dev"),
    "a key that may nothing": ("keys", "create", "ci", "--env", "staging"),
    "a variable without a value": ("api", "{ viewer { name } }", "--var", "x"),
    "nobody to ask for a token": ("login",),
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
async def test_what_cannot_be_asked_for_so_is_2(
    owner: CommandLine, arguments: tuple[str, ...]
) -> None:
    ran = await owner.run(*arguments)
    assert ran.code == 2, ran.outcome
    assert ran.err.strip()
    assert ran.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("whoami",),
        ("app", "list"),
        ("env", "list"),
        ("env", "create", "qa"),
        ("env", "delete", "staging", "--confirm", "staging"),
        ("diff", "dev", "staging"),
        (*DEV_TO, "staging"),
        ("deployments",),
        ("logs", "x"),
        ("retry", "x"),
        ("cancel", "x"),
        ("rollback", "staging"),
        ("keys", "list"),
        ("keys", "create", "ci", "--env", "staging", "--preset", "sdk"),
        ("keys", "revoke", "x"),
        ("api", "{ viewer { name } }"),
    ],
    ids=" ".join,
)
async def test_every_command_takes_the_one_token_variable_and_without_a_good_one_is_3(
    owner: CommandLine, arguments: tuple[str, ...]
) -> None:
    ran = await owner.showing("wrong").run(*arguments)
    assert ran.code == 3, ran.outcome
    assert "PINMARK_TOKEN" in ran.err


async def test_nothing_to_show_is_3_too(stranger: CommandLine) -> None:
    ran = await stranger.run("whoami")
    assert ran.code == 3, ran.outcome
    assert "pinmark login" in ran.err


async def test_who_may_not_is_3(owner: CommandLine, world: World) -> None:
    ran = await owner.showing(world.tokens["bob"]).run(*DEV_TO, "staging")
    assert ran.code == 3, ran.outcome
    assert "environment.promote" in ran.err


NOT_FOUND = {
    "an environment": (*DEV_TO, "nowhere"),
    "an app": ("env", "list", "--app", "nothing"),
    "a deployment": ("logs", "RGVwbG95bWVudDow"),
    "one to retry": ("retry", "nothing"),
    "one to cancel": ("cancel", ""),
    "a version": ("rollback", "staging", "--to", "v9"),
    "a version below none": ("rollback", "empty"),
    "a key": ("keys", "revoke", "nothing"),
}


@pytest.mark.parametrize("arguments", NOT_FOUND.values(), ids=NOT_FOUND)
async def test_what_is_not_there_is_4(owner: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = await owner.run(*arguments)
    assert ran.code == 4, ran.outcome


async def test_a_busy_target_is_5_and_what_to_do_is_said(owner: CommandLine, world: World) -> None:
    ran = await owner.run(*DEV_TO, "busy")
    assert ran.code == 5, ran.outcome
    assert f"pinmark logs {world.deployments['flying']} --follow" in ran.err


@pytest.mark.parametrize("version", ["1", "3"])
async def test_a_target_at_another_version_is_5(owner: CommandLine, version: str) -> None:
    ran = await owner.run(*DEV_TO, "staging", "--if-version", version)
    assert ran.code == 5, ran.outcome


CONFLICTS = {
    "the version that is served": ("rollback", "staging", "--to", "v2"),
    "a name that is taken": ("env", "create", "staging"),
}


@pytest.mark.parametrize("arguments", CONFLICTS.values(), ids=CONFLICTS)
async def test_what_is_so_already_is_5(owner: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = await owner.run(*arguments)
    assert ran.code == 5, ran.outcome


@pytest.mark.long
async def test_when_the_time_is_up_it_is_124_and_the_deployment_goes_on(
    owner: CommandLine,
) -> None:
    ran = await owner.run(*DEV_TO, "empty", "--timeout", "1s", "--json")
    assert ran.code == 124, ran.outcome
    identity = ran.objects[0]["id"]
    assert f"pinmark logs {identity} --follow" in ran.err
    assert await status_of(owner, identity) == "IN_PROGRESS"

    again = await owner.run("logs", identity, "--follow", "--timeout", "1s")
    assert again.code == 124, again.outcome
    assert (await owner.run("cancel", identity)).code == 0


async def test_ctrl_c_is_130_and_the_deployment_goes_on(owner: CommandLine) -> None:
    started = owner.start(*DEV_TO, "empty", "--json")
    assert started.stdout is not None
    line = await _first_line(started.stdout.fileno())
    while b"transition" not in line:
        line += await _first_line(started.stdout.fileno())
    ran = await interrupted(started)
    assert ran.code == 130, ran.outcome
    assert "Still running" in ran.err
    (deploying,) = [
        each["deploying"] for each in await owner.objects("env", "list") if each["name"] == "empty"
    ]
    assert deploying["status"] == "IN_PROGRESS"
    assert (await owner.run("cancel", deploying["id"])).code == 0


async def test_a_server_that_is_not_there_is_1_and_said_at_once(
    owner: CommandLine,
) -> None:
    ran = await owner.run("whoami", "--url", "http://127.0.0.1:9")
    assert ran.code == 1, ran.outcome
    assert "http://127.0.0.1:9 cannot be reached" in ran.err


async def test_something_else_at_the_address_is_told_apart(
    owner: CommandLine, world: World
) -> None:
    ran = await owner.run("whoami", "--url", f"{world.server.base}/v1")
    assert ran.code == 1, ran.outcome
    assert "does not answer as Pinmark does" in ran.err


async def test_a_reader_that_has_enough_is_no_failure(owner: CommandLine) -> None:
    started = owner.start("api", "{ __schema { types { name description fields { name } } } }")
    assert started.stdout is not None
    await _first_line(started.stdout.fileno())
    started.stdout.close()
    started.wait()
    assert started.returncode in (0, -signal.SIGPIPE)
    assert started.stderr is not None
    assert started.stderr.read() == b""
    started.stderr.close()


async def test_the_same_key_gives_the_same_deployment_and_another_wish_is_5(
    owner: CommandLine,
) -> None:
    wish = (*DEV_TO, "empty", "--detach", "--idempotency-key", "run-7")
    runs: list[Ran] = []

    async def ask() -> None:
        runs.append(await owner.run(*wish, "--json"))

    async with create_task_group() as both:
        both.start_soon(ask)
        both.start_soon(ask)
    assert [run.code for run in runs] == [0, 0], [run.outcome for run in runs]
    identities = {run.objects[0]["id"] for run in runs}
    assert len(identities) == 1
    ran = await owner.run(*wish, "--note", "another")
    assert ran.code == 5, ran.outcome
    assert (await owner.run("cancel", identities.pop())).code == 0


async def status_of(owner: CommandLine, identity: str) -> str:
    query = "query ($id: ID!) { deployment(id: $id) { status } }"
    (answer,) = await owner.objects("api", query, "--var", f"id={identity}")
    return answer["data"]["deployment"]["status"]


async def _first_line(descriptor: int) -> bytes:
    return await to_thread.run_sync(os.read, descriptor, 65536)
