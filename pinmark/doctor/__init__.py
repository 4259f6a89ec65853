"""``pinmark doctor``: whether an installation can do its work here, and what to do if not.

Nothing is changed by looking. The checks go from the settings to the repositories, and those that
need what failed before are left out.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import asyncpg
from pydantic import ValidationError

from pinmark.assembly import open_installation
from pinmark.doctor import machine, postgres, redis
from pinmark.doctor.findings import Check, Finding, as_document, fail, has_failed, ok, warn
from pinmark.doctor.installation import check_repositories, check_secrets
from pinmark.embedded_postgres import EmbeddedPostgresError
from pinmark.logs import configure_logs
from pinmark.migrations import Standing, standing
from pinmark.postgres import NoPostgres, reachable_postgres
from pinmark.settings import Settings

__all__ = ["as_document", "examine", "has_failed"]

CONNECT_SECONDS = 10.0


def examine() -> list[Finding]:
    """Every finding, in the order it was made; for the main thread."""
    configure_logs()  # on standard error: the findings alone are the output
    try:
        settings = Settings()
    except ValidationError as error:
        return [
            fail("settings", f"{_name(each['loc'])}: {each['msg']}", "see docs/operations.md")
            for each in error.errors(include_input=False, include_url=False)
        ]
    findings = [ok("settings", "can be read")]
    findings += asyncio.run(_run([*machine.checks_of(settings), *redis.checks_of(settings)]))
    try:
        with reachable_postgres(settings) as url:
            findings += asyncio.run(_of_postgres(settings, url))
    except NoPostgres as error:
        findings.append(warn("postgres", str(error), "`pinmark serve` makes one"))
    except (EmbeddedPostgresError, OSError) as error:
        findings.append(fail("postgres", str(error), "see postgres.log in the data directory"))
    return findings


def _name(location: tuple[int | str, ...]) -> str:
    return "PINMARK_" + "_".join(str(part) for part in location).upper() if location else "PINMARK"


async def _of_postgres(settings: Settings, url: str) -> list[Finding]:
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        found = f"it cannot be reached: {type(error).__name__}: {error}"
        return [fail("postgres", found, "is it up, and is PINMARK_DATABASE_URL right?")]
    listen_url = settings.listen_url.get_secret_value() if settings.listen_url else url
    try:
        findings = await _run(postgres.checks_of(url, listen_url, connection))
    finally:
        await connection.close()
    if await asyncio.to_thread(standing, url) is Standing.NEWEST:
        async for finding in _of_installation(settings, url):
            findings.append(finding)
    return findings


async def _of_installation(settings: Settings, url: str) -> AsyncGenerator[Finding]:
    async with open_installation(settings, url) as installation:

        async def secrets() -> Finding:
            return await check_secrets(installation)

        for finding in await _run([("secret key", secrets)]):
            yield finding
        for finding in await check_repositories(installation):
            yield finding


async def _run(checks: Sequence[tuple[str, Check]]) -> list[Finding]:
    return [await _outcome(name, check) for name, check in checks]


async def _outcome(name: str, check: Check) -> Finding:
    try:
        return await check()
    except Exception as error:  # what a check did not foresee is a finding too
        return fail(name, f"{type(error).__name__}: {error}", "it could not be checked")
