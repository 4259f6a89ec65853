"""Imports a handler in its own environment and reports what happened. Runs inside the sandbox.

Runs alone, as a program: ``import_check.py CODE HANDLER REQUIREMENTS``. The outcome goes to the
supervisor as one JSON line behind the mark; a process that ends without one did not import.

How a handler is imported, here and wherever it is run: as ``package.module`` when every directory
above it is a package, else by its file's name. The code's root and, for the second kind, the
handler's own directory are first on the path.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

REASON_LENGTH = 500


def main() -> None:
    mark = os.environ.pop("PINMARK_REPORT_MARK")
    out = os.dup(1)  # whatever the handler does to the standard streams
    code, handler_path, requirements = sys.argv[1:]
    reason = why_not(Path(code), handler_path, requirements)
    sys.stdout.flush()
    sys.stderr.flush()
    # The first mark ends whatever line the handler has left unfinished.
    os.write(out, f"{mark}\n{mark}{json.dumps({'reason': reason})}\n".encode())
    os._exit(0)  # threads the handler has started must not keep the check waiting


def why_not(code: Path, handler_path: str, requirements: str) -> str | None:
    """In words why the handler cannot serve; None when it can."""
    sys.argv = [str(code / handler_path)]
    try:
        module = import_handler(code, handler_path)
    except BaseException as error:  # also SystemExit: a handler must survive its own import
        print_where(error, code)
        return f"{handler_path} does not import: {describe(error)}{hint(error, requirements)}"
    if not hasattr(module, "handler"):
        return f"{handler_path} has no function named 'handler'"
    if not callable(module.handler):
        return f"'handler' in {handler_path} is not callable"
    return None


def import_handler(code: Path, handler_path: str) -> ModuleType:
    file = code / handler_path
    sys.path.insert(0, str(code))
    *parents, name = Path(handler_path).with_suffix("").parts
    packages = [code.joinpath(*parents[: depth + 1]) for depth in range(len(parents))]
    if name.isidentifier() and all((package / "__init__.py").is_file() for package in packages):
        if packages:
            return importlib.import_module(".".join([*parents, name]))
    elif packages:
        sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def describe(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "MemoryError, it needs more memory than a build may use"
    try:
        text = str(error).partition("\n")[0][:REASON_LENGTH]
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def hint(error: BaseException, requirements: str) -> str:
    if not isinstance(error, ModuleNotFoundError):
        return ""
    return f" — is it in {requirements}?"


def print_where(error: BaseException, code: Path) -> None:
    """The traceback from the first line that is the app's own."""
    first = error.__traceback__
    while first and not first.tb_frame.f_code.co_filename.startswith(f"{code}{os.sep}"):
        first = first.tb_next
    traceback.print_exception(type(error), error, first)


if __name__ == "__main__":
    main()
