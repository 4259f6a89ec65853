"""What builds, and what comes out of it."""

from pathlib import Path

import pytest
from anyio import fail_after, run_process

from services.builder import BuildFailed
from services.local_builder import ROOT, LocalBuilder, unpack
from services.sandbox import (
    Limits,
    Mount,
    Step,
    find_sandbox,
    open_area,
    run,
    unprivileged_uid,
)
from tests.support.building import HANDLER, Bench, areas, own_processes, pinned_idna

USES_IDNA = "import idna\n\ndef handler(event):\n    return idna.encode(event).decode()\n"


@pytest.fixture(params=["auto", "none"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """Both with a sandbox and without: the same builds must come out."""
    return Bench(tmp_path, sandbox=request.param)


async def test_a_handler_without_requirements_builds(bench: Bench) -> None:
    build = await bench.build({"handler.py": HANDLER})

    assert build.size == build.artifact.stat().st_size > 0


async def test_a_requirement_pinned_by_hash_is_installed_and_imported(bench: Bench) -> None:
    await bench.build({"handler.py": USES_IDNA, "requirements.txt": pinned_idna()})

    assert " + idna==3.10" in bench.lines


async def test_another_hash_fails_the_build(bench: Bench) -> None:
    with pytest.raises(BuildFailed, match=r"Hash mismatch for `idna==3.10`"):
        await bench.build({"handler.py": USES_IDNA, "requirements.txt": pinned_idna("0" * 64)})


async def test_one_hash_holds_every_requirement_to_hashes(bench: Bench) -> None:
    requirements = pinned_idna() + "python-slugify==8.0.4\n"

    with pytest.raises(BuildFailed, match="require"):
        await bench.build({"handler.py": USES_IDNA, "requirements.txt": requirements})


async def test_a_project_is_installed_with_what_it_depends_on(bench: Bench) -> None:
    project = '[project]\nname = "app"\nversion = "1"\ndependencies = ["idna==3.10"]\n'

    await bench.build({"handler.py": USES_IDNA, "pyproject.toml": project})

    assert " + idna==3.10" in bench.lines


async def test_a_pyproject_of_tools_alone_asks_for_nothing(bench: Bench) -> None:
    await bench.build({"handler.py": HANDLER, "pyproject.toml": "[tool.ruff]\nline-length = 90\n"})

    assert any("nothing to install" in line for line in bench.lines)


async def test_a_handler_in_a_package_imports_its_neighbours(bench: Bench) -> None:
    files = {
        "agents/__init__.py": "",
        "agents/words.py": "GREETING = 'hello'\n",
        "agents/main.py": "from .words import GREETING\n\nasync def handler(event): ...\n",
    }

    await bench.build(files, handler_path="agents/main.py")


async def test_a_handler_in_a_plain_directory_imports_its_neighbours_and_the_root(
    bench: Bench,
) -> None:
    files = {
        "root_words.py": "",
        "src/words.py": "",
        "src/my-handler.py": f"import root_words, words\n{HANDLER}",
    }

    await bench.build(files, handler_path="src/my-handler.py")


async def test_the_same_inputs_give_the_same_bytes(bench: Bench) -> None:
    files = {"handler.py": USES_IDNA, "requirements.txt": pinned_idna()}

    first = await bench.build(files)
    second = await bench.build(files)

    assert first.artifact.read_bytes() == second.artifact.read_bytes()


async def test_an_artifact_runs_at_the_fixed_path(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    build = await bench.build({"handler.py": USES_IDNA, "requirements.txt": pinned_idna()})
    sandbox = await find_sandbox("auto")
    lines: list[str] = []

    async def keep(line: str) -> None:
        lines.append(line)

    async with open_area(uid=unprivileged_uid("runs")) as area:
        app = area.directory("app")
        unpack(build.artifact, app)
        call = "import handler; print(handler.handler('bücher.example'))"
        step = Step(
            command=[f"{ROOT}/venv/bin/python", "-c", call],
            directory=f"{ROOT}/code",
            mounts=[Mount(source=app, target=ROOT)],
            limits=Limits(seconds=60),
        )
        outcome = await run(sandbox, step, area=area, log=keep)

    assert (outcome.exit_code, lines) == (0, ["xn--bcher-kva.example"])


async def test_an_artifact_built_without_a_sandbox_runs_wherever_it_is_unpacked(
    tmp_path: Path,
) -> None:
    build = await Bench(tmp_path, sandbox="none").build(
        {"handler.py": USES_IDNA, "requirements.txt": pinned_idna()}
    )

    unpack(build.artifact, tmp_path / "app")

    call = "import handler; print(handler.handler('bücher.example'))"
    python = tmp_path / "app" / "venv" / "bin" / "python"
    said = await run_process([str(python), "-c", call], cwd=tmp_path / "app" / "code")
    assert said.stdout == b"xn--bcher-kva.example\n"


async def test_bytecode_and_other_leavings_stay_out_of_an_artifact(bench: Bench) -> None:
    build = await bench.build({"handler.py": HANDLER, "__pycache__/handler.pyc": "stale"})

    unpack(build.artifact, bench.root / "app")

    assert not list((bench.root / "app").rglob("__pycache__"))


async def test_no_process_and_no_file_is_left_after_a_build(bench: Bench) -> None:
    before = areas()

    with fail_after(120):
        await bench.build({"handler.py": "import os\nos.system('sleep 1000 &')\n" + HANDLER})

    assert own_processes() == []
    assert areas() <= before


async def test_variables_reach_the_build_and_are_masked_in_its_log(bench: Bench) -> None:
    files = {"handler.py": "import os\nprint('token is', os.environ['TOKEN'])\n" + HANDLER}

    await bench.build(files, variables={"TOKEN": "very-secret-value"})

    assert "token is ***" in bench.lines
    assert "very-secret-value" not in bench.text


async def test_the_version_names_the_python_a_build_is_bound_to() -> None:
    version = await LocalBuilder().version("python")

    assert version == await LocalBuilder().version("python")
    assert "python-3." in version
