"""``pinmark doctor`` says what is wrong and what to do, and repeats no secret."""

import json
from pathlib import Path
from typing import Any

import pytest
from anyio import fail_after

from pinmark.doctor.findings import Verdict
from pinmark.doctor.machine import check_directory, check_disk, check_port
from pinmark.doctor.postgres import check_clock, check_schema, check_version
from pinmark.doctor.redis import check_redis
from pinmark.migrations import Standing
from tests.support.processes import Program, Site
from tests.support.redis_server import running_redis
from tests.support.repositories import Repository

HANG_SECONDS = 240


async def examined(site: Site) -> tuple[int, dict[str, Any], Program]:
    """The exit code of `pinmark doctor --json`, and each check by its name."""
    program = site.start("doctor", "--json")
    code = await program.ended()
    document = json.loads(program.output.read_text())
    return code, {each["check"]: each for each in document["checks"]}, program


@pytest.mark.long
async def test_a_sound_installation_passes_and_one_with_another_key_or_no_repository_does_not(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with site.serving("--no-worker") as server:
            await make_sound(site, server, linkable)
            code, checks, _ = await examined(site)
            assert code == 0, checks
            assert checks["durability"]["verdict"] == checks["notifications"]["verdict"] == "ok"
            assert checks["secret key"]["verdict"] == checks["repository triage"]["verdict"] == "ok"

            site.settings["PINMARK_SECRET_KEY"] = "hunter2"
            linkable.path.rename(linkable.path.with_name("away.git"))
            code, checks, program = await examined(site)
            assert code == 1
            assert checks["secret key"]["verdict"] == "fail"
            assert checks["repository triage"]["verdict"] == "fail"
            assert "hunter2" not in program.said

            plain = site.start("doctor")
            assert await plain.ended() == 1
            lines = plain.output.read_text().splitlines()
            assert len(lines) == len(checks)
            assert all(line.split()[0] in {"ok", "warn", "fail"} for line in lines)


async def make_sound(site: Site, server: Any, linkable: Repository) -> None:
    linkable.commit({"handler.py": None})  # nothing to build, and no worker to do it
    created = await server.data(
        'mutation { createApp(input: {name: "triage"}) { ... on CreateAppSuccess { app { id } } } }'
    )
    await server.data(
        "mutation ($app: ID!, $url: String!) {"
        " linkRepository(input: {appId: $app, url: $url}) { __typename } }",
        app=created["createApp"]["app"]["id"],
        url=str(linkable.path),
    )


async def test_a_postgres_that_cannot_be_reached_is_told_without_its_password(site: Site) -> None:
    site.settings["PINMARK_DATABASE_URL"] = "postgresql://pinmark:hunter2@127.0.0.1:1/pinmark"
    with fail_after(HANG_SECONDS):
        code, checks, program = await examined(site)

    assert code == 1
    assert checks["postgres"]["verdict"] == "fail"
    assert "hunter2" not in program.said


@pytest.mark.long
async def test_a_postgres_that_may_forget_is_a_failure_and_no_server_starts_on_it(
    site: Site, database_url: str
) -> None:
    site.settings["PINMARK_DATABASE_URL"] = database_url
    with fail_after(HANG_SECONDS):
        code, checks, _ = await examined(site)
        assert code == 1
        assert checks["durability"]["verdict"] == "fail"
        assert "fsync = off" in checks["durability"]["found"]

        server = site.start("serve", "--port", "0")
        assert await server.ended() == 1
        assert "may lose committed work: " in server.said
        assert "Traceback" not in server.said


async def test_a_setting_that_cannot_be_read_is_named_and_its_value_is_not_repeated(
    site: Site,
) -> None:
    site.settings["PINMARK_DATABASE_URL"] = "mysql://root:hunter2@db"
    with fail_after(HANG_SECONDS):
        code, checks, program = await examined(site)

    assert code == 1
    assert "PINMARK_DATABASE_URL" in checks["settings"]["found"]
    assert "hunter2" not in program.said


async def test_a_redis_that_carries_wake_ups_is_looked_at_and_its_password_is_not_repeated(
    tmp_path: Path,
) -> None:
    with running_redis(tmp_path / "redis") as redis, fail_after(HANG_SECONDS):
        assert (await check_redis(redis.url)).verdict is Verdict.OK
    found = await check_redis("redis://:hunter2@127.0.0.1:1")
    assert found.verdict is Verdict.WARN
    assert "hunter2" not in found.line


def test_a_directory_that_others_may_read_is_a_failure(site: Site) -> None:
    site.data.mkdir(mode=0o700)
    assert check_directory(site.data).verdict is Verdict.OK
    (site.data / "secret.key").touch(mode=0o644)
    assert check_directory(site.data).verdict is Verdict.FAIL
    (site.data / "secret.key").chmod(0o600)
    site.data.chmod(0o755)
    assert "chmod 700" in check_directory(site.data).advice
    assert check_directory(site.root / "nothing").verdict is Verdict.WARN


def test_room_and_ports_are_looked_at_and_nothing_is_made(site: Site) -> None:
    assert "free" in check_disk(site.root / "nothing" / "yet").found
    assert not (site.root / "nothing").exists()
    assert check_port("127.0.0.1", 0).verdict is Verdict.OK
    assert check_port("192.0.2.1", 8000).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (check_version(18), "ok"),
        (check_version(16), "warn"),
        (check_version(12), "fail"),
        (check_clock(0.2), "ok"),
        (check_clock(-5), "warn"),
        (check_clock(300), "fail"),
        (check_schema(Standing.NEWEST), "ok"),
        (check_schema(Standing.BEHIND), "warn"),
        (check_schema(Standing.EMPTY), "warn"),
        (check_schema(Standing.UNKNOWN), "fail"),
    ],
)
def test_what_is_only_old_is_a_warning_and_what_cannot_work_a_failure(
    found: Any, verdict: str
) -> None:
    assert found.verdict == verdict
    assert bool(found.advice) == (verdict != "ok")
