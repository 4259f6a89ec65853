"""Running what we did not write: confined, limited, watched, and gone when it is over.

A ``Step`` is run in an ``Area`` (its only place on disk) by a ``Sandbox`` (what works on this
machine). Nothing of the server gets in: no variable, no file outside the mounts, no network but
through an open gate, which never leads back to this machine.
"""

from services.sandbox.area import Area, open_area, remove_tree
from services.sandbox.bubblewrap import Mount
from services.sandbox.find import SandboxUnavailable, find_sandbox
from services.sandbox.gate import open_gate
from services.sandbox.identity import reachable, unprivileged_uid
from services.sandbox.interpreter import Interpreter, find_interpreter
from services.sandbox.limits import GIB, MIB, Limits, Stopped
from services.sandbox.masking import masking
from services.sandbox.run import SandboxBroken, run
from services.sandbox.sandbox import Sandbox
from services.sandbox.step import Outcome, Step
from services.sandbox.unbroken import unbroken

__all__ = [
    "GIB",
    "MIB",
    "Area",
    "Interpreter",
    "Limits",
    "Mount",
    "Outcome",
    "Sandbox",
    "SandboxBroken",
    "SandboxUnavailable",
    "Step",
    "Stopped",
    "find_interpreter",
    "find_sandbox",
    "masking",
    "open_area",
    "open_gate",
    "reachable",
    "remove_tree",
    "run",
    "unbroken",
    "unprivileged_uid",
]
