"""What a Node app says it needs, and its installation by npm."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from services.builder import BuildFailed
from services.local_builder.endings import exit_of, limit_reached
from services.local_builder.node_installation import Node
from services.local_builder.node_registry import NodeRegistry
from services.local_builder.requirements import read_own
from services.local_builder.workbench import PATH, Workbench
from services.sandbox import Limits, Outcome, open_gate

DECLARED_IN = ("dependencies", "optionalDependencies", "peerDependencies", "workspaces")
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
# A package's own scripts are never run: all they could leave behind is what a bundle cannot hold
# (compiled addons) or should not (whatever a compromised package likes).
INSTALL = ("ci", "--ignore-scripts", "--omit=dev", "--prefer-offline")
RETRIES = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000")  # npm waits minutes
QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--no-progress", "--logs-max=0")


def asks_for_packages(code: Path) -> bool:
    """Whether there is something to install; what is asked for without a lock is refused."""
    text = read_own(code, "package.json")
    if text is None or not _declares_packages(text):
        return False
    if not any((code / name).is_file() for name in LOCKS):  # not read: npm does, and some are large
        raise BuildFailed(
            "package.json asks for packages and there is no package-lock.json beside it: "
            "run `npm install` and commit the file it writes."
        )
    return True


async def install_packages(
    bench: Workbench, node: Node, registry: NodeRegistry, limits: Limits
) -> str | None:
    """Install what the lock file beside the scratch's package.json names; in words why not.

    The one step with a network, through a gate that never leads back to this machine.
    """
    certificates = {
        variable: replace(mount, source=bench.usable(mount.source, mode=0o644))
        for variable, mount in registry.certificates.items()
    }
    cache = f"{bench.place(bench.cache)}/npm"
    gate = bench.area.root / "gate.sock"
    async with open_gate(gate, log=bench.log):
        outcome = await bench.run(
            [str(node.executable), node.npm_program, *INSTALL, "--cache", cache, *RETRIES, *QUIET],
            mounts=[bench.cache, bench.scratch, *node.mounts, *certificates.values()],
            directory=bench.place(bench.scratch),
            limits=limits,
            variables={
                **registry.variables,
                **{variable: bench.place(mount) for variable, mount in certificates.items()},
                "NODE_OPTIONS": "",  # what the app wants of its own Node is not for npm
                "PATH": f"{node.executable.parent}:{PATH}",
            },
            gate=gate,
        )
    if outcome.stopped or outcome.exit_code:
        return limit_reached(outcome, limits) or error_of_npm(outcome) or exit_of(outcome)
    return None


def error_of_npm(outcome: Outcome) -> str:
    """npm's first sentence on what went wrong, from ``npm error …`` after its code."""
    for line in outcome.last_lines:
        label, _, text = line.strip().partition("npm error ")
        if not label and text and not text.startswith(("code ", "errno ", "syscall ")):
            return text.strip().rstrip(".")
    return ""


def _declares_packages(text: str) -> bool:
    try:
        project = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BuildFailed(f"package.json is not valid JSON: {error}.") from None
    if not isinstance(project, dict):
        raise BuildFailed("package.json is not a JSON object.")
    return any(cast(dict[str, Any], project).get(name) for name in DECLARED_IN)
