"""The front end is built when an input changed and node is there, and never by half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pinmark import static_build


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A front end whose build is one line of node."""
    dashboard = tmp_path / "dashboard"
    dashboard.mkdir()
    (dashboard / "package.json").write_text('{"name": "front-end"}')
    (dashboard / "package-lock.json").write_text("{}")
    (dashboard / "node_modules").mkdir()
    return dashboard


def test_without_node_one_sentence_says_what_to_do_and_nothing_fails(tmp_path: Path) -> None:
    """Run as make runs it, with an empty PATH, on a tree that has no built files."""
    checkout = tmp_path / "checkout"
    (checkout / "dashboard").mkdir(parents=True)
    package = checkout / "pinmark"
    package.mkdir()
    for module in ("__init__", "static_build"):
        original = Path(static_build.__file__).with_name(f"{module}.py")
        (package / original.name).write_bytes(original.read_bytes())

    finished = subprocess.run(
        [sys.executable, "-m", "pinmark.static_build"],
        cwd=checkout,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert finished.stdout == (
        "Dashboard: not built, node and npm are not there: "
        "install node 20.19 or later, then `make dashboard`.\n"
    )
    assert finished.stderr == ""


def test_an_installed_package_has_nothing_to_build(tmp_path: Path) -> None:
    assert static_build.build(tmp_path / "none", tmp_path / "target") == (
        "Dashboard: nothing to build, this is not a checkout."
    )


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a ``node`` and an ``npm`` that write down how they were called, and build."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _script(folder / "node", "echo v20.19.0")
    _script(
        folder / "npm",
        'echo "$*" >> "$0.calls"; mkdir -p dist; echo built > dist/index.html',
    )
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def test_it_is_built_again_only_when_an_input_changed(
    source: Path, commands: Path, tmp_path: Path
) -> None:
    target = tmp_path / "static"

    assert static_build.build(source, target) == "Dashboard: built."
    assert (target / "index.html").read_text() == "built\n"

    (source / "node_modules" / "installed.js").write_text("no input")
    assert static_build.build(source, target) == "Dashboard: up to date."

    (source / "app" / "gql").mkdir(parents=True)
    (source / "app" / "gql" / "graphql.ts").write_text("generated")
    assert static_build.build(source, target) == "Dashboard: up to date."

    for beside in ("e2e", "screenshots"):
        (source / beside).mkdir()
        (source / beside / "left-by-a-run").write_text("no input")
        assert static_build.build(source, target) == "Dashboard: up to date."

    (source.parent / "schema.graphql").write_text("type Query")
    assert static_build.build(source, target) == "Dashboard: built."

    (source / "package-lock.json").write_text('{"name": "changed"}')
    assert static_build.build(source, target) == "Dashboard: built."
    calls = (commands / "npm.calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["ci", "run", "run", "ci", "run"]


def test_a_failed_build_says_what_npm_said_and_leaves_the_old_one(
    source: Path, commands: Path, tmp_path: Path
) -> None:
    target = tmp_path / "static"
    static_build.build(source, target)
    (source / "package.json").write_text("broken")
    _script(commands / "npm", "echo no such package; exit 1")

    with pytest.raises(static_build.BuildFailed, match="no such package"):
        static_build.build(source, target)

    assert (target / "index.html").read_text() == "built\n"


def test_a_node_too_old_is_named(source: Path, commands: Path, tmp_path: Path) -> None:
    _script(commands / "node", "echo v18.20.4")

    with pytest.raises(static_build.ToolMissing, match=r"node v18\.20\.4 is too old: install node"):
        static_build.build(source, tmp_path / "target")


def test_the_lock_file_names_no_address_of_a_registry() -> None:
    lock = static_build.DASHBOARD / "package-lock.json"

    assert '"resolved"' not in lock.read_text()
