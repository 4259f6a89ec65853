"""The page of the REST API in a real browser; what it promises is in ``docs.mjs``."""

import os
from pathlib import Path

import anyio
import pytest

from tests.support.processes import Site

SCRIPT = Path(__file__).with_name("docs.mjs")


@pytest.mark.browser
async def test_the_page_of_the_rest_api_works_under_its_policy(tmp_path: Path) -> None:
    site = Site(tmp_path)
    async with site.serving() as server:
        finished = await anyio.run_process(
            ["node", str(SCRIPT)], env={**os.environ, "PINMARK_URL": server.base}, check=False
        )
    assert finished.returncode == 0, (finished.stdout + finished.stderr).decode()
