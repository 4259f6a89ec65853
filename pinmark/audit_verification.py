"""``pinmark audit verify``: whether the audit is whole, of this installation or in an export."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import typer

from pinmark.postgres import reachable_postgres
from pinmark.settings import Settings
from services import audit_log
from services.audit_chain import Head, Verdict, walk_lines
from services.database import open_database


def verify(
    settings: Settings, *, file: Path | None, head: str | None, say: Callable[[str], None]
) -> bool:
    """Say what a walk along the chain found; False when something was changed or is missing."""
    noted = _read_head(head)
    verdict = _verify_installation(settings, noted) if file is None else _verify_file(file, noted)
    for trouble in verdict.troubles:
        say(trouble)
    if verdict.unlisted:
        say(f"And {verdict.unlisted} more.")
    say(_sum_up(verdict))
    return verdict.is_whole


def _read_head(head: str | None) -> Head | None:
    try:
        return None if head is None else Head.read(head)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--head") from None


def _verify_installation(settings: Settings, noted: Head | None) -> Verdict:
    async def walk(url: str) -> Verdict:
        async with open_database(url, pool_size=1) as database:
            return await audit_log.verify(database, noted)

    with reachable_postgres(settings) as url:
        return asyncio.run(walk(url))


def _verify_file(file: Path, noted: Head | None) -> Verdict:
    try:
        # Only \n ends a line of an export; what is not UTF-8 is found to be no entry.
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            return walk_lines(lines, noted)
    except OSError as error:
        raise typer.BadParameter(str(error), param_hint="--file") from None


def _sum_up(verdict: Verdict) -> str:
    counted = f"{verdict.entries} {'entry' if verdict.entries == 1 else 'entries'}"
    if not verdict.is_whole:
        found = len(verdict.troubles) + verdict.unlisted
        return f"The audit is not whole: {found} found wrong in {counted}."
    return f"The audit is whole: {counted}. Its head, to note elsewhere: {verdict.last}"
