"""Building a Node app: its packages, one bundle of it all, and a default export that imports.

The bundle stands beside the code, at ``bundle/handler.mjs``, and is all that runs: no package and
no TypeScript is left to look for. Each module in it still finds itself where its source was
(``import.meta.url``, ``__dirname``), so content is read beside the handler as ever; what a
package wants to read beside itself is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from services.builder import BuildFailed
from services.local_builder.endings import exit_of, limit_reached, reported_reason, sentence
from services.local_builder.node_bundler import Bundler
from services.local_builder.node_installation import Node
from services.local_builder.node_packages import asks_for_packages, install_packages
from services.local_builder.node_registry import NodeRegistry
from services.local_builder.workbench import PATH, ROOT, Workbench
from services.sandbox import MIB, Limits, Mount, Outcome, reachable

BUNDLE = "bundle/handler.mjs"
PROGRAMS = ("node_bundle.mjs", "node_import_check.mjs")
WAITS_FOR_EVER = 13  # Node's exit status when nothing is left that could end a top-level await


@dataclass(frozen=True, kw_only=True)
class NodeTools:
    """Laid out on a workbench: what a Node build needs beside its code."""

    bench: Workbench
    node: Node
    bundler: Mount
    bundle: Mount
    programs: Mount

    def command(self, program: str, limits: Limits) -> list[str]:
        """Node on a program of ours, with a heap that ends in words before the kernel's limit."""
        heap = f"--max-old-space-size={limits.memory * 3 // 4 // MIB}"
        program = f"{self.bench.place(self.programs)}/{program}"
        return [str(self.node.executable), "--enable-source-maps", heap, program]

    def variables(self) -> dict[str, str]:
        return {"PATH": f"{self.node.executable.parent}:{PATH}"}


async def build_node(
    bench: Workbench,
    handler_path: str,
    *,
    node: Node,
    bundler: Bundler,
    registry: NodeRegistry,
    install: Limits,
    check: Limits,
) -> Mapping[str, Path]:
    """The parts of the artifact, or ``BuildFailed``."""
    wanted = asks_for_packages(bench.code.source)
    await bundler.fetch(bench.sandbox, node, registry, limits=install, log=bench.log)
    tools = await asyncio.to_thread(lay_out_node, bench, node, bundler)
    if wanted:
        await bench.log("Installing what package-lock.json names.")
        if reason := await install_packages(bench, node, registry, install):
            raise BuildFailed(f"What package.json asks for could not be installed: {reason}.")
    else:
        await bench.log("No package.json that asks for packages: nothing to install.")
    await make_bundle(tools, handler_path, install)
    await check_import(tools, handler_path, check)
    return {"code": bench.code.source, "bundle": tools.bundle.source}


def lay_out_node(bench: Workbench, node: Node, bundler: Bundler) -> NodeTools:
    """Make the places of a Node build in the working area."""
    esbuild = bundler.place
    if bench.sandbox.bwrap is None and not reachable(esbuild, bench.area.uid):
        esbuild = bench.area.copy(esbuild, "bundler")
    programs = bench.area.directory("programs")
    for name in PROGRAMS:
        bench.area.file(f"programs/{name}", Path(__file__).with_name(name).read_text())
    bundle = bench.area.directory("app/bundle", writable=True)
    return NodeTools(
        bench=bench,
        node=node,
        bundler=Mount(source=esbuild.resolve(), target="/run/pinmark/bundler"),
        bundle=Mount(source=bundle, target=f"{ROOT}/bundle", writable=True),
        programs=Mount(source=programs, target="/run/pinmark/programs"),
    )


async def make_bundle(tools: NodeTools, handler_path: str, limits: Limits) -> None:
    bench = tools.bench
    await bench.log(f"Bundling {handler_path}.")
    scratch = replace(bench.scratch, writable=False)
    places = [bench.place(each) for each in (tools.bundler, scratch, tools.bundle)]
    outcome = await bench.run(
        [*tools.command("node_bundle.mjs", limits), *places, handler_path],
        mounts=[scratch, tools.bundler, tools.bundle, tools.programs, *tools.node.mounts],
        directory=bench.place(scratch),
        limits=limits,
        variables={**tools.variables(), "NODE_OPTIONS": ""},
    )
    _refuse(outcome, limits, f"{handler_path} does not bundle")


async def check_import(tools: NodeTools, handler_path: str, limits: Limits) -> None:
    """Import the bundle as a runtime would: nothing can be written, no network."""
    bench, bundle = tools.bench, replace(tools.bundle, writable=False)
    await bench.log(f"Importing {handler_path}.")
    program = f"{bench.place(bundle)}/{Path(BUNDLE).name}"
    outcome = await bench.run(
        [*tools.command("node_import_check.mjs", limits), program, handler_path],
        mounts=[bench.code, bundle, tools.programs, *tools.node.mounts],
        directory=bench.place(bench.code),
        limits=limits,
        variables=tools.variables(),
    )
    _refuse(outcome, limits, f"{handler_path} does not import")


def _refuse(outcome: Outcome, limits: Limits, what: str) -> None:
    """Raise ``BuildFailed`` unless the step reported that nothing is wrong."""
    if stopped := limit_reached(outcome, limits):
        raise BuildFailed(f"{what}: {stopped}.")
    if not outcome.reports:
        raise BuildFailed(f"{what}: {_ended(outcome)}.")
    if reason := reported_reason(outcome.reports[-1]):
        raise BuildFailed(sentence(reason))


def _ended(outcome: Outcome) -> str:
    if any("out of memory" in line for line in outcome.last_lines):
        return "it needs more memory than a build may use"
    if outcome.exit_code == WAITS_FOR_EVER:
        return "it waits at its top level for something that never comes"
    return f"it ended its own process {exit_of(outcome)}"
