"""Building a Python app: an environment, its dependencies, and a handler that imports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from services.builder import BuildFailed
from services.local_builder.endings import exit_of, limit_reached, reported_reason, sentence
from services.local_builder.python_tools import PythonTools, lay_out_python
from services.local_builder.registry import Registry
from services.local_builder.requirements import Requirements, read_requirements
from services.local_builder.workbench import Workbench
from services.sandbox import Limits, Mount, Outcome, open_gate
from services.sandbox.interpreter import VERSION


async def build_python(
    bench: Workbench, handler_path: str, *, registry: Registry, install: Limits, check: Limits
) -> Mapping[str, Path]:
    """The parts of the artifact, with a whole environment among them, or ``BuildFailed``."""
    tools = await asyncio.to_thread(lay_out_python, bench, registry)
    requirements = read_requirements(bench.code.source, python=tools.python)
    await make_environment(tools, install)
    if requirements:
        await install_requirements(tools, requirements, install)
    else:
        await bench.log("No requirements.txt and no project in pyproject.toml: nothing to install.")
    await check_import(tools, handler_path, requirements, check)
    return {"code": bench.code.source, "venv": tools.environment.source}


async def make_environment(tools: PythonTools, limits: Limits) -> None:
    bench = tools.bench
    await bench.log(f"Making a Python {VERSION} environment.")
    command = ["venv", "--quiet", "--no-config", "--allow-existing", "--relocatable"]
    outcome = await bench.run(
        [bench.place(tools.uv), *command, "--prompt", "app", bench.place(tools.environment)],
        mounts=[tools.uv, bench.cache, tools.environment],
        directory=bench.place(bench.temporary),
        limits=limits,
        variables=tools.uv_variables(),
    )
    if outcome.stopped or outcome.exit_code:
        raise BuildFailed(f"No Python environment could be made: {why(outcome, limits)}.")


async def install_requirements(
    tools: PythonTools, requirements: Requirements, limits: Limits
) -> None:
    """The one step with a network, through a gate that never leads back to this machine."""
    bench, certificates = tools.bench, tools.registry.certificates
    await bench.log(f"Installing what {requirements.name} asks for.")
    gate = bench.area.root / "gate.sock"
    async with open_gate(gate, log=bench.log):
        outcome = await bench.run(
            [bench.place(tools.uv), *requirements.install],
            mounts=[
                *(tools.uv, bench.cache, tools.environment, bench.scratch),
                *([certificates] if certificates else []),
            ],
            directory=bench.place(bench.scratch),
            limits=limits,
            variables=tools.uv_variables(),
            gate=gate,
        )
    if outcome.stopped or outcome.exit_code:
        raise BuildFailed(
            f"What {requirements.name} asks for could not be installed: {why(outcome, limits)}."
        )


async def check_import(
    tools: PythonTools, handler_path: str, requirements: Requirements | None, limits: Limits
) -> None:
    """Import the handler as a runtime would: nothing can be written, no network."""
    bench = tools.bench
    await bench.log(f"Importing {handler_path}.")
    name = requirements.name if requirements else "requirements.txt"
    outcome = await bench.run(
        [tools.python, "-P", *map(bench.place, (tools.check, bench.code)), handler_path, name],
        mounts=[bench.code, read_only(tools.environment), tools.check],
        directory=bench.place(bench.code),
        limits=limits,
        variables=tools.variables(),
    )
    if outcome.stopped:
        raise BuildFailed(f"{handler_path} does not import: {why(outcome, limits)}.")
    if not outcome.reports:
        raise BuildFailed(
            f"{handler_path} does not import: it ended its own process {exit_of(outcome)}."
        )
    if reason := reported_reason(outcome.reports[-1]):
        raise BuildFailed(sentence(reason))


def why(outcome: Outcome, limits: Limits) -> str:
    """What stopped a command, or what uv says went wrong, as the end of a sentence."""
    return limit_reached(outcome, limits) or error_of(outcome) or exit_of(outcome)


def error_of(outcome: Outcome) -> str:
    """uv's last error and its cause, from ``error: …`` and ``  cause: …``."""
    found = ""
    for line in outcome.last_lines:
        label, _, text = line.strip().partition(": ")
        if label == "error":
            found = text
        elif label == "cause" and found:
            found = f"{found}: {text}"
    return found.rstrip(".")


def read_only(mount: Mount) -> Mount:
    return replace(mount, writable=False)
