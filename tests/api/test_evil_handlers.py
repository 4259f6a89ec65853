"""Handlers that attack: each harms itself at most, and its environment answers again."""

import os
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from anyio import fail_after, to_thread

from pinmark.settings import Settings
from tests.conftest import cloned_database
from tests.support.evil_handlers import EVIL
from tests.support.limits import UNHURRIED
from tests.support.promoting import AppInUse, make_app, promote, settled, until
from tests.support.repositories import make_repository
from tests.support.runtimes import call, runtime_processes, runtimes_now
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import RunningServer, running_server

HANG_SECONDS = 120
CALL_SECONDS = 4
LOG = """
subscription ($id: ID!) { runtimeLog(environmentId: $id) { lines { text } } }
"""


def long(*values: object) -> Any:
    """A case of its own kind that `make whole` adds."""
    return pytest.param(*values, marks=pytest.mark.long)


@dataclass(frozen=True)
class Attacked:
    """A server whose ``staging`` is told to attack, beside an honest ``prod``."""

    server: RunningServer
    app: AppInUse

    async def does(self, what: str, **more: Any) -> httpx2.Response:
        return await call(self.server, self.app.environments["staging"], {"do": what, **more})

    async def answers(self, environment: str) -> bool:
        response = await call(self.server, self.app.environments[environment])
        return response.status_code == 200 and response.json() == {"done": environment}

    async def until_staging_answers(self) -> None:
        async def answers() -> bool:
            return await self.answers("staging")

        await until(answers)

    async def start_anew(self) -> None:
        """End what staging runs, which would be noticed by itself after a while, and wait."""
        before = await self.restarts()
        for pid in runtime_processes():
            variables = await to_thread.run_sync(Path(f"/proc/{pid}/environ").read_bytes)
            if b"PINMARK_ENVIRONMENT=staging" in variables.split(b"\0"):
                os.kill(pid, SIGKILL)
        await self.until_restarted(before, "")
        await self.until_staging_answers()

    async def restarts(self) -> int:
        return (await runtimes_now(self.server))["staging"]["restarts"]

    async def until_restarted(self, before: int, reason: str) -> None:
        """Until staging was started anew for this reason."""

        async def restarted() -> bool:
            runtime = (await runtimes_now(self.server))["staging"]
            return runtime["restarts"] > before and reason in (runtime["reason"] or "")

        await until(restarted)


@pytest.fixture(scope="module")
async def attacked(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Attacked]:
    directory: Path = tmp_path_factory.mktemp("attacked")
    settings = Settings(
        data_dir=directory / "data",
        repository_roots=(directory,),
        repository_poll_seconds=3600,
        runtime_call_seconds=CALL_SECONDS,
        runtime_memory_mib=256,
        **UNHURRIED,
    )
    repository = make_repository(directory / "app.git")
    repository.commit({**FIRST_COMMIT, "handler.py": EVIL})
    with cloned_database(postgres, template) as url:
        async with running_server(settings, url) as server:
            with fail_after(HANG_SECONDS):
                app = await make_app(server, repository.path, environments=("staging", "prod"))
                for target in ("staging", "prod"):
                    accepted = await promote(
                        server, source=app.environments["dev"], target=app.environments[target]
                    )
                    assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
            yield Attacked(server, app)


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ({"do": "fork"}, "It used more than 256 MiB of memory."),  # before it is too many
        long({"do": "fill", "folder": "/tmp", "unlink": False}, "It wrote more than 512 MiB."),
        ({"do": "fill", "folder": "/tmp", "unlink": True}, "It wrote more than 512 MiB."),
        long({"do": "fill memory files"}, "It used more than 256 MiB of memory."),
        long({"do": "folder"}, "It ended with exit code 1."),
        long({"do": "block"}, "It has answered nothing"),
    ],
    ids=["fork", "fill", "fill unseen", "fill memory", "folder", "block"],
)
async def test_who_takes_too_much_is_started_anew_and_harms_no_other(
    attack: dict[str, Any], reason: str, attacked: Attacked
) -> None:
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        before = await attacked.restarts()
        more = {name: value for name, value in attack.items() if name != "do"}
        refused = await attacked.does(attack["do"], **more)
        assert refused.status_code >= 500
        assert await attacked.answers("prod")
        await attacked.until_restarted(before, reason)
        await attacked.until_staging_answers()


async def test_who_opens_every_file_that_it_may_answers_on(attacked: Attacked) -> None:
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        assert (await attacked.does("open files")).status_code == 500
        assert await attacked.answers("prod")
        await attacked.until_staging_answers()
        await attacked.start_anew()


ENDLESS = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("\x00\x01 garbage\r\n\r\n", ""), "died twice"),
        long(("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", ""), "died twice"),
        long((ENDLESS, "X-Filler: x\r\n"), "died twice"),
        long((f"{ENDLESS}X-Filler: ", "x" * 100), "died twice"),
        long((f"{ENDLESS}Transfer-Encoding: chunked\r\n\r\n0\r\n", "X-F: x\r\n"), "died twice"),
        ((f"{ENDLESS}\r\n", "x" * 100), "more than 16777216 bytes"),
    ],
    ids=["garbage", "cut short", "endless headers", "endless header", "endless trailer", "endless"],
)
async def test_whatever_answers_in_place_of_the_wrapper_is_refused_within_bounds(
    parts: tuple[str, str], message: str, attacked: Attacked
) -> None:
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        assert (await attacked.does("answer instead", parts=parts)).status_code == 200
        refused = await attacked.does("nothing")
        assert (refused.status_code, refused.json()["error"]["code"]) == (502, "runtime_failed")
        assert message in refused.json()["error"]["message"]
        assert await attacked.answers("prod")
        await attacked.start_anew()


@pytest.mark.long
async def test_an_endless_stream_ends_with_the_time_of_a_call(attacked: Attacked) -> None:
    head = f"{ENDLESS}AgentMark-Streaming: true\r\nTransfer-Encoding: chunked\r\n\r\n"
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        await attacked.does("answer instead", parts=(head, "1\r\n\n\r\n"))
        streamed = await attacked.does("nothing")
        assert streamed.headers["agentmark-streaming"] == "true"
        assert "The call took too long." in streamed.text.splitlines()[-1]
        await attacked.start_anew()


@pytest.mark.long
async def test_a_link_in_place_of_the_socket_leads_the_server_nowhere(attacked: Attacked) -> None:
    """What it points to is anything that root could connect to."""
    with fail_after(HANG_SECONDS), socket.socket(socket.AF_UNIX) as listener:
        await attacked.until_staging_answers()
        path = f"/tmp/{uuid4().hex}.sock"
        listener.bind(path)
        listener.listen()
        listener.setblocking(False)
        assert (await attacked.does("link", to=path)).status_code == 200
        # Answered by the next runtime, should that be there before the patience is over.
        assert (await attacked.does("nothing")).status_code in {200, 503}
        with pytest.raises(BlockingIOError):
            listener.accept()
        await to_thread.run_sync(os.unlink, path)
        await attacked.start_anew()


async def test_without_any_output_a_handler_answers_on(attacked: Attacked) -> None:
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        before = await attacked.restarts()
        await attacked.does("close output")
        assert await attacked.answers("staging")
        assert await attacked.restarts() == before
        await attacked.start_anew()


async def test_neither_the_server_nor_its_postgres_can_be_reached(attacked: Attacked) -> None:
    port = httpx2.URL(attacked.server.base).port
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        for host in ("127.0.0.1", "localhost", "0.0.0.0", "169.254.169.254"):
            directly, by_proxy = (await attacked.does("reach", host=host, port=port)).json()
            assert directly.startswith("no: ")
            assert by_proxy.split()[1] == "403"


async def test_nothing_of_other_environments_can_be_seen(attacked: Attacked) -> None:
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        data = attacked.server.parts.settings.data_dir
        seen = (await attacked.does("look around", paths=[str(data)])).json()
    assert seen["processes"] <= 4
    assert not any("postgres" in command or "pytest" in command for command in seen["commands"])
    assert not any(name.startswith("pinmark") for name in seen["temporary"])
    sockets = [path for path in seen["below run"] if path.endswith(".sock")]
    assert sockets == ["/run/pinmark/gate.sock", "/run/pinmark/socket/http.sock"]
    assert seen["found"] == []


async def test_the_secret_that_signs_calls_is_masked_in_the_log(attacked: Attacked) -> None:
    staging = attacked.app.environments["staging"]
    with fail_after(HANG_SECONDS):
        await attacked.until_staging_answers()
        assert (await attacked.does("print the secret")).json() > 60
        async with attacked.server.socket() as listening:
            async for answer in listening.run(LOG, id=staging):
                lines = [line["text"] for line in answer["runtimeLog"]["lines"]]
                said = [line for line in lines if line.startswith("the secret is")]
                if said:
                    assert said[-1] == "the secret is PINMARK_RUNTIME_SECRET=***"
                    return
