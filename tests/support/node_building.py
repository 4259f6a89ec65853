"""Building Node apps in tests, and running what was built as a runtime would."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.builder import Build
from services.local_builder import BUNDLE, find_node, unpack
from services.sandbox import Limits
from tests.support.building import SEVERAL_SECONDS, Bench

HANDLER = "export default (event: { type: string }) => event;\n"
MS_HASH = (
    "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq"
    "/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=="
)
USES_MS = 'import ms from "ms";\n\nexport default () => ms("2 days");\n'
CALL = """
const [bundle, event] = process.argv.slice(1);
const { default: handler } = await import(bundle);
console.log(JSON.stringify(await handler(JSON.parse(event))));
"""


async def build_node(
    bench: Bench,
    files: Mapping[str, str],
    *,
    handler_path: str = "handler.ts",
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    check_limits: Limits = SEVERAL_SECONDS,
) -> Build:
    return await bench.build(
        files,
        handler_path=handler_path,
        language="node",
        variables=variables,
        environment=environment,
        check_limits=check_limits,
    )


def asking_for_ms(integrity: str = MS_HASH, **project: Any) -> dict[str, str]:
    """A package.json with one dependency, and its lock file without any address."""
    wanted = {"name": "app", "dependencies": {"ms": "2.1.3"}}
    packages = {"": wanted, "node_modules/ms": {"version": "2.1.3", "integrity": integrity}}
    lock = {"name": "app", "lockfileVersion": 3, "requires": True, "packages": packages}
    return {"package.json": json.dumps(wanted | project), "package-lock.json": json.dumps(lock)}


def answer_of(build: Build, into: Path, *, event: Mapping[str, Any]) -> Any:
    """What the handler of an artifact answers, unpacked at a place of its own."""
    unpack(build.artifact, into)
    node = find_node(os.environ).executable
    said = subprocess.run(
        [
            *(node, "--input-type=module", "--enable-source-maps", "--eval", CALL),
            *(into / BUNDLE, json.dumps(event)),
        ],
        cwd=into / "code",
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    return json.loads(said.stdout)
