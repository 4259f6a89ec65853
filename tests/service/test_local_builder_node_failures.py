"""Node apps that do not build: each failure has a reason in words and its place in the log."""

import asyncio
import os
from pathlib import Path

import pytest

from services.builder import BuilderUnavailable, BuildFailed
from services.sandbox import Limits
from services.sandbox.limits import MIB
from tests.support.building import Bench, own_processes
from tests.support.node_building import HANDLER, USES_MS, asking_for_ms, build_node

REASONS = {
    'import pad from "left-pad";\nexport default pad;\n': (
        r'handler.ts does not bundle: Could not resolve "left-pad" \(handler.ts, line 1\) '
        r"— is it in package.json\?"
    ),
    '\nimport "./nowhere.js";\n': (
        r'handler.ts does not bundle: Could not resolve "./nowhere.js" \(handler.ts, line 2\)\.'
    ),
    "export default function (: string) {}\n": r"Expected identifier .*\(handler.ts, line 1\)",
    'import { nothing } from "./words.js";\nexport default nothing;\n': (
        'No matching export in "words.ts" for import "nothing"'
    ),
    'import "./addon.node";\n': "addon.node is a native addon, which a bundle cannot hold",
    "export const handler = () => 1;\n": "handler.ts has no default export",
    "export default 3;\n": "handler.ts has a default export that is not a function",
    "throw new TypeError('not today');\n": "handler.ts does not import: TypeError: not today",
    "throw null;\n": "handler.ts does not import: it threw null",
    "require('./build/Release/word.node');\n": "a bundle cannot hold native addons",
    f"Promise.reject(new Error('nobody waits'));\n{HANDLER}": "Error: nobody waits",
    "await new Promise(() => {});\n": "it waits at its top level for something that never comes",
    "process.exit(0);\n": "it ended its own process with exit status 0",
    "process.kill(process.pid, 'SIGSEGV');\n": "it ended its own process with signal 11",
    "await fetch('http://192.0.2.1/');\n": "TypeError: fetch failed",
}
HEAP_HOG = """
const hoard: number[][] = [];
for (let number = 0; number < 1024; number++) hoard.push(new Array(131_072).fill(number + 0.5));
"""
BUFFER_HOG = """
const hoard: Buffer[] = [];
for (let number = 0; number < 1024; number++) hoard.push(Buffer.alloc(1024 ** 2, 1));
await new Promise((resume) => setTimeout(resume, 5_000));
"""


@pytest.fixture(params=["auto", "none"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, builder_tools: Path) -> Bench:
    return Bench(tmp_path, sandbox=request.param, tools=builder_tools)


@pytest.fixture
def confined(tmp_path: Path, builder_tools: Path) -> Bench:
    return Bench(tmp_path, tools=builder_tools)


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
async def test_a_handler_that_does_not_serve_fails_with_a_reason(
    confined: Bench, code: str, reason: str
) -> None:
    files = {"handler.ts": code, "words.ts": "export const words = 1;\n", "addon.node": ""}

    with pytest.raises(BuildFailed, match=reason):
        await build_node(confined, files)


async def test_the_log_shows_the_line_of_the_source_and_no_line_of_ours(bench: Bench) -> None:
    code = "interface Ticket { body: string }\n\nfunction open(): Ticket {\n  throw Error('no');\n}"

    with pytest.raises(BuildFailed, match="Error: no"):
        await build_node(bench, {"handler.ts": f"{code}\nexport default open();\n"})

    assert "/app/code/handler.ts:4" in bench.text
    assert "import_check" not in bench.text


async def test_a_syntax_error_is_shown_in_the_log(confined: Bench) -> None:
    with pytest.raises(BuildFailed):
        await build_node(confined, {"handler.ts": "export default function ((\n"})

    assert "1 │ export default function ((" in confined.text


async def test_another_hash_fails_the_build(confined: Bench) -> None:
    wrong = "sha512-" + "A" * 86 + "=="

    with pytest.raises(BuildFailed, match="Integrity checksum failed"):
        await build_node(confined, {"handler.ts": USES_MS, **asking_for_ms(wrong)})


async def test_packages_without_a_lock_are_refused(confined: Bench) -> None:
    files = asking_for_ms()
    del files["package-lock.json"]

    with pytest.raises(BuildFailed, match=r"there is no package-lock.json beside it"):
        await build_node(confined, {"handler.ts": USES_MS, **files})


async def test_a_lock_that_does_not_fit_is_refused(confined: Bench) -> None:
    files = asking_for_ms(dependencies={"ms": "2.1.2"})

    with pytest.raises(BuildFailed, match=r"could not be installed: .*package.json"):
        await build_node(confined, {"handler.ts": USES_MS, **files})


@pytest.mark.parametrize("project", ["{", "[]"])
async def test_a_package_json_that_is_none_is_refused(confined: Bench, project: str) -> None:
    with pytest.raises(BuildFailed, match=r"package.json is not"):
        await build_node(confined, {"handler.ts": HANDLER, "package.json": project})


async def test_packages_never_come_from_this_machine(confined: Bench) -> None:
    environment = {**os.environ, "npm_config_registry": "http://127.0.0.1:9/"}

    with pytest.raises(BuildFailed, match="could not be installed"):
        await build_node(
            confined, {"handler.ts": USES_MS, **asking_for_ms()}, environment=environment
        )

    assert any("it is an address of this machine" in line for line in confined.lines)


async def test_a_bundler_that_cannot_be_fetched_is_nobody_s_code_s_fault(confined: Bench) -> None:
    confined.tools = confined.root / "tools"
    environment = {**os.environ, "npm_config_registry": "http://127.0.0.1:9/"}

    with pytest.raises(BuilderUnavailable, match=r"esbuild .* could not be fetched"):
        await build_node(confined, {"handler.ts": HANDLER}, environment=environment)


async def test_an_endless_import_ends_at_the_time_limit(confined: Bench) -> None:
    with pytest.raises(BuildFailed, match="it took longer than 1 seconds"):
        await build_node(confined, {"handler.ts": "for (;;);\n"}, check_limits=Limits(seconds=1))

    assert own_processes() == []


# Both end by themselves at 1 GiB, if the builder should fail to end them before.
@pytest.mark.parametrize("hog", [HEAP_HOG, BUFFER_HOG])
async def test_a_memory_hog_fails_with_a_reason(confined: Bench, hog: str) -> None:
    limits = Limits(seconds=60, memory=256 * MIB)

    with pytest.raises(BuildFailed, match=r"it needs more (memory than|than 0\.25 GiB of memory)"):
        await build_node(confined, {"handler.ts": hog + HANDLER}, check_limits=limits)


async def test_a_cancelled_build_leaves_no_process(confined: Bench) -> None:
    code = "import { spawn } from 'node:child_process';\nspawn('sleep', ['1000']);\n"
    building = asyncio.create_task(
        build_node(confined, {"handler.ts": f"{code}console.log('here');\nfor (;;);\n"})
    )
    await confined.until("here")

    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building

    assert own_processes() == []
