"""Code that cannot run: its promotion fails with a reason in words, and nothing else changes."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from anyio import to_thread

from models import (
    CodeBuildStatus,
    Deployment,
    Environment,
    FailureClass,
    FileSyncStatus,
)
from pinmark.settings import Settings
from services.installation import Installation
from services.local_builder import LocalBuilder
from services.sandbox import MIB, Limits
from tests.support import capped_deployment
from tests.support.apps import deployment_now, fresh
from tests.support.callers import Caller
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, HANDLER, WITH_HANDLER

REPOSITORY = Path(__file__).parents[2]
HANDLER_CODE = HANDLER.decode()

# What the code is; what the reason says first; what of the log's last lines it ends with.
FAILING: dict[str, tuple[dict[str, str], str, str]] = {
    "a module that exists nowhere": (
        {"handler.py": "import nothing_of_this_name\n"},
        "No module named 'nothing_of_this_name'",
        "ModuleNotFoundError",
    ),
    "a name that its module has not": (
        {"handler.py": "from json import nothing_of_it\n"},
        "ImportError: cannot import name 'nothing_of_it'",
        'handler.py", line 1',
    ),
    "a requirement that is not written down": (
        {"handler.py": f"import idna\n{HANDLER_CODE}", "requirements.txt": ""},
        "No module named 'idna' — is it in requirements.txt?",
        "ModuleNotFoundError: No module named 'idna'",
    ),
    "a requirement that nobody publishes": (
        {"handler.py": HANDLER_CODE, "requirements.txt": "pinmark-no-such-package==1\n"},
        "pinmark-no-such-package was not found",
        "pinmark-no-such-package",
    ),
    "a syntax error": (
        {"handler.py": "def handler(:\n"},
        "SyntaxError: invalid syntax (handler.py, line 1)",
        "def handler(:",
    ),
    "an endless loop": (
        {"handler.py": "print('on and on', flush=True)\nwhile True: pass\n"},
        "it took longer than 2 seconds",
        "on and on",
    ),
}


@pytest.fixture
def brief(caller: Caller) -> Caller:
    """The owner of an installation whose builder has no patience with an import."""
    builder = LocalBuilder(environment=os.environ, check_limits=Limits(seconds=2))
    return replace(caller, installation=replace(caller.installation, builder=builder))


@pytest.mark.parametrize(("files", "reason", "last_lines"), FAILING.values(), ids=FAILING)
async def test_code_that_cannot_run_fails_its_promotion_with_a_reason_and_the_log(
    brief: Caller,
    repository: Repository,
    dev: Environment,
    staging: Environment,
    files: dict[str, str],
    reason: str,
    last_lines: str,
) -> None:
    repository.commit({path: text.encode() for path, text in files.items()})

    failed = await brief.release(dev, staging)

    assert failed.failure_class is FailureClass.BUILD
    assert failed.file_sync is FileSyncStatus.SYNCED
    assert failed.code_build is CodeBuildStatus.FAILED
    first, _, rest = (failed.failure_reason or "").partition("\n")
    assert reason in first
    assert last_lines in rest


async def test_a_failed_promotion_moves_no_pin_and_its_version_goes_to_the_next(
    installation: Installation,
    caller: Caller,
    repository: Repository,
    dev: Environment,
    staging: Environment,
) -> None:
    served = await caller.release(dev, staging)
    repository.commit(BROKEN_HANDLER)
    before = await fresh(installation, staging)

    failed = await caller.release(dev, staging)

    assert (failed.version, failed.failure_class) == (2, FailureClass.BUILD)
    after = await fresh(installation, staging)
    assert after.pinned_deployment_id == before.pinned_deployment_id == served.id
    assert (after.pinned_version, after.current_version) == (1, 1)
    assert after.deploying_id is None

    repository.commit(WITH_HANDLER)
    mended = await caller.release(dev, staging)
    assert (mended.version, mended.failure_class) == (2, None)
    assert (await fresh(installation, staging)).pinned_version == 2


# What follows could take the machine down if the builder failed: each bomb is finite, and the
# work on its deployment runs in a process with limits of its own.

MEMORY_HOG = f"hoard = [bytearray(1024**2) for _ in range(1024)]\n{HANDLER_CODE}"
FORK_BOMB = """
import os, time
for _ in range(1000):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except BlockingIOError:
        time.sleep(0.01)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("code", "reason"),
    [(MEMORY_HOG, "memory"), (FORK_BOMB, "it started 40 processes or more")],
    ids=["a memory hog", "a fork bomb"],
)
async def test_a_bomb_fails_its_promotion_and_nothing_else(
    settings: Settings,
    database_url: str,
    caller: Caller,
    repository: Repository,
    dev: Environment,
    staging: Environment,
    code: str,
    reason: str,
) -> None:
    repository.commit({"handler.py": code.encode()})
    accepted = await caller.promote(dev, staging)

    await to_thread.run_sync(work_below_a_cap, settings, database_url, accepted)

    failed = await deployment_now(caller.installation, accepted.id)
    assert failed.failure_class is FailureClass.BUILD
    assert reason in (failed.failure_reason or "")
    assert (await fresh(caller.installation, staging)).pinned_version is None


def work_below_a_cap(settings: Settings, database_url: str, deployment: Deployment) -> None:
    work = [settings.data_dir, database_url, str(deployment.id), str(256 * MIB), "40"]
    subprocess.run(
        [sys.executable, "-m", capped_deployment.__name__, *work],
        cwd=REPOSITORY,
        timeout=120,
        check=True,
    )
