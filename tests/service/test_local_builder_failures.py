"""Code that does not build: each failure has a reason in words and its traceback in the log."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.builder import BuilderUnavailable, BuildFailed
from services.sandbox import Limits
from services.sandbox.limits import MIB
from services.sandbox.tree import until_gone
from tests.support import capped_build
from tests.support.building import HANDLER, Bench, areas, own_processes, write

REPOSITORY = Path(__file__).parents[2]
REASONS = {
    "import nowhere_to_be_found\n": (
        r"handler.py does not import: ModuleNotFoundError: No module named "
        r"'nowhere_to_be_found' — is it in requirements.txt\?"
    ),
    "from json import nothing_of_it\n": "ImportError: cannot import name 'nothing_of_it'",
    "def handler(:\n": r"SyntaxError: invalid syntax \(handler.py, line 1\)",
    "print('no handler here')\n": "handler.py has no function named 'handler'",
    "handler = 3\n": "'handler' in handler.py is not callable",
    "raise SystemExit(0)\n": "SystemExit: 0",
    "import os\nos._exit(0)\n": "it ended its own process with exit status 0",
    "import os\nos.kill(os.getpid(), 11)\n": "it ended its own process with signal 11",
}


@pytest.fixture(params=["auto", "none"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return Bench(tmp_path, sandbox=request.param)


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
async def test_a_handler_that_does_not_serve_fails_with_a_reason(
    bench: Bench, code: str, reason: str
) -> None:
    with pytest.raises(BuildFailed, match=reason):
        await bench.build({"handler.py": code})


async def test_the_traceback_is_in_the_log_from_the_first_line_of_the_app(bench: Bench) -> None:
    with pytest.raises(BuildFailed):
        await bench.build({"handler.py": "def begin():\n    return {}['missing']\n\nbegin()\n"})

    log = bench.text
    assert 'handler.py", line 4, in <module>' in log
    assert "KeyError: 'missing'" in log
    assert "import_check" not in log


async def test_a_requirement_that_nobody_publishes_fails_with_its_name(bench: Bench) -> None:
    files = {"handler.py": HANDLER, "requirements.txt": "pinmark-no-such-package==1\n"}

    with pytest.raises(BuildFailed, match="pinmark-no-such-package was not found"):
        await bench.build(files)


async def test_requirements_that_cannot_be_read_fail_with_the_place(bench: Bench) -> None:
    with pytest.raises(BuildFailed, match=r"Couldn't parse requirement in `requirements.txt`"):
        await bench.build({"handler.py": HANDLER, "requirements.txt": "idna=3\n"})


async def test_a_pyproject_that_is_not_toml_fails(bench: Bench) -> None:
    with pytest.raises(BuildFailed, match=r"pyproject.toml is not valid TOML"):
        await bench.build({"handler.py": HANDLER, "pyproject.toml": "[project"})


async def test_an_endless_import_ends_at_the_time_limit(bench: Bench) -> None:
    with pytest.raises(BuildFailed, match="it took longer than 2 seconds"):
        await bench.build({"handler.py": "while True: pass\n"}, check_limits=Limits(seconds=2))

    assert own_processes() == []


async def test_a_flood_of_lines_is_cut(bench: Bench) -> None:
    code = f"for number in range(1000): print('x' * 5000)\n{HANDLER}"

    await bench.build({"handler.py": code}, check_limits=Limits(seconds=120, lines=10))

    assert bench.lines.count("output truncated") == 1
    assert len(bench.lines) < 20
    assert max(map(len, bench.lines)) == 4000


async def test_a_disk_hog_is_stopped(bench: Bench) -> None:
    code = (
        "import tempfile, time\n"
        "for number in range(40):\n"
        "    open(f'{tempfile.gettempdir()}/{number}', 'wb').write(bytes(1024**2))\n"
        "time.sleep(100)\n"
    )

    with pytest.raises(BuildFailed, match="it wrote more than"):
        await bench.build({"handler.py": code}, check_limits=Limits(seconds=120, disk=20 * MIB))


@pytest.mark.parametrize("path", ["../handler.py", "/etc/passwd", "missing.py"])
async def test_a_handler_outside_the_commit_is_refused(bench: Bench, path: str) -> None:
    with pytest.raises(BuildFailed, match=r"does not lie in the repository|There is no"):
        await bench.build({"handler.py": HANDLER}, handler_path=path)


async def test_a_language_nobody_builds_is_refused_in_words(bench: Bench) -> None:
    with pytest.raises(BuildFailed, match="this builder builds Python and Node"):
        await bench.build({"handler.rb": ""}, handler_path="handler.rb", language="ruby")


async def test_a_machine_without_a_sandbox_names_the_setting(tmp_path: Path) -> None:
    bench = Bench(tmp_path, sandbox="/usr/bin/false")

    with pytest.raises(BuilderUnavailable, match="set PINMARK_SANDBOX=none"):
        await bench.build({"handler.py": HANDLER})


async def test_a_cancelled_build_leaves_no_process_and_no_file(bench: Bench) -> None:
    before = areas()
    code = "import os\nos.system('sleep 1000 &')\nprint('here', flush=True)\nwhile True: pass\n"
    building = asyncio.create_task(bench.build({"handler.py": code}))
    await bench.until("here")

    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building

    assert own_processes() == []
    assert areas() <= before


# What follows could take the machine down if the builder failed: each bomb is finite, and runs
# in a process with limits of its own.

MEMORY_HOG = "hoard = [bytearray(1024**2) for _ in range(1024)]\n" + HANDLER
MANY_HOGS = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(os.urandom(1)) * (100 * 1024**2)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
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


def capped(tmp_path: Path, code: str, *, seconds: int, setting: str = "auto") -> list[str]:
    write({"handler.py": code}, tmp_path / "source")
    (tmp_path / "output").mkdir()
    places = [str(tmp_path / name) for name in ("source", "output", "cache")]
    limits = [str(seconds), str(256 * MIB), "40"]
    return [sys.executable, "-m", capped_build.__name__, setting, *places, *limits]


def reason_of(command: list[str]) -> str:
    said = subprocess.run(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    answer = json.loads(said.stdout.splitlines()[-1])
    return str(answer.get("reason"))


@pytest.mark.parametrize("setting", ["auto", "none"])
def test_a_memory_hog_fails_with_a_reason(tmp_path: Path, setting: str) -> None:
    reason = reason_of(capped(tmp_path, MEMORY_HOG, seconds=60, setting=setting))

    assert "memory" in reason


@pytest.mark.parametrize("setting", ["auto", "none"])
def test_memory_spread_over_many_processes_is_summed(tmp_path: Path, setting: str) -> None:
    reason = reason_of(capped(tmp_path, MANY_HOGS, seconds=60, setting=setting))

    assert "it needs more than 0.25 GiB of memory" in reason


@pytest.mark.parametrize("setting", ["auto", "none"])
def test_a_fork_bomb_fails_with_a_reason(tmp_path: Path, setting: str) -> None:
    reason = reason_of(capped(tmp_path, FORK_BOMB, seconds=60, setting=setting))

    assert "it started 40 processes or more" in reason


@pytest.fixture
def endless(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A server of its own in the middle of a build that never ends."""
    code = "import os\nos.system('sleep 1000 &')\nprint('here', flush=True)\nwhile True: pass\n"
    command = capped(tmp_path, code, seconds=600, setting=request.param)
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:
        yield server
        server.kill()


@pytest.mark.parametrize("endless", ["auto", "none"], indirect=True)
def test_a_killed_server_leaves_no_build_running(endless: subprocess.Popen[str]) -> None:
    assert endless.stdout is not None
    while "here" not in endless.stdout.readline():
        continue
    running = own_processes()

    os.kill(endless.pid, 9)
    endless.wait()

    assert len(running) > 2
    assert until_gone(running, seconds=60)
    assert own_processes() == []
