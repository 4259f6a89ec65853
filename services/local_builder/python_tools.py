"""What a Python build needs beside its code: uv, an environment, and where packages come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import uv

from services.local_builder.registry import CERTIFICATE_VARIABLES, Registry
from services.local_builder.workbench import PATH, ROOT, Workbench
from services.sandbox import Mount

CHECK = Path(__file__).with_name("import_check.py")


@dataclass(frozen=True, kw_only=True)
class PythonTools:
    """Laid out on a workbench; ``python`` is the environment's own, once that is made."""

    bench: Workbench
    registry: Registry
    uv: Mount
    environment: Mount
    check: Mount

    @property
    def python(self) -> str:
        return f"{self.bench.place(self.environment)}/bin/python"

    def variables(self) -> dict[str, str]:
        """What whoever runs in the environment sees."""
        environment = self.bench.place(self.environment)
        return {
            "PATH": f"{environment}/bin:{PATH}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "VIRTUAL_ENV": environment,
        }

    def uv_variables(self) -> dict[str, str]:
        """How uv is kept to this Python, this environment and this cache."""
        place = self.bench.place
        variables = {
            **self.variables(),
            **self.registry.variables,
            "UV_CACHE_DIR": place(self.bench.cache),
            "UV_LINK_MODE": "copy",  # no link crosses from one mount to another
            "UV_NO_PROGRESS": "1",
            "UV_PROJECT_ENVIRONMENT": place(self.environment),
            "UV_PYTHON": str(self.bench.sandbox.interpreter.executable),
            "UV_PYTHON_DOWNLOADS": "never",
        }
        if certificates := self.registry.certificates:
            variables |= dict.fromkeys(CERTIFICATE_VARIABLES, place(certificates))
        return variables


def lay_out_python(bench: Workbench, registry: Registry) -> PythonTools:
    """Make the places of a Python build in the working area."""
    environment = bench.area.directory("app/venv", writable=True)
    if certificates := registry.certificates:
        usable = bench.usable(certificates.source, mode=0o644)
        registry = replace(registry, certificates=replace(certificates, source=usable))
    uv_binary = bench.usable(Path(uv.find_uv_bin()).resolve(), mode=0o755)
    check = bench.area.file("import_check.py", CHECK.read_text())
    return PythonTools(
        bench=bench,
        registry=registry,
        uv=Mount(source=uv_binary, target="/run/pinmark/uv"),
        environment=Mount(source=environment, target=f"{ROOT}/venv", writable=True),
        check=Mount(source=check, target="/run/pinmark/import_check.py"),
    )
