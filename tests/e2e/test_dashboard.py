"""The dashboard in a real browser, served by the installed wheel where there is no node."""

from pathlib import Path

import pytest

from tests.e2e.dashboard import installed_site, run_specs


@pytest.mark.browser
async def test_the_dashboard_keeps_its_promises_in_a_browser(tmp_path: Path) -> None:
    """The promises themselves are the specs of ``dashboard/e2e``."""
    finished = await run_specs(await installed_site(tmp_path), project="promises")

    assert finished.returncode == 0, (finished.stdout + finished.stderr).decode()
