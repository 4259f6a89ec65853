"""Build what a browser loads, if node is there: ``python -m pinmark.static_build``.

The source is ``dashboard/`` of a checkout and the published schema, the result
``pinmark/static/``: the dashboard, its documents and GraphiQL. A digest of every input is kept
with the result, so nothing is built twice. Without node the server runs all the same, and its
pages say how to build them. The build of the wheel calls this too, in an environment of its own,
so it needs nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

STATIC = Path(__file__).parent / "static"
DASHBOARD = Path(__file__).parent.parent / "dashboard"
SCHEMA = "schema.graphql"
OLDEST_NODE = (20, 19)
OLDEST_NODE_NAME = ".".join(map(str, OLDEST_NODE))
STAMP = "inputs.sha256"
INSTALLED = "installed.sha256"
NOT_INPUTS = {"node_modules", "dist", "e2e", "screenshots"}
GENERATED = "app/gql"


class BuildFailed(Exception):
    """A step of the front-end build failed; the message ends with what it printed last."""


class ToolMissing(Exception):
    """There is something to build and no node to build it with."""


def main() -> int:
    """Build if need be, say in one line what was done, and return the exit status."""
    try:
        sys.stdout.write(build(DASHBOARD, STATIC) + "\n")
    except ToolMissing as missing:
        sys.stdout.write(f"{missing}\n")
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\nPINMARK_SKIP_DASHBOARD=1 leaves the front end out.\n")
        return 1
    return 0


def build(source: Path, target: Path) -> str:
    """Bring ``target`` up to date with ``source``; return the sentence that says what happened."""
    if os.environ.get("PINMARK_SKIP_DASHBOARD") == "1":
        return "Dashboard: left out, as PINMARK_SKIP_DASHBOARD says."
    if not source.is_dir():
        return "Dashboard: nothing to build, this is not a checkout."
    digest = inputs_digest(source)
    if built_digest(target) == digest:
        return "Dashboard: up to date."
    obstacle = missing_tool()
    if obstacle:
        raise ToolMissing(
            f"Dashboard: not built, {obstacle}: install node 20.19 or later, then `make dashboard`."
        )
    _install(source)
    _run(source, "npm", "run", "build", "--loglevel=error")
    publish(source / "dist", target, digest)
    return "Dashboard: built."


def inputs_digest(source: Path) -> str:
    """A digest of every file that can change the result, by its path and content."""
    digest = hashlib.sha256()
    for path in sorted(_inputs(source)):
        digest.update(path.relative_to(source.parent).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def built_digest(target: Path) -> str | None:
    """The digest of the inputs that ``target`` was built from; None if it was not built."""
    try:
        return (target / STAMP).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def missing_tool() -> str | None:
    """What of node and npm is not there or too old, in words."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return "node and npm are not there"
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return f"node {answer.stdout.strip()} is too old"
    return None


def publish(built: Path, target: Path, digest: str) -> None:
    """Move ``built`` to the place of ``target``, so that a running server never sees half of it."""
    replaced = built.with_name(f"{built.name}.replaced")
    if replaced.exists():
        shutil.rmtree(replaced)
    (built / STAMP).write_text(f"{digest}\n", encoding="ascii")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(replaced)
    built.rename(target)


def _inputs(source: Path) -> list[Path]:
    schema = source.parent / SCHEMA
    return [
        *([schema] if schema.is_file() else []),
        *(
            path
            for entry in source.iterdir()
            if entry.name not in NOT_INPUTS
            for path in (entry.rglob("*") if entry.is_dir() else [entry])
            if path.is_file() and not path.is_relative_to(source / GENERATED)
        ),
    ]


def _install(source: Path) -> None:
    """The locked packages, once for each state of the lock file."""
    lock, installed = source / "package-lock.json", source / "node_modules" / INSTALLED
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if installed.is_file() and installed.read_text(encoding="ascii") == digest:
        return
    _run(source, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    installed.parent.mkdir(exist_ok=True)
    installed.write_text(digest, encoding="ascii")


def _run(directory: Path, *command: str) -> None:
    finished = subprocess.run(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if finished.returncode != 0:
        last_lines = "\n".join(finished.stdout.splitlines()[-20:])
        raise BuildFailed(f"Dashboard: `{' '.join(command)}` failed.\n{last_lines}")


if __name__ == "__main__":
    raise SystemExit(main())
