"""A promotion is watched to its end: at a terminal, in a pipe, and over whatever is lost."""

import os
import socket
import subprocess
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from anyio import to_thread

from tests.support.command_line import CommandLine, finished
from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import CREATE_ENVIRONMENT, AppInUse, make_app
from tests.support.repositories import Repository, make_repository
from tests.support.samples import BROKEN_HANDLER, ENDLESS_HANDLER, FIRST_COMMIT, WITH_HANDLER
from tests.support.stream_breaker import without_streams

DEV_TO = ("promote", "--from", "dev", "--to")


@dataclass(frozen=True)
class Running:
    """A server at work in a process of its own, with an app whose code is built."""

    site: Site
    server: ServerProcess
    app: AppInUse
    repository: Repository
    owner: CommandLine

    async def environment(self, name: str) -> str:
        """A new environment, for one test alone."""
        await self.server.data(CREATE_ENVIRONMENT, app=self.app.id, name=name)
        return name


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Running]:
    root = tmp_path_factory.mktemp("site")
    with open_site(root) as site:
        repository = make_repository(site.repositories / "app.git")
        repository.commit({**FIRST_COMMIT, **WITH_HANDLER})
        async with site.serving() as server:
            app = await make_app(server, repository.path, environments=[])
            owner = CommandLine(root, server.base, server.token)
            running = Running(site, server, app, repository, owner)
            built = await owner.run(*DEV_TO, await running.environment("built"))
            assert built.code == 0, built.outcome
            yield running


@pytest.mark.long
async def test_at_a_terminal_one_is_asked_and_sees_the_rows_move(running: Running) -> None:
    name = await running.environment("asked")
    with running.owner.terminal(*DEV_TO, name) as terminal:
        await terminal.until(f"dev (default) → {name} (no-pin)")
        await terminal.until(f"Promote dev into {name} of triage? [y/N]")
        terminal.type("y\n")
        assert await terminal.ended() == 0, terminal.text
    shown = terminal.text
    asked, _, after = shown.partition("[y/N]")
    assert "Deployment " not in asked
    identity = after.partition("Deployment ")[2].split()[0]
    url = f"{running.server.base}/a/triage/e/{name}/deployments/{identity}"
    assert after.index(identity) < after.index(url) < after.index("File sync")
    assert "✓ File sync  Synced" in after
    assert "✓ Code build" in after
    assert after.rstrip().endswith(f"Deployed v1 to {name}.")
    assert "\x1b[" in terminal.raw


async def test_who_does_not_agree_has_done_nothing(running: Running) -> None:
    name = await running.environment("declined")
    with running.owner.terminal(*DEV_TO, name) as terminal:
        await terminal.until("[y/N]")
        terminal.type("\n")
        assert await terminal.ended() == 130, terminal.text
        assert "Nothing was done." in terminal.text
    assert (await running.app.now(running.server))[name]["deploying"] is None
    assert (await running.app.now(running.server))[name]["pin"] is None


async def test_in_a_pipe_nobody_is_asked_and_each_transition_is_a_line(running: Running) -> None:
    name = await running.environment("piped")
    ran = await running.owner.run(*DEV_TO, name, "--note", "From a script")
    assert ran.code == 0, ran.outcome
    first, url, *moves, last = ran.out.splitlines()
    assert first.startswith("Deployment ")
    assert url.startswith(running.server.base)
    assert moves[-1].split("  ")[1:] == ["Deployed", "File sync Synced", "Code build Skipped"]
    assert len(moves) == len({move.partition("  ")[2] for move in moves})
    assert last == f"Deployed v1 to {name}."
    assert "\x1b" not in ran.out
    assert ran.err == ""


async def test_rolling_back_takes_the_version_below_and_says_which(running: Running) -> None:
    name = await running.environment("rolled")
    for _ in range(2):
        assert (await running.owner.run(*DEV_TO, name)).code == 0
    with running.owner.terminal("rollback", name) as terminal:
        await terminal.until(f"Roll {name} of triage back from v2 to v1? [y/N]")
        terminal.type("yes\n")
        assert await terminal.ended() == 0, terminal.text
    assert (await running.app.now(running.server))[name]["pin"]["version"] == 1


async def test_a_deleted_environment_was_typed_at_the_terminal(running: Running) -> None:
    name = await running.environment("gone")
    with running.owner.terminal("env", "delete", name) as terminal:
        await terminal.until("Type gone to confirm:")
        terminal.type("gone\n")
        assert await terminal.ended() == 0, terminal.text


async def test_a_failure_names_its_reason_and_what_is_served_and_a_retry_runs_it_again(
    running: Running,
) -> None:
    name = await running.environment("failing")
    running.repository.commit(BROKEN_HANDLER)
    ran = await running.owner.run(*DEV_TO, name)
    running.repository.commit(WITH_HANDLER)
    assert ran.code == 1, ran.outcome
    assert "Failed (BUILD)" in ran.out
    assert "nothing_of_this_name" in ran.out
    assert f"{name} still serves nothing." in ran.out
    identity = ran.out.split()[1]
    assert f"pinmark retry {identity}" in ran.out

    log = await running.owner.run("logs", identity)
    assert log.code == 0, log.outcome
    assert "nothing_of_this_name" in log.out
    again = await running.owner.run("retry", identity)
    assert again.code == 1, again.outcome


async def test_ctrl_c_stops_watching_and_says_how_to_go_on(running: Running) -> None:
    name = await running.environment("interrupted")
    running.repository.commit(ENDLESS_HANDLER)
    with running.owner.terminal(*DEV_TO, name, "--yes") as terminal:
        await terminal.until("Building…")
        terminal.type("\x03")
        assert await terminal.ended() == 130, terminal.text
    running.repository.commit(WITH_HANDLER)
    hint = terminal.text.partition("pinmark cancel ")[2]
    identity = hint.split("`")[0]

    log = await running.owner.run("logs", identity)  # what there is of it
    assert log.code == 0, log.outcome
    following = running.owner.start("logs", identity, "--follow")
    assert (await running.owner.run("cancel", identity)).code == 0
    ran = await finished(following)
    assert ran.code == 1, ran.outcome
    assert "I am" in ran.out


async def test_where_no_stream_gets_through_the_deployment_is_asked_for(
    running: Running,
) -> None:
    name = await running.environment("streamless")
    async with without_streams(running.server.base) as url:
        behind = replace(running.owner, url=url)
        ran = await behind.run(*DEV_TO, name, "--json")
        assert ran.code == 0, ran.outcome
        assert ran.objects[-1]["status"] == "DEPLOYED"
        assert "Streams do not get through" in ran.err

        log = await behind.run("logs", ran.objects[0]["id"], "--follow")
        assert log.code == 0, log.outcome
        assert "The log cannot be followed" in log.err


async def test_the_token_is_in_no_command_line_and_no_log(running: Running) -> None:
    name = await running.environment("secret")
    watching = running.owner.start(*DEV_TO, name, "--json")
    await _objects_until(watching, "transition")
    arguments = arguments_of(watching)
    ran = await finished(watching)
    assert ran.code == 0, ran.outcome
    token = running.server.token
    assert token not in arguments + ran.out + ran.err + running.server.program.said


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [(WITH_HANDLER, 0), (BROKEN_HANDLER, 1)],
    ids=["deployed", "failed"],
)
@pytest.mark.long
async def test_watching_goes_on_over_a_server_that_is_killed_and_started_again(
    tmp_path: Path, code: dict[str, bytes | None], exit_code: int
) -> None:
    port = str(_free_port())
    with open_site(tmp_path) as site:
        repository = make_repository(site.repositories / "app.git")
        repository.commit({**FIRST_COMMIT, **WITH_HANDLER})
        async with site.serving("--port", port) as server:
            await make_app(server, repository.path, environments=["staging"])
            assert await server.program.terminate() == 0
        repository.commit(code)
        async with site.serving("--port", port, "--no-worker") as server:
            owner = CommandLine(tmp_path, server.base, server.token)
            watching = owner.start(*DEV_TO, "staging", "--json")
            identity, told = await _objects_until(watching, "transition")
            server.program.kill()
        async with site.serving("--port", port):
            ran = await finished(watching)
        assert ran.code == exit_code, ran.outcome
        whole = replace(ran, out=told + ran.out).objects
    assert "Going on as soon as it is back." in ran.err
    cursors = [each["cursor"] for each in whole if each["type"] == "transition"]
    assert len(cursors) == len(set(cursors))
    assert whole[-1]["id"] == identity
    assert whole[-1]["status"] == ("DEPLOYED" if exit_code == 0 else "FAILED")


def arguments_of(started: subprocess.Popen[bytes]) -> str:
    return Path(f"/proc/{started.pid}/cmdline").read_bytes().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _objects_until(started: subprocess.Popen[bytes], kind: str) -> tuple[str, str]:
    """The id of the deployment, and all that was told until something of this kind was."""
    assert started.stdout is not None
    told = b""
    while f'"type": "{kind}"'.encode() not in told or not told.endswith(b"\n"):
        part = await to_thread.run_sync(os.read, started.stdout.fileno(), 65536)
        assert part, told
        told += part
    return told.decode().partition('"id": "')[2].partition('"')[0], told.decode()
