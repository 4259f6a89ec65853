"""``GET /v1/audit``, and the command that verifies what it gives."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest
from anyio import to_thread
from typer.testing import CliRunner, Result

from models import AuditOutcome
from pinmark.cli import cli
from schema.ids import decode_id, encode_id
from services import audit_log
from services.principals import Permission
from tests.support.auditing import audit_of, falsify
from tests.support.permissions import forbid
from tests.support.servers import RunningServer
from tests.support.worlds import World


async def export(world: World, **parameters: Any) -> httpx2.Response:
    return await world.server.client.get(
        "/v1/audit",
        params=parameters,
        headers={"Authorization": f"Bearer {world.server.token}"},
    )


async def lines_of(world: World, **parameters: Any) -> list[dict[str, Any]]:
    response = await export(world, **parameters)
    assert response.status_code == 200
    return [orjson.loads(line) for line in response.content.splitlines()]


async def verify(*arguments: str, **variables: str) -> Result:
    """``pinmark audit verify`` with these arguments and settings."""
    invoked = ["audit", "verify", *arguments]
    return await to_thread.run_sync(lambda: CliRunner().invoke(cli, invoked, env=variables))


async def test_the_whole_audit_is_exported_oldest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "EXPORTED_AT_ONCE", 4)
    entries = await audit_of(world.installation)
    response = await export(world)
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["pinmark-audit-head"] == f"{len(entries)}:{entries[-1].hash.hex()}"
    lines = [orjson.loads(line) for line in response.content.splitlines()]
    assert [line["seq"] for line in lines] == [entry.seq for entry in entries]
    assert [line["hash"] for line in lines] == [entry.hash.hex() for entry in entries]
    assert [line["previous_hash"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    told = lines[-1]
    assert told["occurred_at"] == entries[-1].created_at.isoformat(timespec="microseconds")
    assert (told["action"], told["before"]) == (entries[-1].action, entries[-1].before)


async def test_filters_and_a_place_to_go_on_from(world: World) -> None:
    triage = world.triage_id
    staging = decode_id("Environment", world.environments["triage/staging"])
    whole = await lines_of(world)
    assert await lines_of(world, after=3) == whole[3:]
    assert await lines_of(world, after=len(whole)) == []
    of_app = await lines_of(world, app_id=triage)
    assert of_app == [line for line in whole if line["app_id"] == str(triage)]
    of_environment = await lines_of(world, environment_id=staging)
    assert {line["environment_id"] for line in of_environment} == {str(staging)}
    acts = await lines_of(world, action=["app.create", "deployment.cancel"])
    assert {line["action"] for line in acts} == {"app.create", "deployment.cancel"}
    assert {line["actor_id"] for line in await lines_of(world, actor_id=world.owner.id)} == {
        str(world.owner.id)
    }
    as_graphql_names_them = encode_id("Member", world.owner.id)
    by_owner = await lines_of(world, actor_id=world.owner.id)
    assert await lines_of(world, actor_id=as_graphql_names_them) == by_owner
    middle = whole[5]["occurred_at"]
    assert await lines_of(world, since=middle) == whole[5:]
    assert await lines_of(world, until=middle, outcome="succeeded") == whole[:5]
    assert await lines_of(world, app_id=uuid4()) == []


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"app_id": "junk"}, "app_id"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-01-01T00:00:00"}, "since"),
        ({"until": "0001-01-01T00:00:00+23:00"}, "until"),
        ({"after": "-1"}, "after"),
        ({"after": "1" * 19}, "after"),
        ({"after": "\N{ARABIC-INDIC DIGIT ONE}"}, "after"),
        ({"after": ["1", "2"]}, "after"),
        ({"action": "a\0b"}, "action"),
        ({"format": "csv"}, "format"),
    ],
    ids=str,
)
async def test_a_parameter_that_cannot_be_used_is_named(
    world: World, parameters: dict[str, Any], at: str
) -> None:
    response = await export(world, **parameters)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "invalid_query_params")
    assert list(error["details"]) == [at]


async def test_who_may_not_read_it_gets_nothing_and_is_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = await world.server.client.get("/v1/audit")
    assert response.json()["error"]["code"] == "missing_auth_header"

    forbid(world.server, monkeypatch, Permission.AUDIT_READ)
    denied = await export(world)
    assert (denied.status_code, denied.json()["error"]["code"]) == (403, "forbidden")
    entry = (await audit_of(world.installation))[-1]
    assert (entry.action, entry.outcome) == ("audit.read", AuditOutcome.REFUSED)
    assert entry.facts["at"] == "GET /v1/audit"
    assert entry.request_id == denied.headers["x-request-id"]


async def test_an_export_is_verified_by_itself(world: World, tmp_path: Path) -> None:
    response = await export(world)
    head = response.headers["pinmark-audit-head"]
    file = tmp_path / "audit.ndjson"
    file.write_bytes(response.content)
    verified = await verify("--file", str(file), "--head", head)
    count = len(response.content.splitlines())
    assert (verified.exit_code, verified.output) == (
        0,
        f"The audit is whole: {count} entries. Its head, to note elsewhere: {head}\n",
    )

    file.write_bytes(response.content.replace(b'"owner"', b'"other"', 1))
    tampered = await verify("--file", str(file))
    assert tampered.exit_code == 1
    assert tampered.output.splitlines() == [
        "Entry 1 was changed.",
        f"The audit is not whole: 1 found wrong in {count} entries.",
    ]


@pytest.mark.parametrize("arguments", [["--head", "junk"], ["--file", "/does/not/exist"]])
async def test_what_cannot_be_compared_is_told(arguments: list[str]) -> None:
    assert (await verify(*arguments)).exit_code == 2


async def test_the_command_finds_what_was_falsified_beside_a_running_server(
    idle_server: RunningServer, database_url: str, tmp_path: Path
) -> None:
    settings = {"PINMARK_DATABASE_URL": database_url, "PINMARK_DATA_DIR": str(tmp_path)}
    for name in ("first-app", "second-app", "third-app"):
        await idle_server.data(
            f'mutation {{ createApp(input: {{name: "{name}"}}) {{ __typename }} }}'
        )
    whole = await verify(**settings)
    assert whole.exit_code == 0
    assert whole.output.startswith("The audit is whole: 5 entries. Its head, to note elsewhere: 5:")
    head = whole.output.split()[-1]
    assert (await verify("--head", head, **settings)).exit_code == 0

    falsify(database_url, "DELETE FROM auditentry WHERE seq = 4")
    found = await verify("--head", head, **settings)
    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "Entry 4 is missing.",
        "The audit is not whole: 1 found wrong in 4 entries.",
    ]
