"""Whoever stops half-way through a transaction holds nobody back for long."""

import pytest
from anyio import fail_after
from sqlalchemy.exc import DBAPIError

from models import App
from services import held
from services.installation import Installation
from services.pushes import lock_repository, record_unreachable

SOON = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '200ms'"


async def hold_the_row_while_another_waits_for_it(installation: Installation, app: App) -> None:
    async with installation.database.transaction() as frozen:
        await lock_repository(frozen, app.id)
        async with installation.database.transaction() as another:
            await record_unreachable(another, app_id=app.id, reason="seen meanwhile")
        await lock_repository(frozen, app.id)


async def test_rows_held_by_a_frozen_process_are_let_go(
    installation: Installation, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "BEGIN", SOON)
    with fail_after(60), pytest.raises(DBAPIError):
        await hold_the_row_while_another_waits_for_it(installation, app)

    async with installation.database.transaction() as session:
        assert (await lock_repository(session, app.id)).unreachable_reason == "seen meanwhile"
