"""GraphiQL in a real browser, against the server that ``make run`` starts."""

import os
from pathlib import Path

import anyio
import pytest

from tests.support.processes import ServerProcess, Site
from tests.support.signing_in import printed_link

ROOT = Path(__file__).parents[2]
DEV = """
query { environment(app: "support-triage", name: "dev") { codeCommit { sha } } }
"""


async def until_dev_runs(server: ServerProcess) -> None:
    while (await server.data(DEV))["environment"]["codeCommit"] is None:
        await anyio.sleep(0.1)


@pytest.mark.browser
async def test_graphiql_keeps_its_promises_in_a_browser(tmp_path: Path) -> None:
    """The promises themselves are in ``graphiql.mjs``, which ends with status 1 at a broken one."""
    site = Site(tmp_path)
    async with site.serving("--demo") as server:
        with anyio.fail_after(60):
            await until_dev_runs(server)
        finished = await anyio.run_process(
            ["npm", "--prefix", str(ROOT / "dashboard"), "run", "e2e"],
            env={
                **os.environ,
                "PINMARK_URL": server.base,
                "PINMARK_DATA_DIR": str(site.data),
                "PINMARK_SIGN_IN_LINK": printed_link(server.program.output.read_text()),
            },
            check=False,
        )

    assert finished.returncode == 0, (finished.stdout + finished.stderr).decode()
