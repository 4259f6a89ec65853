"""What a call of a handler is answered, whatever the handler does."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest
from anyio import fail_after

from pinmark.settings import Settings
from tests.conftest import cloned_database
from tests.support.limits import UNHURRIED
from tests.support.promoting import AppInUse, make_app, promote, settled
from tests.support.repositories import make_repository
from tests.support.runtimes import DOES_AS_TOLD, call
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import RunningServer, running_server


@dataclass(frozen=True)
class Serving:
    """A server whose ``staging`` runs a handler that does as it is told; ``empty`` has no pin."""

    server: RunningServer
    app: AppInUse

    async def does(self, what: str, **more: Any) -> httpx2.Response:
        return await call(self.server, self.app.environments["staging"], {"do": what, **more})

    async def raw(self, body: bytes, **headers: str) -> httpx2.Response:
        return await self.server.client.post("/v1/execute", content=body, headers=headers)


@pytest.fixture(scope="module")
async def serving(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Serving]:
    directory: Path = tmp_path_factory.mktemp("serving")
    settings = Settings(
        data_dir=directory / "data",
        repository_roots=(directory,),
        repository_poll_seconds=3600,
        runtime_call_seconds=2,
        runtime_memory_mib=256,
        **UNHURRIED,
    )
    repository = make_repository(directory / "app.git")
    repository.commit({**FIRST_COMMIT, "handler.py": DOES_AS_TOLD})
    with cloned_database(postgres, template) as url:
        async with running_server(settings, url) as server:
            with fail_after(60):
                app = await make_app(server, repository.path, environments=("staging", "empty"))
                accepted = await promote(
                    server, source=app.environments["dev"], target=app.environments["staging"]
                )
                assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
            yield Serving(server, app)


def error_of(response: httpx2.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    return response.status_code, error["code"], error["message"]


async def test_an_answer_names_environment_version_and_commit(serving: Serving) -> None:
    response = await serving.does("nothing")

    assert (response.status_code, response.json()) == (200, {"done": {"do": "nothing"}})
    assert response.headers["pinmark-environment"] == "staging"
    assert response.headers["pinmark-version"] == "1"
    environments = await serving.app.now(serving.server)
    assert response.headers["pinmark-commit"] == environments["staging"]["codeCommit"]["sha"]


async def test_what_a_handler_refuses_is_answered_in_its_words(serving: Serving) -> None:
    refused = await serving.does("refuse")
    assert error_of(refused) == (422, "handler_refused", "not like this")
    assert refused.headers["pinmark-version"] == "1"


@pytest.mark.parametrize("way", ["break", "leave"])
async def test_what_a_handler_raises_stays_in_its_log(serving: Serving, way: str) -> None:
    assert error_of(await serving.does(way)) == (500, "handler_failed", "The handler failed.")


async def test_an_unknown_type_of_event_does_not_reach_the_handler(serving: Serving) -> None:
    response = await call(serving.server, serving.app.environments["staging"], type="prompt-walk")
    assert error_of(response) == (400, "handler_refused", "Unknown event type: prompt-walk")


async def test_a_stream_comes_line_by_line_and_says_that_it_is_done(serving: Serving) -> None:
    response = await serving.does("stream")

    assert response.headers["agentmark-streaming"] == "true"
    assert response.headers["content-type"].startswith("application/x-ndjson")
    assert response.headers["pinmark-version"] == "1"
    lines = [orjson.loads(line) for line in response.text.splitlines()]
    assert lines == [{"number": 0}, {"number": 1}, {"number": 2}, {"type": "done"}]


async def test_a_stream_that_breaks_says_so_instead(serving: Serving) -> None:
    lines = (await serving.does("stream and break")).text.splitlines()
    assert orjson.loads(lines[-1]) == {"type": "error", "message": "The handler failed."}


async def test_a_call_that_takes_too_long_is_ended_and_holds_up_no_other(serving: Serving) -> None:
    slow, quick = await asyncio.gather(
        serving.does("sleep", seconds=60), serving.does("sleep", seconds=0)
    )
    assert quick.status_code == 200
    assert error_of(slow)[:2] == (504, "handler_timeout")


async def test_a_call_that_kills_its_runtime_is_tried_twice_and_then_refused(
    serving: Serving,
) -> None:
    with fail_after(60):
        assert error_of(await serving.does("die")) == (
            502,
            "runtime_failed",
            "The runtime of staging died twice while it had this call.",
        )
        assert (await serving.does("nothing")).status_code == 200


async def test_a_call_that_wants_all_the_memory_gets_none_of_the_others(serving: Serving) -> None:
    assert error_of(await serving.does("fill"))[:2] == (500, "handler_failed")
    assert (await serving.does("nothing")).status_code == 200


async def test_a_handler_reads_its_content_and_writes_only_what_is_temporary(
    serving: Serving,
) -> None:
    read = await serving.does("read", path="agentmark/tickets.jsonl")
    assert read.json() == FIRST_COMMIT["agentmark/tickets.jsonl"].decode()  # pyright: ignore[reportOptionalMemberAccess]
    assert (await serving.does("write", path="/tmp/note")).status_code == 200
    assert (await serving.does("write", path="/app/code/handler.py")).status_code == 500
    assert (await serving.does("read", path="/etc/shadow")).status_code == 500


async def test_a_handler_finds_what_it_is_part_of_and_nothing_of_the_server(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "x")
    variables: dict[str, str] = (await serving.does("variables")).json()
    assert variables["PINMARK_ENVIRONMENT"] == "staging"
    assert variables["PINMARK_VERSION"] == "1"
    assert variables["AGENTMARK_APP_ID"] == serving.app.database_id
    assert variables["AGENTMARK_BASE_URL"].startswith("http://127.0.0.1:")
    ours = {name for name in variables if name.startswith("PINMARK_")}
    assert ours == {"PINMARK_ENVIRONMENT", "PINMARK_VERSION", "PINMARK_COMMIT"}
    assert not any("SECRET" in name for name in variables)


async def test_an_environment_without_a_pin_runs_nothing(serving: Serving) -> None:
    response = await call(serving.server, serving.app.environments["empty"])
    assert error_of(response)[:2] == (404, "environment_not_pinned")


async def test_who_does_not_say_who_and_where_is_told_so(serving: Serving) -> None:
    bearer = {"Authorization": f"Bearer {serving.server.token}"}
    unknown = {**bearer, "X-Pinmark-Environment-Id": str(uuid4())}
    event = b'{"type": "prompt-run"}'

    async def refusal(body: bytes, **headers: str) -> tuple[int, str]:
        return error_of(await serving.raw(body, **headers))[:2]

    assert await refusal(event) == (401, "missing_auth_header")
    assert await refusal(event, Authorization="Bearer x") == (401, "invalid_api_key")
    assert await refusal(event, **bearer) == (400, "missing_environment_id")
    assert await refusal(event, **unknown) == (404, "not_found")
    junk = {**bearer, "X-Pinmark-Environment-Id": "staging"}
    assert await refusal(event, **junk) == (404, "not_found")
    for body in (b"", b"[]", b"{}", b'{"type": 1}', b"\xff"):
        assert await refusal(body, **unknown) == (400, "invalid_request_body")
