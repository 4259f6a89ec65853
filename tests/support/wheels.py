"""The wheel: built, opened, and installed where there is no node."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import anyio

ROOT = Path(__file__).parents[2]
LARGEST = 6_500_000  # the dashboard and GraphiQL have 5 MB of it, the REST page the rest
PAGES = ("pinmark/static/app", "pinmark/static/graphiql")
DOCUMENTS = "pinmark/static/documents.json"
ASSET = re.compile(rb'(?:src|href)="/?(?:graphiql/)?(assets/[^"]+)"')
NODE = frozenset({"node", "nodejs", "npm", "npx", "corepack"})


async def build_wheel(into: Path) -> Path:
    """Build it as any builder does, by the hook that brings the front end."""
    await anyio.run_process(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)],
        cwd=ROOT,
    )
    return _only_wheel(into)


def _only_wheel(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def faults_of(wheel: Path) -> list[str]:
    """What a browser would miss in it, and what is too much; none in a good one."""
    faults = [f"{wheel.name} is larger than 6.5 MB"] if wheel.stat().st_size > LARGEST else []
    with ZipFile(wheel) as archive:
        return faults + list(_missing(archive, frozenset(archive.namelist())))


def _missing(archive: ZipFile, names: frozenset[str]) -> Iterator[str]:
    if DOCUMENTS not in names:
        yield f"{DOCUMENTS} is missing"
    for folder in PAGES:
        page = f"{folder}/index.html"
        if page not in names:
            yield f"{page} is missing"
            continue
        assets = [name.decode() for name in ASSET.findall(archive.read(page))]
        if not any(name.endswith(".js") for name in assets):
            yield f"{page} loads no script"
        for name in assets:
            for file in (f"{folder}/{name}", f"{folder}/{name}.br"):
                if file not in names:
                    yield f"{file} is missing"


async def install(wheel: Path, into: Path) -> Path:
    """Install it with the locked packages and nothing else; the command that it brings."""
    uv = str(Path(sys.executable).with_name("uv"))
    python = str(into / "bin" / "python")
    await anyio.run_process([uv, "venv", "--quiet", "--python", sys.executable, str(into)])
    for what in (
        ["--require-hashes", "--requirements", str(ROOT / "requirements.lock")],
        ["--no-deps", str(wheel)],
    ):
        await anyio.run_process([uv, "pip", "install", "--quiet", "--python", python, *what])
    return into / "bin" / "pinmark"


def programs_without_node(into: Path) -> Path:
    """A folder with a link to every program of the PATH but node and what comes with it."""
    into.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).iterdir() if Path(folder).is_dir() else ():
            link = into / program.name
            if program.name not in NODE and not link.is_symlink():
                link.symlink_to(program)
    return into


if __name__ == "__main__":
    found = [fault for name in sys.argv[1:] for fault in faults_of(Path(name))]
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    sys.exit(1 if found else 0)
