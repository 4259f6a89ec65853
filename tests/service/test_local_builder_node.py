"""Which Node apps build, and what comes out of it."""

from pathlib import Path

import pytest

from services.local_builder import BUNDLE, LocalBuilder, unpack
from services.sandbox import remove_tree
from tests.support.building import SEVERAL_SECONDS, Bench
from tests.support.node_building import (
    HANDLER,
    USES_MS,
    answer_of,
    asking_for_ms,
    build_node,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "release-notes"

FINDS_ITSELF = """
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { place } from "../lib/place.js";

const require = createRequire(import.meta.url);
const beside = readFileSync(new URL("./word.txt", import.meta.url), "utf8");

export default () => [beside, require("./word.json"), import.meta.dirname, place];
"""
PLACE = """
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const __filename = fileURLToPath(import.meta.url);
const __dirname = dirname(__filename);
export const place: string[] = [__dirname, __filename];
"""
COMMON = """#!/usr/bin/env node
const { join } = require("path");
module.exports = async () => require("fs").readFileSync(join(__dirname, "word.txt"), "utf8");
"""


@pytest.fixture(params=["auto", "none"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, builder_tools: Path) -> Bench:
    """Both with a sandbox and without: the same builds must come out."""
    return Bench(tmp_path, sandbox=request.param, tools=builder_tools)


@pytest.fixture
def confined(tmp_path: Path, builder_tools: Path) -> Bench:
    return Bench(tmp_path, tools=builder_tools)


async def test_a_typescript_handler_without_packages_builds(bench: Bench) -> None:
    build = await build_node(bench, {"handler.ts": HANDLER})

    assert answer_of(build, bench.root / "app", event={"type": "ping"}) == {"type": "ping"}


async def test_a_package_pinned_by_hash_is_in_the_bundle(confined: Bench) -> None:
    build = await build_node(confined, {"handler.ts": USES_MS, **asking_for_ms()})

    assert answer_of(build, confined.root / "app", event={}) == 172_800_000
    assert not (confined.root / "app" / "code" / "node_modules").exists()


async def test_the_example_app_answers_its_own_dataset(confined: Bench) -> None:
    files = {
        str(path.relative_to(EXAMPLE)): path.read_text()
        for path in EXAMPLE.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    }

    build = await build_node(confined, files)

    answer = answer_of(build, confined.root / "app", event={"type": "dataset-run"})
    assert (answer["passed"], answer["total"]) == (6, 6)


async def test_each_module_finds_itself_where_its_source_is(confined: Bench) -> None:
    files = {
        "src #1/handler.ts": FINDS_ITSELF,
        "src #1/word.txt": "one",
        "src #1/word.json": "2",
        "lib/place.ts": PLACE,
    }

    build = await build_node(confined, files, handler_path="src #1/handler.ts")

    app = confined.root / "app"
    assert answer_of(build, app, event={}) == [
        *("one", 2, f"{app}/code/src #1"),
        [f"{app}/code/lib", f"{app}/code/lib/place.ts"],
    ]


async def test_a_commonjs_handler_builds(confined: Bench) -> None:
    files = {"handler.js": COMMON, "word.txt": "hello"}

    build = await build_node(confined, files, handler_path="handler.js")

    assert answer_of(build, confined.root / "app", event={}) == "hello"


async def test_the_same_inputs_give_the_same_bytes_with_and_without_a_sandbox(
    tmp_path: Path, builder_tools: Path
) -> None:
    files = {"src #1/handler.ts": FINDS_ITSELF, "lib/place.ts": PLACE, **asking_for_ms()}
    files |= {"src #1/word.txt": "one", "src #1/word.json": "2"}
    artifacts: set[bytes] = set()
    for setting in ("auto", "auto", "none"):
        (tmp_path / setting).mkdir(exist_ok=True)
        bench = Bench(tmp_path / setting, sandbox=setting, tools=builder_tools)
        build = await build_node(bench, files, handler_path="src #1/handler.ts")
        artifacts.add(build.artifact.read_bytes())

    assert len(artifacts) == 1


async def test_no_script_of_a_package_is_run(confined: Bench) -> None:
    files = asking_for_ms(scripts={"preinstall": "echo ran; exit 1", "prepare": "exit 1"})

    await build_node(confined, {"handler.ts": USES_MS, **files})

    assert "ran" not in confined.lines


async def test_packages_for_development_alone_need_no_lock(confined: Bench) -> None:
    project = '{"type": "module", "devDependencies": {"typescript": "5.9.3"}}'

    await build_node(confined, {"handler.ts": HANDLER, "package.json": project})

    assert any("nothing to install" in line for line in confined.lines)


async def test_a_variable_is_there_but_not_in_the_bundle(confined: Bench) -> None:
    handler = f"console.log('token is', process.env.TOKEN);\n{HANDLER}"

    build = await build_node(
        confined, {"handler.ts": handler}, variables={"TOKEN": "very-secret-value"}
    )

    unpack(build.artifact, confined.root / "app")
    assert "token is ***" in confined.lines
    assert "very-secret-value" not in (confined.root / "app" / BUNDLE).read_text()


async def test_the_bundler_is_fetched_once(confined: Bench) -> None:
    confined.tools = confined.root / "data" / "tools"
    await build_node(confined, {"handler.ts": HANDLER})
    await build_node(confined, {"handler.ts": HANDLER})

    fetched = [line for line in confined.lines if line.startswith("Fetching the bundler")]
    assert len(fetched) == 1
    remove_tree(confined.tools)


async def test_the_version_for_node_names_node_and_the_bundler() -> None:
    version = await LocalBuilder(install_limits=SEVERAL_SECONDS).version("node")

    assert "node-2" in version
    assert "esbuild-0." in version


async def test_a_node_that_comes_or_goes_changes_nothing_for_python() -> None:
    with_node = LocalBuilder(environment={"PATH": "/usr/local/bin:/usr/bin"})
    without = LocalBuilder(environment={"PATH": "/nowhere"})

    assert await with_node.version("python") == await without.version("python")
