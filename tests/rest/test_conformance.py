"""The API does what its description says, whatever is sent: asked by schemathesis, in every way
that it knows, one after another along the links too.
"""

import subprocess
import sys
from pathlib import Path

import anyio

from tests.support.repositories import Repository
from tests.support.rest import rest_app
from tests.support.servers import RunningServer

ROOT = Path(__file__).parents[2]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 2
SEED = 1


async def test_whatever_is_sent_the_answer_is_one_that_is_described(
    server: RunningServer, repository: Repository, tmp_path: Path
) -> None:
    app = await rest_app(server, repository.path)
    await app.make("staging")
    dev = await app.environment("dev")
    asking = await anyio.run_process(
        [
            SCHEMATHESIS,
            f"--config-file={CONFIGURATION}",
            "run",
            f"{server.base}/v1/openapi.json",
            f"--max-examples={EXAMPLES}",
            f"--seed={SEED}",
            f"--header=Authorization: Bearer {server.token}",
            f"--header=X-Agentmark-App-Id: {app.id}",
            f"--header=X-Pinmark-Environment-Id: {dev['id']}",
            "--no-color",
            "--warnings=off",
        ],
        cwd=tmp_path,
        env={"SCHEMATHESIS_HOOKS": "tests.support.described", "PYTHONPATH": str(ROOT)},
        check=False,
        stderr=subprocess.STDOUT,
    )
    assert asking.returncode == 0, asking.stdout.decode()
