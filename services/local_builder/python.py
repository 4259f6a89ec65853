"""Building a Python app: an environment, its dependencies, and a handler that imports."""

from __future__ import annotations

import json
from dataclasses import replace

from services.builder import BuildFailed
from services.local_builder.requirements import Requirements, read_requirements
from services.local_builder.workbench import Workbench
from services.sandbox import Limits, Mount, Outcome, Stopped, open_gate
from services.sandbox.interpreter import VERSION
from services.sandbox.limits import GIB


async def build_python(
    bench: Workbench, handler_path: str, *, install: Limits, check: Limits
) -> None:
    """Leave a whole environment on the bench, or raise ``BuildFailed``."""
    requirements = read_requirements(bench.code.source, python=bench.python)
    await make_environment(bench, install)
    if requirements:
        await install_requirements(bench, requirements, install)
    else:
        await bench.log("No requirements.txt and no project in pyproject.toml: nothing to install.")
    await check_import(bench, handler_path, requirements, check)


async def make_environment(bench: Workbench, limits: Limits) -> None:
    await bench.log(f"Making a Python {VERSION} environment.")
    command = ["venv", "--quiet", "--no-config", "--allow-existing", "--relocatable"]
    outcome = await bench.run(
        [bench.place(bench.uv), *command, "--prompt", "app", bench.place(bench.environment)],
        mounts=[bench.uv, bench.cache, bench.environment],
        directory=bench.place(bench.temporary),
        limits=limits,
        variables=bench.uv_variables(),
    )
    if outcome.stopped or outcome.exit_code:
        raise BuildFailed(f"No Python environment could be made: {why(outcome, limits)}.")


async def install_requirements(
    bench: Workbench, requirements: Requirements, limits: Limits
) -> None:
    """The one step with a network, through a gate that never leads back to this machine."""
    await bench.log(f"Installing what {requirements.name} asks for.")
    gate = bench.area.root / "gate.sock"
    certificates = bench.registry.certificates
    async with open_gate(gate, log=bench.log):
        outcome = await bench.run(
            [bench.place(bench.uv), *requirements.install],
            mounts=[
                *(bench.uv, bench.cache, bench.environment, bench.scratch),
                *([certificates] if certificates else []),
            ],
            directory=bench.place(bench.scratch),
            limits=limits,
            variables=bench.uv_variables(),
            gate=gate,
        )
    if outcome.stopped or outcome.exit_code:
        raise BuildFailed(
            f"What {requirements.name} asks for could not be installed: {why(outcome, limits)}."
        )


async def check_import(
    bench: Workbench, handler_path: str, requirements: Requirements | None, limits: Limits
) -> None:
    """Import the handler as a runtime would: nothing can be written, no network."""
    await bench.log(f"Importing {handler_path}.")
    name = requirements.name if requirements else "requirements.txt"
    outcome = await bench.run(
        [bench.python, "-P", *map(bench.place, (bench.check, bench.code)), handler_path, name],
        mounts=[bench.code, read_only(bench.environment), bench.check],
        directory=bench.place(bench.code),
        limits=limits,
        variables={},
    )
    if outcome.stopped:
        raise BuildFailed(f"{handler_path} does not import: {why(outcome, limits)}.")
    if not outcome.reports:
        raise BuildFailed(
            f"{handler_path} does not import: it ended its own process {how(outcome)}."
        )
    reason = reported_reason(outcome.reports[-1])
    if reason:
        raise BuildFailed(reason if reason.endswith("?") else f"{reason}.")


def why(outcome: Outcome, limits: Limits) -> str:
    """What stopped a command, or what uv says went wrong, as the end of a sentence."""
    match outcome.stopped:
        case Stopped.TIME:
            return f"it took longer than {limits.seconds or 0:g} seconds"
        case Stopped.MEMORY:
            return f"it needs more than {limits.memory / GIB:.2g} GiB of memory"
        case Stopped.PROCESSES:
            return f"it started {limits.processes} processes or more"
        case Stopped.DISK:
            return f"it wrote more than {limits.disk / GIB:.2g} GiB"
        case None:
            return error_of(outcome) or how(outcome)


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


def how(outcome: Outcome) -> str:
    if outcome.exit_code > 128:
        return f"with signal {outcome.exit_code - 128}"
    return f"with exit status {outcome.exit_code}"


def reported_reason(report: str) -> str:
    """What the check says; a handler can forge it, but only into a failure of its own."""
    try:
        return str(json.loads(report)["reason"] or "")
    except (ValueError, KeyError, TypeError):
        return "the import check was disturbed by the handler"


def read_only(mount: Mount) -> Mount:
    return replace(mount, writable=False)
